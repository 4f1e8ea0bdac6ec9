/**
 * Outside opening hours: what the operator says, when it opens next, and that what one writes is kept.
 *
 * Goes by itself when it opens: the page knows the instant, and need not be told.
 */
import type { Closed } from "@mashang/protocol";
import { ticket } from "@mashang/protocol/ticket";
import { useEffect, useState } from "preact/hooks";
import { t } from "../words";
import { comingDay, shopTime, timeOf } from "./moments";

const LONGEST_TIMER = 3_600_000;

/** What is closed, until the moment it opens. */
export function useClosed(closed: Closed | null | undefined): Closed | null {
  const [now, look] = useState(() => Date.now());
  const until = closed?.opens_at ? new Date(closed.opens_at).getTime() : Number.POSITIVE_INFINITY;
  useEffect(() => {
    if (until === Number.POSITIVE_INFINITY || until <= now) return;
    const timer = setTimeout(() => look(Date.now()), Math.min(until - now + 500, LONGEST_TIMER));
    return () => clearTimeout(timer);
  }, [until, now]);
  return closed && now < until ? closed : null;
}

interface Props {
  closed: Closed;
  number: number;
  leaveMessage: () => void;
}

export function ClosedCard({ closed, number, leaveMessage }: Props) {
  return (
    <section class="queue nobody" aria-label={t("queue.label")}>
      <div role="status">
        <p class="queue-ahead">{closed.text || t("closed.text")}</p>
        <Opens closed={closed} />
        <p class="queue-hint">
          <span class="digits">{t("queue.number", { number: ticket(number) })}</span>
          <span class="quiet">{t("closed.hint")}</span>
        </p>
      </div>
      <button type="button" class="small-action queue-action" onClick={leaveMessage}>
        {t("message.leave")}
      </button>
    </section>
  );
}

/** On the first page: nobody enters a queue without knowing. */
export function ClosedNotice({ closed }: { closed: Closed }) {
  return (
    <section class="closed-notice" aria-labelledby="closed-title">
      <h2 id="closed-title">{closed.text || t("closed.text")}</h2>
      <Opens closed={closed} />
      <p class="quiet">{t("closed.start")}</p>
    </section>
  );
}

function Opens({ closed }: { closed: Closed }) {
  return (
    <>
      {closed.opens_at && (
        <p>{t("closed.opens", { day: comingDay(closed.opens_at), time: timeOf(closed.opens_at) })}</p>
      )}
      <ShopClock zone={closed.zone} />
    </>
  );
}

/** Times on this page are the customer's own; hours in the operator's words are the shop's. */
function ShopClock({ zone }: { zone: string }) {
  const time = shopTime(zone);
  return time ? <p class="quiet">{t("closed.zone", { zone, time })}</p> : null;
}
