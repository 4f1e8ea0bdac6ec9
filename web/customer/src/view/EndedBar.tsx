/** Under a conversation that has ended, or whose customer left the queue: go on with it, or begin a new one. */
import type { CustomerConversation } from "@mashang/protocol";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";
import { timeOf } from "./moments";

export function EndedBar({ app, conversation }: { app: App; conversation: CustomerConversation }) {
  const [busy, setBusy] = useState(false);
  const kept = useKept(conversation.place_until);
  const goOn = async () => {
    setBusy(true);
    if (!(await app.attempt(() => app.talks.resume(conversation.id)))) setBusy(false);
  };
  return (
    <footer class="ended">
      <p>{words(conversation, kept)}</p>
      <div class="pair">
        <button type="button" class="action quiet-action" onClick={() => app.show(null)}>
          {t("ended.another")}
        </button>
        <button type="button" class="action" disabled={busy} onClick={() => void goOn()}>
          {t(conversation.place_until ? "left.return" : "ended.go_on")}
        </button>
      </div>
    </footer>
  );
}

function words({ place_until }: CustomerConversation, kept: boolean): string {
  if (!place_until) return t("ended.words");
  return kept ? t("left.kept", { time: timeOf(place_until) }) : t("left.new");
}

/** Whether the place is still kept; the sentence changes when it no longer is. */
function useKept(until: string | null | undefined): boolean {
  const left = until ? Date.parse(until) - Date.now() : 0;
  const [, look] = useState(0);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => look((times) => times + 1), left);
    return () => clearTimeout(timer);
  }, [until]);
  return left > 0;
}
