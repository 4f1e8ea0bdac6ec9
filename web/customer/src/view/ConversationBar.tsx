/** The top of a conversation: the way back, who is there, and the way to end it. */
import type { CustomerConversation } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { t } from "../words";
import { Icon } from "./Icon";

interface Props {
  app: App;
  conversation: CustomerConversation;
}

export function ConversationBar({ app, conversation }: Props) {
  const [asking, setAsking] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { visible, quietly } = app.store.state;
    if (visible && !quietly && window.matchMedia("(pointer: coarse)").matches)
      heading.current?.focus({ preventScroll: true });
  }, [app]);
  const back = () => (app.host.framed ? app.show(null) : history.back());
  return (
    <>
      <div class="bar">
        <button type="button" class="round" onClick={back}>
          <Icon name="back" />
          <span class="hidden">{t("back")}</span>
        </button>
        <div class="bar-words">
          <h1 ref={heading} tabIndex={-1}>
            {conversation.agent?.name ?? conversation.topic?.name ?? t("start.person")}
          </h1>
          <p class={`presence ${conversation.status}`}>{standing(conversation)}</p>
        </div>
        {conversation.status !== "closed" && (
          <button
            type="button"
            class="small-action"
            aria-expanded={asking}
            onClick={() => setAsking(!asking)}
          >
            {t("end.ask")}
          </button>
        )}
        {app.host.framed && (
          <button type="button" class="round" onClick={() => app.host.say({ type: "minimise" })}>
            <Icon name="fold" />
            <span class="hidden">{t("fold")}</span>
          </button>
        )}
      </div>
      {asking && conversation.status !== "closed" && (
        <EndQuestion app={app} conversation={conversation.id} done={() => setAsking(false)} />
      )}
    </>
  );
}

function standing(conversation: CustomerConversation): string {
  if (conversation.status === "closed") return t("standing.closed");
  if (conversation.status === "waiting")
    return t("standing.waiting", { department: conversation.department.name });
  return t("standing.active", { department: conversation.department.name });
}

function EndQuestion({ app, conversation, done }: { app: App; conversation: string; done: () => void }) {
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const end = async () => {
    setBusy(true);
    try {
      await app.talks.end(conversation);
    } catch (error) {
      const text = error instanceof Refused ? error.message : t("start.unreachable");
      app.store.patch({ notice: { kind: "problem", text } });
    }
    done();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    done();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="question" role="group" aria-label={t("end.question")} onKeyDown={onKey}>
      <p>{t("end.question")}</p>
      <div class="pair">
        <button type="button" class="action quiet-action" ref={first} onClick={done}>
          {t("end.stay")}
        </button>
        <button type="button" class="action" disabled={busy} onClick={() => void end()}>
          {t("end.do")}
        </button>
      </div>
    </div>
  );
}
