/**
 * The card-issue record of an order line: what the shop answered, what it reported meanwhile, and our own ledger.
 *
 * The three tell partly the same: a resend that somebody here pressed comes back as the shop's own entry, and an
 * entry is reported as an event before the order is asked again. Each thing that happened stands there once, newest
 * first, with what every source knows of it. Of the ledger also stands what did not happen, or nobody knows yet.
 *
 * Does not: word or draw anything (IssueRecord does).
 */
import type { ActionState, IssueStep, ShopAction, ShopActionView } from "../../server/beside";

/** `happened`: the shop says so, whoever asked for it; the others are how far our asking has come. */
export type StepState = "happened" | Exclude<ActionState, "done">;

export interface RecordStep {
  key: string;
  at: string;
  /** The shop's word: issued, delivered, opened, resent … */
  action: string;
  /** Only our ledger tells of it: what was asked for. */
  asked?: ShopAction | undefined;
  state: StepState;
  source?: string | undefined;
  key_masked?: string | undefined;
  to_masked?: string | undefined;
  /** Who pressed, when it was asked for here. */
  by?: { who: "agent" | "customer"; name: string | undefined } | undefined;
  reason?: string | undefined;
  /** What the shop said to it. */
  text?: string | undefined;
}

export const DEED: Record<ShopAction, string> = { resend: "resent", reissue: "reissued", refund: "refunded" };

/** How far the shop's clock and the time it takes may set its entry apart from our line of the same deed. */
const SAME_WITHIN = 10 * 60_000;

/** A card that was due and is issued because somebody pressed here is no resend to the shop: only at that moment. */
const ISSUED_WITHIN = 60_000;

/** Everything that is known of one line (or, of the ledger, of the order as a whole), newest first. */
export function recordOf(
  answered: readonly IssueStep[],
  reported: readonly IssueStep[],
  ledger: readonly ShopActionView[],
): RecordStep[] {
  const told = [...answered, ...reported.filter((one) => !answered.some((other) => isSame(one, other)))];
  const steps = told.map(asStep);
  const twins = twinsOf(ledger, steps);
  const taken = new Set(twins.values());
  const pressed = ledger.map((line) => {
    const twin = twins.get(line);
    return twin ? together(twin, line) : asPressed(line);
  });
  return newestFirst([...steps.filter((step) => !taken.has(step)), ...pressed]);
}

/** Nobody knows yet how it ends. */
export const isOpen = (state: StepState | ActionState) =>
  state === "asked" || state === "unknown" || state === "accepted";

const newestRound = (lines: readonly ShopActionView[]) =>
  lines.reduce<ShopActionView | undefined>(
    (last, line) => (last && last.round > line.round ? last : line),
    undefined,
  );

/** What was asked for last. */
export const lastOf = (ledger: readonly ShopActionView[], action: ShopAction) =>
  newestRound(ledger.filter((line) => line.action === action));

/** What was done last, to be told before it is done again. */
export const lastDone = (ledger: readonly ShopActionView[], action: ShopAction) =>
  newestRound(
    ledger.filter((line) => line.action === action && (line.state === "done" || line.state === "accepted")),
  );

function isSame(one: IssueStep, other: IssueStep): boolean {
  return (
    one.action === other.action &&
    Date.parse(one.at) === Date.parse(other.at) &&
    (one.key_masked ?? "") === (other.key_masked ?? "")
  );
}

function asStep(step: IssueStep, place: number): RecordStep {
  return {
    key: `told ${place}`,
    at: step.at,
    action: step.action,
    state: "happened",
    source: step.source || undefined,
    key_masked: step.key_masked ?? undefined,
    to_masked: step.to_masked ?? undefined,
  };
}

function asPressed(line: ShopActionView): RecordStep {
  return {
    key: line.id,
    at: line.settled_at ?? line.asked_at,
    action: DEED[line.action],
    asked: line.action,
    state: line.state === "done" ? "happened" : line.state,
    key_masked: line.key_masked ?? undefined,
    to_masked: line.to_masked ?? undefined,
    by: { who: line.by, name: line.by_name ?? undefined },
    reason: line.reason || undefined,
    text: line.text || undefined,
  };
}

/** The shop's entry of what somebody pressed here: its time and key, our name and reason. */
function together(told: RecordStep, line: ShopActionView): RecordStep {
  const pressed = asPressed(line);
  return {
    ...pressed,
    asked: undefined,
    action: told.action,
    at: told.at,
    source: told.source,
    key_masked: told.key_masked ?? pressed.key_masked,
    to_masked: told.to_masked ?? pressed.to_masked,
  };
}

/** The shop's entry of each line of the ledger that was done; the nearest find each other first. */
function twinsOf(ledger: readonly ShopActionView[], steps: RecordStep[]): Map<ShopActionView, RecordStep> {
  const pairs = ledger
    .filter((line) => line.state === "done")
    .flatMap((line) => steps.map((step) => ({ line, step, apart: apart(line, step) })))
    .filter(({ line, step, apart }) => apart <= within(line, step))
    .sort((one, other) => one.apart - other.apart);
  const twins = new Map<ShopActionView, RecordStep>();
  const taken = new Set<RecordStep>();
  for (const { line, step } of pairs) {
    if (twins.has(line) || taken.has(step)) continue;
    twins.set(line, step);
    taken.add(step);
  }
  return twins;
}

/** From the moment it was asked for until its end was known it is the same moment. */
function apart(line: ShopActionView, step: RecordStep): number {
  const at = Date.parse(step.at);
  const asked = Date.parse(line.asked_at);
  const settled = Date.parse(line.settled_at ?? line.asked_at);
  return at < asked ? asked - at : Math.max(0, at - settled);
}

function within(line: ShopActionView, step: RecordStep): number {
  if (step.action === DEED[line.action]) return SAME_WITHIN;
  return line.action === "resend" && step.action === "issued" ? ISSUED_WITHIN : -1;
}

/** Of two at one instant the one that was told later is the newer. */
function newestFirst(steps: RecordStep[]): RecordStep[] {
  return steps
    .map((step, place) => ({ step, place, at: Date.parse(step.at) }))
    .sort((one, other) => other.at - one.at || other.place - one.place)
    .map(({ step }) => step);
}
