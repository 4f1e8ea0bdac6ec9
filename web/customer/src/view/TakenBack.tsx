/** What the customer took back: the sentence in its place, and, on the page that did it, the way to say it better. */
import type { CustomerConversation, Entry } from "@mashang/protocol";
import { useEffect, useRef } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";
import { timeOf } from "./moments";

interface Props {
  app: App;
  conversation: CustomerConversation;
  entry: Entry;
}

export function TakenBack({ app, conversation, entry }: Props) {
  const words = app.talks.takenBack(conversation.id, entry.seq);
  const line = useRef<HTMLParagraphElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // What had the focus is gone with the words.
    if (words !== undefined && document.activeElement === document.body)
      (button.current ?? line.current)?.focus({ preventScroll: true });
  }, []);
  return (
    <p class="event" ref={line} tabIndex={-1}>
      <time dateTime={entry.at}>{timeOf(entry.at)}</time> <span>{t("event.recalled_customer")}</span>
      {words && conversation.status !== "closed" && (
        <button
          type="button"
          class="small-action"
          ref={button}
          onClick={() => app.store.patch({ again: words })}
        >
          {t("said.rewrite")}
        </button>
      )}
    </p>
  );
}
