/**
 * The lists: who queues, whom I serve, and everybody I may see, those who are open apart from those who are closed;
 * with live counts of what is open.
 *
 * Only the rows near the window are in the page, and more are loaded when the end comes near. Up and Down move
 * between rows, Enter opens.
 */
import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { Button, Segmented } from "antd";
import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import { Loading, Nothing, Trouble } from "../../frame/States";
import { useShortcut } from "../../keys/shortcuts";
import { useNow } from "../../live/DeskLine";
import { rowsOf } from "../../live/rows";
import { Store, useStore } from "../../live/store";
import { isNarrow, useCounters, useRows } from "../../server/queries";
import type { ListName, Me, Row } from "../../server/shapes";
import { useWords } from "../../words/words";
import { columns, idsOf } from "../sideBySide";
import css from "./ConversationList.module.css";
import { ConversationRow } from "./ConversationRow";
import { Narrowing, shownFilters } from "./Narrowing";

const KEPT = "mashang.list";
const ROW_HEIGHT = 92;
type Tab = "waiting" | "mine" | "all";
const TABS: Tab[] = ["waiting", "mine", "all"];
const ALL: ListName[] = ["open", "assisted", "closed"];
const OWN: ListName[] = ["mine", "snoozed"];

/** Which list is shown; outlives the page, so that a phone comes back to where it was. */
export const shownList = new Store<ListName>(kept());
shownList.subscribe(() => localStorage.setItem(KEPT, shownList.get()));

/** Somebody was just accepted: among mine, whatever narrowed the lists. */
export function showMine(): void {
  shownFilters.set({});
  shownList.set("mine");
}

function kept(): ListName {
  const name = localStorage.getItem(KEPT);
  return (["waiting", ...OWN, ...ALL] as ListName[]).find((one) => one === name) ?? "mine";
}

export function ConversationList({ me, selected }: { me: Me; selected?: string }) {
  const { t } = useWords();
  const list = useStore(shownList);
  useRows("snoozed"); // held always: what comes back is told of
  return (
    <aside className={css.list} aria-label={t("list.label")}>
      <div className={css.tabs}>
        <Tabs list={list} />
        {ALL.includes(list) && <OpenOrClosed list={list} />}
        {OWN.includes(list) && <NowOrLater list={list} />}
        <Narrowing me={me} list={list} show={(next) => shownList.set(next)} />
      </div>
      <Rows key={list} list={list} me={me} selected={selected} />
    </aside>
  );
}

function Tabs({ list }: { list: ListName }) {
  const { t } = useWords();
  const counters = useCounters().data;
  return (
    <Segmented<Tab>
      block
      aria-label={t("list.label")}
      value={ALL.includes(list) ? "all" : OWN.includes(list) ? "mine" : "waiting"}
      onChange={(next) => shownList.set(next === "all" ? "open" : (next as ListName))}
      options={TABS.map((name) => ({
        value: name,
        label: (
          <span className={css.tab} data-waits={name === "waiting" && Boolean(counters?.waiting)}>
            {t(`list.${name}`)} <b>{counters ? compact(counters[name]) : ""}</b>
          </span>
        ),
      }))}
    />
  );
}

/** What I put aside is apart from what I serve now; nothing is said of it while there is none. */
function NowOrLater({ list }: { list: ListName }) {
  const { t } = useWords();
  const aside = useCounters().data?.snoozed ?? 0;
  if (!aside && list !== "snoozed") return null;
  return (
    <Segmented<ListName>
      size="small"
      className={css.standing}
      aria-label={t("list.mine")}
      value={list}
      onChange={(next) => shownList.set(next)}
      options={[
        { value: "mine", label: t("list.now") },
        { value: "snoozed", label: `${t("list.snoozed")} ${compact(aside)}` },
      ]}
    />
  );
}

/** Whom the assistant serves stand among the open ones; nothing is said of them while there are none. */
function OpenOrClosed({ list }: { list: ListName }) {
  const { t } = useWords();
  const assisted = useCounters().data?.assisted ?? 0;
  const shown = ALL.filter((name) => name !== "assisted" || assisted || list === "assisted");
  return (
    <Segmented<ListName>
      size="small"
      className={css.standing}
      aria-label={t("list.standing")}
      value={list}
      onChange={(next) => shownList.set(next)}
      options={shown.map((name) => ({
        value: name,
        label: name === "assisted" ? `${t("list.assisted")} ${compact(assisted)}` : t(`list.${name}`),
      }))}
    />
  );
}

