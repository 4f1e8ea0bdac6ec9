/**
 * One consultation: who serves it, how long it still takes, what was said, and where to write.
 */
import type { CustomerConversation, Entry } from "@mashang/protocol";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import "../styles/conversation.css";
import "../styles/timeline.css";
import "../styles/said.css";
import "../styles/composer.css";
import type { App } from "../model/app";
import { EMPTY_TALK, type State, type Talk } from "../model/state";
import { t } from "../words";
import { Announced } from "./Announced";
import { Composer } from "./Composer";
import { ConnectionBanner } from "./ConnectionBanner";
import { ConversationBar } from "./ConversationBar";
import { EndedBar } from "./EndedBar";
import { More } from "./More";
import { NoticeBar } from "./NoticeBar";
import { PersonBar } from "./PersonBar";
import type { Viewed } from "./PictureViewer";
import { Proving } from "./Proving";
import { QueueCard } from "./QueueCard";
import { Timeline } from "./Timeline";

interface Props {
  app: App;
  state: State;
  conversation: CustomerConversation;
}

export function ConversationPage({ app, state, conversation }: Props) {
  const [viewed, setViewed] = useState<Viewed | null>(null);
  const [dropping, drop] = useDropping(app, conversation);
  const talk = state.talks[conversation.id] ?? EMPTY_TALK;
  const unsent = state.unsent.filter((message) => message.conversation === conversation.id);
  const closed = conversation.status === "closed";
  const stopViewing = useCallback(() => setViewed(null), []);
  useReadMark(app, state, conversation.id);
  return (
    <div class="conversation" {...drop}>
      <header>
        <ConversationBar app={app} conversation={conversation} />
        <ConnectionBanner line={state.line} retry={() => app.reconnect()} />
        <Announced app={app} state={state} />
        <NoticeBar app={app} notice={state.notice} />
        <Proving
          app={app}
          state={state}
          order={wantsProof(conversation, talk) ? (conversation.order_number ?? "") : null}
        />
      </header>
      {conversation.status === "waiting" && (
        <QueueCard
          waiting={conversation.waiting ?? null}
          said={unsent.length > 0 || talk.entries.some(isTheirs)}
          leaveMessage={() => void app.attempt(() => app.talks.leaveMessage(conversation.id))}
          comeBack={() => void app.attempt(() => app.talks.comeBack(conversation.id))}
        />
      )}
      <Timeline
        app={app}
        conversation={conversation}
        talk={talk}
        unsent={unsent}
        bottom={conversation.status}
        view={setViewed}
      />
      {conversation.status === "assisted" && <PersonBar app={app} conversation={conversation.id} />}
      {closed ? (
        <EndedBar app={app} conversation={conversation} />
      ) : (
        <Composer
          app={app}
          conversation={conversation.id}
          eager={state.visible && !state.quietly}
          again={state.again}
        />
      )}
      {dropping && <p class="drop-zone">{t("file.drop")}</p>}
      {viewed && (
        <More app={app} close={stopViewing}>
          {({ PictureViewer }) => <PictureViewer app={app} viewed={viewed} close={stopViewing} />}
        </More>
      )}
    </div>
  );
}

function isTheirs(entry: Entry): boolean {
  return entry.author.kind === "customer" && entry.kind !== "event";
}

/** Is there an order or a code in it that somebody could show to be theirs? */
function wantsProof(conversation: CustomerConversation, talk: Talk): boolean {
  if (conversation.order_number) return true;
  return talk.entries.some((entry) => entry.event?.name === "code_noted");
}

/** Whatever is on a visible screen counts as seen. */
function useReadMark(app: App, state: State, conversation: string): void {
  const entries = state.talks[conversation]?.entries;
  useEffect(() => {
    const mark = () => {
      if (state.visible && document.visibilityState === "visible") app.talks.seen(conversation);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [app, conversation, entries, state.visible, state.line]);
}

/** Files dragged over the conversation are sent where they are dropped. */
function useDropping(app: App, conversation: CustomerConversation) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const welcome = (event: DragEvent) =>
    conversation.status !== "closed" && Array.from(event.dataTransfer?.types ?? []).includes("Files");
  const settle = (value: number) => {
    depth.current = Math.max(0, value);
    setOver(depth.current > 0);
  };
  const handlers = {
    onDragEnter: (event: DragEvent) => welcome(event) && settle(depth.current + 1),
    onDragLeave: (event: DragEvent) => welcome(event) && settle(depth.current - 1),
    onDragOver: (event: DragEvent) => welcome(event) && event.preventDefault(),
    onDrop: (event: DragEvent) => {
      if (!welcome(event)) return;
      event.preventDefault();
      settle(0);
      for (const file of Array.from(event.dataTransfer?.files ?? []))
        app.outbox.sendFile(conversation.id, file);
    },
  };
  return [over, handlers] as const;
}
