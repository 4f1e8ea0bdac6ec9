/** The top of a conversation: the way back, who is there, and the way to end it. */
import type { CustomerConversation } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";
import { EndQuestion } from "./EndQuestion";
import { Icon } from "./Icon";

interface Props {
  app: App;
  conversation: CustomerConversation;
}

export function ConversationBar({ app, conversation }: Props) {
  const [asking, setAsking] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const asks = useRef<HTMLButtonElement>(null);
  const live = conversation.status === "waiting" && !conversation.waiting?.is_message;
  useEffect(() => {
    const { visible, quietly } = app.store.state;
    if (visible && !quietly && window.matchMedia("(pointer: coarse)").matches)
      heading.current?.focus({ preventScroll: true });
  }, [app]);
  const done = () => {
    setAsking(false);
    // The button that asked may be gone with the conversation; what has become of it stands in the heading.
    requestAnimationFrame(() => (asks.current ?? heading.current)?.focus({ preventScroll: true }));
  };
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
            ref={asks}
            aria-expanded={asking}
            onClick={() => setAsking(!asking)}
          >
            {t(live ? "leave.ask" : "end.ask")}
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
        <EndQuestion app={app} conversation={conversation} done={done} />
      )}
    </>
  );
}

function standing(conversation: CustomerConversation): string {
  if (conversation.status === "closed") return t("standing.closed");
  if (conversation.status === "waiting")
    return t(conversation.waiting?.is_message ? "standing.message" : "standing.waiting", {
      department: conversation.department.name,
    });
  return t("standing.active", { department: conversation.department.name });
}