const compact = (count: number) => (count > 999 ? "999+" : String(count));

function Rows({ list, me, selected }: { list: ListName; me: Me; selected?: string }) {
  const filters = useStore(shownFilters);
  const query = useRows(list, filters);
  const rows = useMemo(() => rowsOf(query.data), [query.data]);
  useStepping(rows, selected);
  if (query.isPending) return <Loading />;
  if (query.isError && !query.data) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (rows.length === 0 && isNarrow(filters)) return <NothingLeft />;
  if (rows.length === 0) return <EmptyList list={list} me={me} />;
  return (
    <VirtualRows
      rows={rows}
      me={me}
      selected={selected}
      list={list}
      more={() => {
        if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
      }}
    />
  );
}

/** One conversation further, or back; from none, to the first. */
function useStepping(rows: Row[], selected: string | undefined) {
  const [, go] = useLocation();
  const at = rows.findIndex((row) => row.id === selected);
  const step = (by: number) => {
    const to = rows[at < 0 ? 0 : at + by];
    if (to) go(`/c/${to.id}`);
  };
  useShortcut("next", () => step(1), rows.length > 0);
  useShortcut("previous", () => step(-1), rows.length > 0);
}

/** The list is not empty, only narrowed to nothing. */
function NothingLeft() {
  const { t } = useWords();
  return (
    <Nothing icon="filter" title={t("views.nothing")} hint={t("views.nothing.hint")}>
      <Button onClick={() => shownFilters.set({})}>{t("views.clear")}</Button>
    </Nothing>
  );
}

function EmptyList({ list, me }: { list: ListName; me: Me }) {
  const { t } = useWords();
  const waiting = useCounters().data?.waiting ?? 0;
  const served = list === "mine" && me.availability === "available";
  const online = waiting > 0 ? t("list.mine.empty.waiting", { n: waiting }) : t("list.mine.empty.online");
  const hint = served ? online : t(`list.${list}.empty.hint`);
  return <Nothing icon="inbox" title={t(`list.${list}.empty`)} hint={hint} />;
}

interface VirtualRowsProps {
  rows: Row[];
  me: Me;
  selected?: string;
  list: ListName;
  more(): void;
}

function VirtualRows({ rows, me, selected, list, more }: VirtualRowsProps) {
  const { t } = useWords();
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (at) => rows[at]?.id ?? at,
    overscan: 8,
  });
  const open = idsOf(useStore(columns));
  const shown = virtual.getVirtualItems();
  const end = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (end >= rows.length - 10) more();
  });
  const reachable = Math.max(
    0,
    rows.findIndex((row) => row.id === selected),
  );
  return (
    <div ref={scroller} className={css.scroller}>
      <ul
        className={css.rows}
        style={{ height: virtual.getTotalSize() }}
        aria-label={t(`list.${list}`)}
        onKeyDown={(event) => walk(event, virtual, rows.length)}
      >
        {shown.map(({ index, start, key }) => {
          const row = rows[index];
          return (
            row && (
              <li key={key} style={{ transform: `translateY(${start}px)`, height: ROW_HEIGHT }}>
                <ConversationRow
                  row={row}
                  me={me}
                  now={now}
                  at={index}
                  selected={row.id === selected}
                  open={open.includes(row.id)}
                  reachable={index === reachable}
                />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

/** Arrow keys, Home and End move between rows, also to those not yet in the page. */
function walk(
  event: KeyboardEvent<HTMLElement>,
  virtual: Virtualizer<HTMLDivElement, Element>,
  count: number,
): void {
  const at = Number((event.target as HTMLElement).closest<HTMLElement>("[data-at]")?.dataset.at);
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 };
  const to = targets[event.key];
  if (to === undefined || Number.isNaN(at)) return;
  event.preventDefault();
  const next = Math.min(count - 1, Math.max(0, to));
  const scroller = event.currentTarget;
  virtual.scrollToIndex(next);
  requestAnimationFrame(() => scroller.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus());
}
