/**
 * One conversation: its head, its timeline, and where one answers.
 *
 * While it is open the socket follows it; the pictures and files one pastes or drops anywhere on it are attached.
 */
import { type DragEvent, useEffect, useState } from "react";
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
import { TimelineView } from "./TimelineView";

export function ConversationPane({ id, me, width }: { id: string; me: Me; width: Width }) {
  const { t } = useWords();
  const conversation = useConversation(id);
  const timeline = useTimeline(id);
  useFollow(id, timeline.isSuccess);
  useLooking(id, timeline.isSuccess);
  useSeenMentions(id);
  if (conversation.error instanceof Refused && conversation.error.status === 404)
    return <Nothing icon="message" title={t("conversation.gone")} hint={t("conversation.gone.hint")} />;
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
  return <Open conversation={conversation.data} me={me} width={width} />;
}

function useFollow(id: string, loaded: boolean) {
  const desk = useDesk();
  useEffect(() => {
    if (!loaded) return;
    desk.watch(id);
    return () => desk.unwatch(id);
  }, [desk, id, loaded]);
}

function Open({ conversation, me, width }: { conversation: Conversation; me: Me; width: Width }) {
  const { t } = useWords();
  const { trays } = useDesk();
  const add = (files: File[]) => trays.add(conversation.id, files);
  const writes = Boolean(conversation.can.reply || conversation.can.note);
  const { over, ...drops } = useDrop(writes, add);
  return (
    <section
      className={css.pane}
      aria-label={t("conversation.label", { name: conversation.customer.label })}
      {...drops}
    >
      <ConversationHead conversation={conversation} me={me} width={width} />
      <TimelineView conversation={conversation} me={me} />
      <ColleaguesLine id={conversation.id} />
      <Composer conversation={conversation} />
      {over && (
        <div className={css.drop} aria-hidden>
          <Icon name="paperclip" size={28} />
          {t("composer.drop")}
        </div>
      )}
    </section>
  );
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
