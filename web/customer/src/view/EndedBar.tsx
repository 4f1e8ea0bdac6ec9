/** Under a conversation that has ended: go on with it, or begin a new one. */
import type { CustomerConversation } from "@mashang/protocol";
import { useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { t } from "../words";

export function EndedBar({ app, conversation }: { app: App; conversation: CustomerConversation }) {
  const [busy, setBusy] = useState(false);
  const goOn = async () => {
    setBusy(true);
    try {
      await app.talks.resume(conversation.id);
    } catch (error) {
      const text = error instanceof Refused ? error.message : t("start.unreachable");
      app.store.patch({ notice: { kind: "problem", text } });
      setBusy(false);
    }
  };
  return (
    <footer class="ended">
      <p>{t("ended.words")}</p>
      <div class="pair">
        <button type="button" class="action quiet-action" onClick={() => app.show(null)}>
          {t("ended.another")}
        </button>
        <button type="button" class="action" disabled={busy} onClick={() => void goOn()}>
          {t("ended.go_on")}
        </button>
      </div>
    </footer>
  );
}
