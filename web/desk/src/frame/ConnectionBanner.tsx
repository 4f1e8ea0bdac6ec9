/**
 * Says when the live line is down, and that nothing typed is lost meanwhile.
 *
 * The first moments of a page and short stumbles are not worth a banner: it waits two seconds.
 */
import { useEffect, useState } from "react";
import { useDesk } from "../live/DeskLine";
import { useStore } from "../live/store";
import { useWords } from "../words/words";
import css from "./ConnectionBanner.module.css";
import { Icon } from "./Icon";

const PATIENCE = 2_000;

export function ConnectionBanner() {
  const { t } = useWords();
  const desk = useDesk();
  const up = useStore(desk.status) === "open";
  const waiting = useStore(desk.outbox).filter((message) => message.state === "sending").length;
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (up) return;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [up]);
  return (
    <div role="status" aria-live="polite">
      {late && !up && (
        <p className={css.banner}>
          <Icon name="offline" />
          <span>
            {t("line.lost")}
            {waiting > 0 && <span className={css.unsent}>{t("line.unsent", { n: waiting })}</span>}
          </span>
        </p>
      )}
    </div>
  );
}
