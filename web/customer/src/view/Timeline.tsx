/**
 * What was said, oldest first, kept at its end while the reader is there.
 */
import type { CustomerConversation } from "@mashang/protocol";
import { GONE } from "@mashang/protocol/recall";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { type Row, rowsOf } from "../model/rows";
import type { Talk, Unsent } from "../model/state";
import { locale, t } from "../words";
import { EventLine } from "./EventLine";
import { Icon } from "./Icon";
import { dayOf } from "./moments";
import { News } from "./News";
import type { View } from "./PictureViewer";
import { Said } from "./Said";
import { TakenBack } from "./TakenBack";
import { UnsentSaid } from "./UnsentSaid";
import { Working } from "./Working";

interface Props {
  app: App;
  conversation: CustomerConversation;
  talk: Talk;
  unsent: Unsent[];
  /** Changes when what stands below changes its height. */
  bottom: string;
  view: View;
}

const NEAR_PX = 80;

export function Timeline({ app, conversation, talk, unsent, bottom, view }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = rowsOf(talk.entries, unsent, talk.divider, conversation.staff_read);
  const { below, toEnd, onScroll } = useScrolling(scroller, talk, unsent.length, bottom, () =>
    app.talks.loadOlder(conversation.id),
  );
  return (
    <div class="timeline-box">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <main class="timeline" ref={scroller} onScroll={onScroll} tabIndex={0} aria-label={t("timeline.label")}>
        <Beginning app={app} conversation={conversation} talk={talk} />
        <div role="log" aria-live="off" aria-busy={talk.loading !== null}>
          {rows.map((row) => (
            <RowView
              key={row.key}
              app={app}
              conversation={conversation}
              row={row}
              masked={talk.masked}
              view={view}
            />
          ))}
        </div>
        <Typing talk={talk} name={conversation.agent?.name} />
        {conversation.status === "assisted" && <Working heard={heardLast(talk, unsent)} />}
      </main>
      <News talk={talk} />
      {below && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" size={18} />
          {t("timeline.newer")}
        </button>
      )}
    </div>
  );
}

interface RowProps {
  app: App;
  conversation: CustomerConversation;
  row: Row;
  masked: number[];
  view: View;
}

function RowView({ app, conversation, row, masked, view }: RowProps) {
  switch (row.kind) {
    case "day":
      return (
        <p class="day">
          <time dateTime={row.at}>{dayOf(row.at)}</time>
        </p>
      );
    case "divider":
      return <p class="unread-line">{t("unread.divider")}</p>;
    case "event":
      return row.entry.event?.name === GONE && row.entry.author.kind === "customer" ? (
        <TakenBack app={app} conversation={conversation} entry={row.entry} />
      ) : (
        <EventLine entry={row.entry} />
      );
    case "said":
      return (
        <Said
          app={app}
          conversation={conversation.id}
          row={row}
          masked={masked.includes(row.entry.seq)}
          view={view}
          status={conversation.status}
          spoken={locale()}
        />
      );
    case "unsent":
      return <UnsentSaid app={app} message={row.message} line={app.store.state.line} />;
  }
}

function Beginning({
  app,
  conversation,
  talk,
}: {
  app: App;
  conversation: CustomerConversation;
  talk: Talk;
}) {
  if (talk.failed) {
    return (
      <p class="beginning" role="alert">
        {t("timeline.failed")}
        <button type="button" class="small-action" onClick={() => void app.talks.reload(conversation.id)}>
          {t("retry")}
        </button>
      </p>
    );
  }
  if (talk.loading) {
    return (
      <p class="beginning">
        <span class="spinner small" />
        <span class="hidden">{t("start.loading")}</span>
      </p>
    );
  }
  if (!talk.more) return null;
  return (
    <p class="beginning">
      <button type="button" class="plain" onClick={() => void app.talks.loadOlder(conversation.id)}>
        {t("timeline.older")}
      </button>
    </p>
  );
}

function Typing({ talk, name }: { talk: Talk; name: string | undefined }) {
  if (!talk.typing) return null;
  return (
    <p class="typing">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {t("timeline.typing", { name: talk.typing.name ?? name ?? "" })}
    </p>
  );
}

/** The number of the customer's words that nobody has answered yet; null: none. */
function heardLast({ entries }: Talk, unsent: Unsent[]): number | null {
  const last = entries[entries.length - 1];
  return unsent.length === 0 && last?.author.kind === "customer" && last.kind !== "event" ? last.seq : null;
}

type Scroller = { current: HTMLDivElement | null };

/** Stays at the end while the reader is there; keeps the place when older entries come in above. */
function useScrolling(
  scroller: Scroller,
  talk: Talk,
  unsent: number,
  bottom: string,
  older: () => void,
): { below: boolean; toEnd: () => void; onScroll: () => void } {
  const atEnd = useRef(true);
  const settled = useRef("");
  const first = useRef({ seq: 0, height: 0 });
  const [below, setBelow] = useState(false);
  const lastSeq = talk.entries[talk.entries.length - 1]?.seq ?? 0;
  const toEnd = () => {
    const box = scroller.current;
    if (box) {
      box.scrollTop = box.scrollHeight;
      settled.current = sizeOf(box);
    }
    atEnd.current = true;
    setBelow(false);
  };
  useLayoutEffect(() => {
    const box = scroller.current;
    const seq = talk.entries[0]?.seq ?? 0;
    if (box && seq < first.current.seq && !atEnd.current) {
      box.scrollTop += box.scrollHeight - first.current.height;
    }
    first.current = { seq, height: box?.scrollHeight ?? 0 };
  }, [talk.entries]);
  useLayoutEffect(() => {
    if (unsent > 0 || atEnd.current) toEnd();
    else setBelow(true);
  }, [lastSeq, unsent]);
  useLayoutEffect(() => {
    if (atEnd.current) toEnd();
  }, [talk.typing, bottom]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    observer.observe(box);
    for (const child of Array.from(box.children)) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    // A keyboard opens, a phone is turned: the browser moves the text before the observer hears of it. Nobody left.
    if (atEnd.current && settled.current !== sizeOf(box)) return toEnd();
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    if (atEnd.current) setBelow(false);
    if (box.scrollTop < NEAR_PX && talk.more && !talk.loading) older();
  };
  return { below, toEnd, onScroll };
}

function sizeOf(box: HTMLElement): string {
  return `${box.clientWidth} ${box.clientHeight} ${box.scrollHeight}`;
}
