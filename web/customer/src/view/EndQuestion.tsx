/**
 * Before a conversation ends: is it meant? Whoever still waits is told what becomes of the place, and of another way.
 */
import type { CustomerConversation } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { more } from "./more_words";

interface Props {
  app: App;
  conversation: CustomerConversation;
  done: () => void;
}

export function EndQuestion({ app, conversation, done }: Props) {
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const waits = conversation.status === "waiting" && !conversation.waiting?.is_message;
  const question = questionFor(conversation);
  const go = async (verb: (id: string) => Promise<void>) => {
    setBusy(true);
    await app.attempt(() => verb(conversation.id));
    done();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    done();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="question" role="group" aria-label={question} onKeyDown={onKey}>
      <p>{question}</p>
      <div class="choices">
        <button type="button" class="action quiet-action" ref={first} onClick={done}>
          {more(waits ? "leave.stay" : "end.stay")}
        </button>
        {waits && (
          <button
            type="button"
            class="action quiet-action"
            disabled={busy}
            onClick={() => void go((id) => app.talks.leaveMessage(id))}
          >
            {more("leave.message")}
          </button>
        )}
        <button
          type="button"
          class="action"
          disabled={busy}
          onClick={() => void go((id) => app.talks.end(id))}
        >
          {more(waits ? "leave.do" : "end.do")}
        </button>
      </div>
    </div>
  );
}

function questionFor({ status, waiting }: CustomerConversation): string {
  if (status !== "waiting") return more("end.question");
  return more(waiting?.is_message ? "end.question_message" : "leave.question");
}
