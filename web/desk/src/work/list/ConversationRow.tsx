/**
 * One conversation in a list: who, about what, the last words, and how long they wait.
 */
import { Link } from "wouter";
import { Icon } from "../../frame/Icon";
import type { Me, Row } from "../../server/shapes";
import { backAt, gist, preview, shortTime } from "../../words/telling";
import { useWords } from "../../words/words";
import { AffectedMark, CodeChip, CustomerName, TierChip, Unread, WaitingTime } from "../Marks";
import css from "./ConversationRow.module.css";

interface ConversationRowProps {
  row: Row;
  me: Me;
  now: number;
  at: number;
  selected: boolean;
  /** Stands beside the one that is selected. */
  open?: boolean;
  /** The one row Tab stops at; the arrow keys reach the others. */
  reachable: boolean;
}

export function ConversationRow({
  row,
  me,
  now,
  at,
  selected,
  open = false,
  reachable,
}: ConversationRowProps) {
  const { t, locale } = useWords();
  const words = gist(t, row);
  return (
    <Link
      href={`/c/${row.id}`}
      className={css.row}
      data-at={at}
      tabIndex={reachable ? 0 : -1}
      data-open={open}
      aria-current={selected ? "true" : undefined}
    >
      <span className={css.line}>
        <span className={css.who}>
          <CustomerName customer={row.customer} />
          <TierChip tier={row.customer.tier} />
        </span>
        <time className={css.time} dateTime={row.last?.at ?? row.opened_at}>
          {shortTime(locale, t, row.last?.at ?? row.opened_at, now)}
        </time>
      </span>
      <span className={css.line}>
        <span className={`${css.preview} one-line`} data-unread={row.unread > 0}>
          {words === preview(t, row.last) && row.last?.author === "agent" && (
            <span className={css.author}>{t("list.reply_prefix")}</span>
          )}
          <bdi>{words || t("list.no_words")}</bdi>
        </span>
        <Unread count={row.unread} />
      </span>
      <span className={css.line}>
        <span className={css.about}>
          <CodeChip topic={row.topic} />
          <AffectedMark title={row.affected} />
          <span className={`${css.department} one-line`}>{place(row, me)}</span>
        </span>
        <Wait row={row} now={now} />
      </span>
    </Link>
  );
}

/** The department, and who serves it when that is somebody else. */
function place(row: Row, me: Me): string {
  return row.agent && row.agent.id !== me.id
    ? `${row.department.name} · ${row.agent.name}`
    : row.department.name;
}

function Wait({ row, now }: { row: Row; now: number }) {
  const { t, locale } = useWords();
  if (row.status === "waiting")
    return (
      <WaitingTime
        since={row.queued_at ?? row.opened_at}
        now={now}
        word={row.is_message ? "message" : "queue"}
      />
    );
  if (row.status === "assisted")
    return (
      <span className={`${css.assisted} one-line`}>
        <Icon name="assistant" /> {t("status.assisted")}
      </span>
    );
  if (row.snoozed)
    return (
      <span className={`${css.closed} one-line`}>
        <Icon name="snooze" />{" "}
        {row.snoozed_until ? backAt(locale, t, row.snoozed_until, now) : t("snooze.writes")}
      </span>
    );
  if (row.status === "closed") return <span className={css.closed}>{t("status.closed")}</span>;
  if (row.last?.author === "customer") return <WaitingTime since={row.last.at} now={now} word="reply" />;
  return null;
}
