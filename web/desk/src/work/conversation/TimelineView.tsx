/**
 * The timeline of one conversation: what was said and what happened, oldest at the top.
 *
 * It stays at the end while one is there, keeps its place while older entries are put above, and tells the
 * server what was on the screen. The line "new" stands where the staff had read to when the page was opened.
 */
import type { Entry } from "@mashang/protocol";
import { GONE, TOLD } from "@mashang/protocol/recall";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { Icon } from "../../frame/Icon";
import { useDesk, useNow, useTick } from "../../live/DeskLine";
import type { Unsent } from "../../live/outbox";
import { useStore } from "../../live/store";
import { lastSeq } from "../../live/timeline";
import { useOlder, useTimeline } from "../../server/queries";
import type { Conversation, Me } from "../../server/shapes";
import { dayName, sameDay } from "../../words/telling";
import { useWords } from "../../words/words";
import { EntryBubble, UnsentBubble } from "./Bubble";
import { EventLine } from "./EventLine";
import { useJump, useWanted } from "./jumping";
import { Lightbox, picturesOf } from "./Lightbox";
import { isPhrasing, PhrasingButton } from "./PhrasingDialog";
import { isRecallable, RecallButton, Tombstone } from "./Recall";
import { useReading } from "./reading";
import { useScroll } from "./scrolling";
import css from "./TimelineView.module.css";

const NO_ENTRIES: Entry[] = [];

interface TimelineProps {
  conversation: Conversation;
  me: Me;
  /** What one reads; one that only stands beside it marks nothing as read and does not speak. */
  current: boolean;
}

export function TimelineView({ conversation, me, current }: TimelineProps) {
  const { t } = useWords();
  const { id } = conversation;
  const timeline = useTimeline(id).data;
  const entries = timeline?.entries ?? NO_ENTRIES;
  const unsent = useUnsent(id, lastSeq(timeline));
  const older = useOlder(id);
  const divider = useDivider(entries, conversation.read.staff, current);
  const first = entries[0];
  const more = timeline?.more && first ? () => !older.isPending && older.mutate(first) : undefined;
  const wanted = useWanted(current);
  const scroll = useScroll({
    first: first?.seq ?? 0,
    last: lastSeq(timeline),
    own: unsent.length,
    more,
    elsewhere: wanted > 0,
  });
  useReading(conversation, entries, current && scroll.atEnd);
  useJump({ wanted, box: scroll.box, entries, older: older.isPending ? undefined : more });
  const pictures = useMemo(() => picturesOf(entries), [entries]);
  return (
    <Lightbox pictures={pictures}>
      <div className={css.frame}>
        <div
          ref={scroll.box}
          className={css.scroller}
          onScroll={scroll.moved}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          role="log"
          aria-live={current ? "polite" : "off"}
          aria-label={t("timeline.label")}
        >
          <div className={css.entries}>
            {more && (
              <Button type="text" size="small" className={css.older} loading={older.isPending} onClick={more}>
                {t("timeline.older")}
              </Button>
            )}
            <Entries
              entries={entries}
              conversation={conversation}
              me={me}
              divider={divider}
              wanted={wanted}
            />
            {unsent.map((message) => (
              <UnsentBubble key={message.client_id} message={message} />
            ))}
            <TypingLine id={id} current={current} />
          </div>
        </div>
        {!scroll.atEnd && (
          <Button className={css.toEnd} shape="round" icon={<Icon name="down" />} onClick={scroll.toEnd}>
            {t(conversation.unread ? "timeline.new_below" : "timeline.to_end", { n: conversation.unread })}
          </Button>
        )}
      </div>
    </Lightbox>
  );
}

/** What is on its way; an acknowledged message leaves when its entry stands in the timeline. */
function useUnsent(id: string, last: number): Unsent[] {
  const all = useStore(useDesk().outbox);
  return all.filter(
    (message) => message.conversation === id && !(message.state === "sent" && (message.seq ?? 0) <= last),
  );
}

