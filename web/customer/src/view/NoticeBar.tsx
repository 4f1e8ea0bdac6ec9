/** One sentence about something that did not go as the customer may expect; it stays until dismissed. */
import type { App } from "../model/app";
import type { Notice } from "../model/state";
import { t } from "../words";
import { Icon } from "./Icon";

export function NoticeBar({ app, notice }: { app: App; notice: Notice | null }) {
  if (!notice) return null;
  return (
    <div class={`notice ${notice.kind}`} role={notice.kind === "problem" ? "alert" : "status"}>
      <span>{notice.text}</span>
      <button type="button" class="round" onClick={() => app.store.patch({ notice: null })}>
        <Icon name="close" size={18} />
        <span class="hidden">{t("dismiss")}</span>
      </button>
    </div>
  );
}
