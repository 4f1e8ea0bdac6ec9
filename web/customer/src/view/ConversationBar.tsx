/** The top of a conversation: the way back, who is there, the way to end it, and what is done now and then. */
import type { CustomerConversation } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";
import { CopyCode } from "./CopyCode";
import { Icon } from "./Icon";
import { More } from "./More";

interface Props {
  app: App;
  conversation: CustomerConversation;
}

type Opened = "end" | "more" | null;

export function ConversationBar({ app, conversation }: Props) {
  const [opened, open] = useState<Opened>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const asks = useRef<HTMLButtonElement>(null);
  const mores = useRef<HTMLButtonElement>(null);
  const live = conversation.status === "waiting" && !conversation.waiting?.is_message;
  const closed = conversation.status === "closed";
  const assisted = conversation.status === "assisted";
  const served = assisted || conversation.status === "active";
  useEffect(() => {
    const { visible, quietly } = app.store.state;
    if (visible && !quietly && window.matchMedia("(pointer: coarse)").matches)
      heading.current?.focus({ preventScroll: true });
  }, [app]);
  const close = () => {
    const button = opened === "more" ? mores : asks;
    open(null);
    // The button that asked may be gone with the conversation; what has become of it stands in the heading.
    requestAnimationFrame(() => (button.current ?? heading.current)?.focus({ preventScroll: true }));
  };
  const toggle = (what: Opened) => open(opened === what ? null : what);
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
            {served && <Icon name={assisted ? "assistant" : "headset"} size={20} />}
            {assisted
              ? (app.store.state.assistant ?? t("assistant"))
              : (conversation.agent?.name ?? conversation.topic?.name ?? t("start.person"))}
          </h1>
          <p class={`presence ${conversation.status}`}>{standing(conversation)}</p>
        </div>
        {conversation.topic && <CopyCode code={conversation.topic.code} />}
        {!closed && (
          <button
            type="button"
            class="small-action"
            ref={asks}
            aria-expanded={opened === "end"}
            onClick={() => toggle("end")}
          >
            {t(live ? "leave.ask" : "end.ask")}
          </button>
        )}
        <button
          type="button"
          class="round"
          ref={mores}
          aria-expanded={opened === "more"}
          onClick={() => toggle("more")}
        >
          <Icon name="more" />
          <span class="hidden">{t("more")}</span>
        </button>
        {app.host.folds && (
          <button type="button" class="round" onClick={() => app.host.say({ type: "minimise" })}>
            <Icon name="fold" />
            <span class="hidden">{t("fold")}</span>
          </button>
        )}
      </div>
      {opened === "end" && !closed && (
        <More app={app} close={close}>
          {({ EndQuestion }) => <EndQuestion app={app} conversation={conversation} done={close} />}
        </More>
      )}
      {opened === "more" && (
        <More app={app} close={close}>
          {({ MorePanel }) => (
            <MorePanel
              app={app}
              conversation={conversation}
              times={continuations(app, conversation.id)}
              close={close}
            />
          )}
        </More>
      )}
    </>
  );
}

/** How often it was continued elsewhere. */
function continuations(app: App, conversation: string): number {
  const entries = app.store.state.talks[conversation]?.entries ?? [];
  return entries.filter((entry) => entry.event?.name === "continued").length;
}

function standing(conversation: CustomerConversation): string {
  if (conversation.status === "closed") return t("standing.closed");
  if (conversation.status === "assisted") return t("standing.assisted");
  if (conversation.status === "waiting")
    return t(conversation.waiting?.is_message ? "standing.message" : "standing.waiting", {
      department: conversation.department.name,
    });
  return t("standing.active", { department: conversation.department.name });
}
