/**
 * One quiet line about service codes of one's own: they end soon, or one was never used. Renewed, or not spoken of
 * again, with one tap.
 *
 * Which those are is the server's word, and so is who hears of them: the proved owner, once for each end.
 */
import type { DueCode, Renewal } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import type { State } from "../model/state";
import { t } from "../words";
import { Icon } from "./Icon";
import { dayOf } from "./moments";
import { told } from "./proof_words";

const DAY_MS = 86_400_000;

interface Props {
  app: App;
  state: State;
  /** The order that is shown below with its code, and needs no line of its own. */
  order: string | null;
}

export function EndingCodes({ app, state, order }: Props) {
  const spoken = useSpokenOf(state, order);
  const [result, setResult] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const answered = useRef<HTMLSpanElement>(null);
  useShown(app, state, spoken);
  useEffect(() => {
    if (result) answered.current?.focus({ preventScroll: true }); // the buttons are gone
  }, [result]);
  if (spoken.length === 0) return null;
  const ids = spoken.map(({ id }) => id);
  const attempt = async (verb: () => Promise<string>) => {
    setBusy(true);
    setProblem(null);
    try {
      setResult(await verb());
    } catch (error) {
      setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
    }
    setBusy(false);
  };
  const decline = () =>
    attempt(async () => {
      await app.api.reminded(ids, "declined");
      return told("ending.declined");
    });
  const renew = () => attempt(async () => outcomeOf(spoken, await app.identity.renew(ids)));
  return (
    <div class="ending">
      <Icon name="ticket" size={20} />
      <span class="ending-words">
        {result ? (
          <span role="status" tabIndex={-1} ref={answered}>
            {result}
          </span>
        ) : (
          <span>{sentenceOf(spoken, Date.now() + state.ahead)}</span>
        )}
        {problem && (
          <span class="field-problem" role="alert">
            {problem}
          </span>
        )}
        {!result && (
          <span class="ending-ways">
            {spoken[0]?.expires_at && (
              <button type="button" class="small-action" disabled={busy} onClick={() => void renew()}>
                {told(spoken.length > 1 ? "ending.renew_all" : "order.renew")}
              </button>
            )}
            <button type="button" class="small-action" disabled={busy} onClick={() => void decline()}>
              {told("ending.decline")}
            </button>
          </span>
        )}
      </span>
    </div>
  );
}

/** What was due when the line came; those that end go before those that were never used, which have time. */
function useSpokenOf(state: State, order: string | null): DueCode[] {
  const [spoken] = useState(() => {
    const due = (state.standing?.due ?? []).filter((one) => !order || one.order_number !== order);
    const ending = due.filter((one) => one.expires_at);
    return ending.length > 0 ? ending : due;
  });
  return spoken;
}

/** Told once they were on the screen; what was spoken of is not due any more once one has left the page. */
function useShown(app: App, { visible }: State, spoken: DueCode[]): void {
  const seen = useRef(false);
  useEffect(() => {
    if (!visible || seen.current || spoken.length === 0) return;
    seen.current = true;
    const ids = spoken.map(({ id }) => id);
    app.api.reminded(ids, "shown").catch(() => undefined); // then it is told at the next visit too
  }, [app, visible, spoken]);
  useEffect(() => () => app.identity.settled(seen.current ? spoken : []), [app, spoken]);
}

function sentenceOf(spoken: DueCode[], now: number): string {
  const [first] = spoken;
  if (!first) return "";
  const about = first.order_number
    ? told("ending.of_order", { order: first.order_number })
    : told("ending.of_account");
  if (!first.expires_at) return told("ending.unused", { about, code: first.code });
  const end = told(`ending.${daysUntil(first.expires_at, now)}`, { days: wholeDays(first.expires_at, now) });
  return spoken.length > 1
    ? told("ending.several", { count: spoken.length, end })
    : told("ending.one", { about, end });
}

/** Midnights between now and then, on the customer's own clock. */
function wholeDays(end: string, now: number): number {
  return Math.round((startOfDay(Date.parse(end)) - startOfDay(now)) / DAY_MS);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function daysUntil(end: string, now: number): "today" | "tomorrow" | "in_days" {
  const days = wholeDays(end, now);
  return days < 1 ? "today" : days === 1 ? "tomorrow" : "in_days";
}

/** Until when, and of what could not be renewed the first reason. */
function outcomeOf(spoken: DueCode[], renewals: Renewal[]): string {
  const renewed = renewals.filter((one) => one.outcome === "renewed");
  const ends = renewed.map((one) => one.expires_at ?? "").sort();
  const done = ends[0] ? told("ending.renewed", { day: dayOf(ends[0]) }) : "";
  for (const { id, outcome } of renewals) {
    if (outcome === "renewed") continue;
    const one = spoken.find((due) => due.id === id);
    const slots = { which: one?.order_number ?? one?.code ?? "", why: told(`ending.why_${outcome}`) };
    return done + told("ending.not_renewed", slots);
  }
  return done;
}
