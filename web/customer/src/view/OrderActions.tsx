/**
 * What may be done about an order or one of its lines, and what was: a button that asks first, and the answer.
 *
 * A press carries the round it saw, so pressing twice, or here and at the desk at once, is one press. While nobody
 * knows whether it has happened there is no button, and a word that nothing happens twice.
 */
import type { ActionName, ActionOffer, OrderAction, OrderCard } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { Icon } from "./Icon";
import { whenOf, word } from "./order_words";

interface Props {
  app: App;
  card: OrderCard;
  /** null: the order as a whole. */
  line: string | null;
  load: () => void;
}

export function OrderActions({ app, card, line, load }: Props) {
  const actions = card.actions.filter((one) => one.line === line);
  const offers = card.offers.filter((one) => one.line === line && one.why_not !== "only_by_agent");
  const [asked, ask] = useState<ActionOffer | null>(null);
  const [pressed, setPressed] = useState<string | null>(null);
  const left = useRef<ActionName | null>(null);
  if (actions.length === 0 && offers.length === 0) return null;
  const hint = offers.map((one) => hintOf(card, one)).find(Boolean);
  return (
    <div class="order-deeds">
      {actions.map((one) => (
        <Deed key={one.id} card={card} deed={one} focused={one.id === pressed} load={load} />
      ))}
      {asked ? (
        <Question
          app={app}
          card={card}
          offer={asked}
          leave={() => {
            left.current = asked.action;
            ask(null);
          }}
          done={({ id }) => {
            setPressed(id);
            ask(null);
            load();
          }}
        />
      ) : (
        offers
          .filter((one) => !one.why_not)
          .map((one) => (
            <button
              key={one.action}
              type="button"
              ref={(button) => {
                if (!button || left.current !== one.action) return;
                left.current = null;
                button.focus({ preventScroll: true }); // whoever left the question is where they were
              }}
              class={one.action === "resend" && !isAgain(card, one) ? "action" : "action quiet-action"}
              onClick={() => ask(one)}
            >
              {labelOf(card, one)}
            </button>
          ))
      )}
      {!asked && hint && <p class="quiet">{hint}</p>}
    </div>
  );
}

/** A top-up is done again, a card sent again. */
function deedOf(card: OrderCard, { action, line }: { action: ActionName; line: string | null }) {
  const kind = card.lines.find(({ id }) => id === line)?.delivery.kind;
  return action === "resend" && kind === "top_up" ? "top_up" : action;
}

function labelOf(card: OrderCard, offer: ActionOffer): string {
  const deed = deedOf(card, offer);
  return word(isAgain(card, offer) ? `again.${deed}` : `do.${deed}`);
}

/** What was refused or did not reach the shop was not done before. */
function isAgain(card: OrderCard, { action, line }: ActionOffer): boolean {
  return card.actions.some((one) => one.action === action && one.line === line && one.state === "done");
}

/** What stands where a button would: only what the customer can do something about. */
function hintOf({ paid }: OrderCard, { why_not }: ActionOffer): string | null {
  if (why_not === "unpaid" && paid?.status === "paid") return null; // nobody is told to pay what the provider holds
  return why_not === "limit" || why_not === "unpaid" || why_not === "not_issued"
    ? word(`why.${why_not}`)
    : null;
}

interface QuestionProps {
  app: App;
  card: OrderCard;
  offer: ActionOffer;
  leave: () => void;
  done: (action: OrderAction) => void;
}

function Question({ app, card, offer, leave, done }: QuestionProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const text = useRef<HTMLParagraphElement>(null);
  const sent = useRef(false); // two taps come before one drawing
  useEffect(() => text.current?.focus(), []);
  const go = async () => {
    if (sent.current) return;
    sent.current = true;
    setBusy(true);
    setProblem(null);
    try {
      done(await app.api.press(card.number, offer));
    } catch (error) {
      sent.current = false;
      setBusy(false);
      setProblem(error instanceof Refused ? error.message : word("unreachable"));
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation(); // the question is left, not the card
    leave();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid or flex box in the older browsers
    <div class="order-ask" role="group" aria-label={labelOf(card, offer)} onKeyDown={onKey}>
      <p ref={text} tabIndex={-1}>
        {word(`ask.${deedOf(card, offer)}`)} {isAgain(card, offer) && word("ask.again")}
      </p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p class="quiet" role="status">
        {busy ? word("asking") : ""}
      </p>
      <div class="pair">
        <button type="button" class="action quiet-action" disabled={busy} onClick={leave}>
          {word("leave")}
        </button>
        <button type="button" class="action" disabled={busy} onClick={() => void go()}>
          {labelOf(card, offer)}
        </button>
      </div>
    </div>
  );
}

const OPEN = ["asked", "unknown", "accepted"];

interface DeedProps {
  card: OrderCard;
  deed: OrderAction;
  focused: boolean;
  load: () => void;
}

function Deed({ card, deed, focused, load }: DeedProps) {
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (focused) box.current?.focus({ preventScroll: true }); // the button that was pressed is gone
  }, [focused]);
  const { state, to_masked, by, by_name, text } = deed;
  const slots = { when: whenOf(deed.settled_at ?? deed.asked_at), what: word(`do.${deedOf(card, deed)}`) };
  const tone = OPEN.includes(state) ? "open" : state === "done" ? "done" : "refused";
  return (
    <>
      <p class={`order-deed ${tone}`} ref={box} tabIndex={-1} role={focused ? "status" : undefined}>
        <Icon name={tone === "done" ? "check" : "question"} size={18} />
        <span>
          {state === "done" ? word(`done.${deedOf(card, deed)}`, slots) : word(`state_of.${state}`, slots)}
          {to_masked && word("to_whom", { to: to_masked })}
          {state === "refused" && text && <span class="quiet">{text}</span>}
          {by === "agent" && by_name && <span class="quiet">{word("by_agent", { agent: by_name })}</span>}
        </span>
      </p>
      {(state === "asked" || state === "unknown") && (
        <button type="button" class="small-action" onClick={load}>
          {word("look_again")}
        </button>
      )}
    </>
  );
}
