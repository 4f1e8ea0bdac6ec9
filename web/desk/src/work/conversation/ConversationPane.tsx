/**
 * One conversation: its head, its timeline, and where one answers.
 *
 * While it is open the socket follows it; the pictures and files one pastes or drops anywhere on it are attached.
 */
import { type DragEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Icon } from "../../frame/Icon";
import { Loading, Nothing, Trouble } from "../../frame/States";
import { useLooking } from "../../live/colleagues";
import { useDesk } from "../../live/DeskLine";
import type { Width } from "../../look/useWidth";
import { Refused } from "../../server/http";
import { useSeenMentions } from "../../server/mentions";
import { useConversation, useTimeline } from "../../server/queries";
import type { Conversation, Me } from "../../server/shapes";
import { useWords } from "../../words/words";
import { ColleaguesLine } from "./ColleaguesLine";
import { Composer } from "./Composer";
import { ConversationHead } from "./ConversationHead";
import css from "./ConversationPane.module.css";
import { HandedOver } from "./HandedOver";
import { TimelineView } from "./TimelineView";

export interface PaneProps {
  me: Me;
  width: Width;
  /** Has the keyboard, and is what one reads; those beside it only stand there. */
  current: boolean;
  /** One of several in sight: there is less room for each. */
  narrow: boolean;
  /** What one may do with its place on the desk. */
  place: ReactNode;
}

export function ConversationPane({ id, ...props }: PaneProps & { id: string }) {
  const { t } = useWords();
  const conversation = useConversation(id);
  const timeline = useTimeline(id);
  useFollow(id, timeline.isSuccess);
  useLooking(id, timeline.isSuccess);
  useSeenMentions(id, props.current);
  if (conversation.error instanceof Refused && conversation.error.status === 404)
    return (
      <Nothing icon="message" title={t("conversation.gone")} hint={t("conversation.gone.hint")}>
        {props.place}
      </Nothing>
    );
  const failed = (conversation.isError && !conversation.data) || (timeline.isError && !timeline.data);
  if (failed)
    return (
      <Trouble
        error={conversation.error ?? timeline.error}
        again={() => {
          void conversation.refetch();
          void timeline.refetch();
        }}
      />
    );
  if (!conversation.data || !timeline.data) return <Loading />;
  return <Open conversation={conversation.data} {...props} />;
}

function useFollow(id: string, loaded: boolean) {
  const desk = useDesk();
  useEffect(() => {
    if (!loaded) return;
    desk.watch(id);
    return () => desk.unwatch(id);
  }, [desk, id, loaded]);
}

function Open({ conversation, ...props }: PaneProps & { conversation: Conversation }) {
  const { t } = useWords();
  const { current, me } = props;
  const pane = useRef<HTMLElement>(null);
  useArrival(pane, current);
  const { trays } = useDesk();
  const add = (files: File[]) => trays.add(conversation.id, files);
  const writes = Boolean(conversation.can.reply || conversation.can.note);
  const { over, ...drops } = useDrop(writes, add);
  return (
    <section
      ref={pane}
      className={css.pane}
      tabIndex={-1}
      data-pane
      aria-label={t("conversation.label", { name: conversation.customer.label })}
      {...drops}
    >
      <ConversationHead conversation={conversation} {...props} />
      <HandedOver conversation={conversation} />
      <TimelineView conversation={conversation} me={me} current={current} />
      <ColleaguesLine id={conversation.id} />
      <Composer conversation={conversation} current={current} />
      {over && (
        <div className={css.drop} aria-hidden>
          <Icon name="paperclip" size={28} />
          {t("composer.drop")}
        </div>
      )}
    </section>
  );
}

/** Whoever comes here while the focus is in the conversation beside it brings the focus along. */
function useArrival(pane: RefObject<HTMLElement | null>, current: boolean): void {
  useEffect(() => {
    const from = current && document.activeElement?.closest("[data-pane]");
    if (from && from !== pane.current) pane.current?.focus({ preventScroll: true });
  }, [pane, current]);
}

function useDrop(allowed: boolean, add: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  const carries = (event: DragEvent) => allowed && event.dataTransfer.types.includes("Files");
  return {
    over,
    onDragOver: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (!carries(event)) return;
      event.preventDefault();
      add([...event.dataTransfer.files]);
    },
  };
}