/** Where one had read to when one came; of a conversation that stands beside, where one will go on. */
function useDivider(entries: Entry[], read: number, current: boolean): number {
  const [divider, setDivider] = useState(() => firstUnread(entries, read));
  const now = current ? divider : firstUnread(entries, read);
  if (now !== divider) setDivider(now);
  return now;
}

/** Nothing was read yet: then all of it is new, and a line above everything would say nothing. */
function firstUnread(entries: Entry[], read: number): number {
  const isNew = (entry: Entry) =>
    entry.seq > read && entry.author.kind === "customer" && entry.kind !== "event";
  return (read > 0 && entries.find(isNew)?.seq) || 0;
}

interface EntriesProps {
  entries: Entry[];
  conversation: Conversation;
  me: Me;
  divider: number;
  /** The entry somebody came for. */
  wanted: number;
}

function Entries({ entries, conversation, me, divider, wanted }: EntriesProps) {
  const { t, locale } = useWords();
  const now = useNow();
  const seen = lastRead(entries, conversation.read.customer);
  const chosen = useMemo(() => chosenIn(entries), [entries]);
  return entries.map((entry, at) => {
    const before = entries[at - 1];
    const newDay = !before || !sameDay(before.at, entry.at);
    return (
      <div
        key={entry.seq}
        className={css.entry}
        data-seq={entry.seq}
        data-wanted={entry.seq === wanted || undefined}
        tabIndex={entry.seq === wanted ? -1 : undefined}
      >
        {newDay && <p className={css.day}>{dayName(locale, t, entry.at, now)}</p>}
        {entry.seq === divider && <p className={css.unread}>{t("timeline.unread")}</p>}
        {entry.kind === "event" ? (
          <Happened entry={entry} conversation={conversation} me={me} />
        ) : (
          <EntryBubble
            entry={entry}
            customer={conversation.customer.label}
            me={me}
            joined={!newDay && follows(before, entry)}
            read={entry.seq === seen}
            chosen={chosen.get(entry.seq) ?? null}
            beside={
              isRecallable(entry, me, now) ? (
                <RecallButton conversation={conversation.id} entry={entry} />
              ) : (
                isPhrasing(entry) && <PhrasingButton conversation={conversation.id} entry={entry} me={me} />
              )
            }
          />
        )}
      </div>
    );
  });
}

function Happened({ entry, conversation, me }: { entry: Entry; conversation: Conversation; me: Me }) {
  const name = entry.event?.name;
  if (name === TOLD) return null;
  if (name === GONE)
    return (
      <Tombstone
        conversation={conversation.id}
        entry={entry}
        me={me}
        customer={conversation.customer.label}
      />
    );
  return <EventLine entry={entry} />;
}

/** Which option the customer took, by the number of the assistant's entry. */
function chosenIn(entries: Entry[]): Map<number, string> {
  return new Map(entries.flatMap(({ choice }) => (choice ? [[choice.seq, choice.id]] : [])));
}

const TOGETHER = 3 * 60_000;

/** Whether an entry goes on where the one before it ended: same writer, same audience, soon after. */
function follows(before: Entry | undefined, entry: Entry): boolean {
  return (
    before !== undefined &&
    before.kind !== "event" &&
    before.author.kind === entry.author.kind &&
    before.author.id === entry.author.id &&
    before.audience === entry.audience &&
    Date.parse(entry.at) - Date.parse(before.at) < TOGETHER
  );
}

/** The last of the staff's messages that the customer has seen carries the mark. */
function lastRead(entries: Entry[], read: number): number {
  return (
    entries.findLast(
      (entry) =>
        entry.seq <= read &&
        entry.audience === "everyone" &&
        entry.author.kind === "agent" &&
        entry.kind !== "event",
    )?.seq ?? 0
  );
}

function TypingLine({ id, current }: { id: string; current: boolean }) {
  const { t } = useWords();
  const desk = useDesk();
  const now = useTick();
  const typist = useStore(desk.typing)[id];
  const typing = typist && typist.until > now;
  return (
    <p className={css.typing} aria-live={current ? "polite" : "off"} data-shown={Boolean(typing)}>
      {typing &&
        (typist.who === "customer" ? t("typing.customer") : t("typing.agent", { name: typist.name }))}
    </p>
  );
}
