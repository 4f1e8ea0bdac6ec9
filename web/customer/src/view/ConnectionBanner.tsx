/** Says that the line is down, once it has been for longer than a blink, and what happens to what is written. */

import type { LiveStatus } from "@mashang/protocol/live";
import { useEffect, useState } from "preact/hooks";
import { t } from "../words";

const A_BLINK_MS = 1_500;

export function ConnectionBanner({ line, retry }: { line: LiveStatus; retry: () => void }) {
  const [shown, setShown] = useState(false);
  const down = line !== "open" && line !== "idle";
  useEffect(() => {
    if (!down) return setShown(false);
    const timer = setTimeout(() => setShown(true), A_BLINK_MS);
    return () => clearTimeout(timer);
  }, [down]);
  return (
    <div role="status">
      {shown && (
        <div class="notice offline">
          <span>{t("line.lost")}</span>
          <button type="button" class="small-action" onClick={retry}>
            {t("line.retry")}
          </button>
        </div>
      )}
    </div>
  );
}
