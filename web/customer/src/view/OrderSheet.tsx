/**
 * The card of one's own order, over the page: how it stands, what was paid, every step of its cards, its parcels.
 *
 * It is what the agent sees, no more. It is fetched when it is opened, and again when the line says that something is
 * new; whoever proved the order by four digits sees how far it has come, and how to see the rest.
 */
import type { Anomaly, OrderCard } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import type { State } from "../model/state";
import { t } from "../words";
import { Icon } from "./Icon";
import { OrderActions } from "./OrderActions";
import { OrderLines } from "./OrderLines";
import { OrderPaid } from "./OrderPaid";
import { OrderParcels } from "./OrderParcels";
import { whenOf, word } from "./order_words";
import { Sheet } from "./Sheet";

interface Props {
  app: App;
  state: State;
  order: string;
}

export function OrderSheet({ app, state, order }: Props) {
  const { problem, gone, load } = useCard(app, state, order);
  const held = useHeld(state, order);
  const card = gone ? null : held;
  const close = () => app.store.patch({ looking: null });
  const awaited = Boolean(card && isAwaited(card));
  useEffect(() => {
    if (!awaited) return;
    const look = setInterval(() => document.visibilityState === "visible" && load(), LOOK_AGAIN);
    return () => clearInterval(look);
  }, [order, awaited]);
  return (
    <Sheet title={word("title")} close={close}>
      <p role="status">{card === undefined && !problem ? t("start.loading") : ""}</p>
      {problem && !card && (
        <p class="problem" role="alert">
          {problem}{" "}
          <button type="button" class="small-action" onClick={load}>
            {t("retry")}
          </button>
        </p>
      )}
      {card === null && <p>{word("not_told", { order })}</p>}
      {card && <Card app={app} state={state} card={card} close={close} load={load} />}
    </Sheet>
  );
}

/** Without a conversation about the order nobody tells the page that the shop has moved on. */
const LOOK_AGAIN = 20_000;

/** Something is under way that the customer sits and waits for. */
function isAwaited({ paid, lines, actions }: OrderCard): boolean {
  return (
    (paid?.status === "paid" && !paid.notified) ||
    lines.some(({ delivery }) => delivery.state === "waiting") ||
    actions.some(({ state }) => state === "asked" || state === "unknown")
  );
}

/** The card, or the one before while a newer one is coming: who reads it or is asked something is not interrupted. */
function useHeld({ cards }: State, order: string): OrderCard | undefined {
  const before = useRef<OrderCard | undefined>(undefined);
  const held = cards[order];
  if (held && held !== "coming") before.current = held;
  return before.current;
}

/** Fetched now and at every word of the shop; what is held stays while a newer one is coming or cannot come. */
function useCard(app: App, state: State, order: string) {
  const [problem, setProblem] = useState<string | null>(null);
  const [gone, setGone] = useState(false);
  const turn = useRef(0);
  const load = () => {
    const mine = ++turn.current;
    setProblem(null);
    app.api.order(order).then(
      (card) => {
        if (mine !== turn.current) return;
        setGone(false);
        app.identity.keep(order, card);
      },
      (error: Error) => {
        if (mine !== turn.current) return;
        if (error instanceof Refused && error.status === 404) setGone(true);
        else setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
      },
    );
  };
  const happened = useHappened(state, order);
  useEffect(load, [order, happened, state.told, state.standing, state.locale]);
  useEffect(() => {
    const back = () => document.visibilityState === "visible" && load();
    document.addEventListener("visibilitychange", back);
    return () => {
      turn.current = 0;
      document.removeEventListener("visibilitychange", back);
    };
  }, [order]);
  return { problem, gone, load };
}

/** How much has happened in the conversations about this order. */
function useHappened({ conversations, talks }: State, order: string): number {
  return conversations
    .filter((one) => one.order_number === order)
    .reduce((sum, { id }) => sum + (talks[id]?.entries.filter((entry) => entry.event).length ?? 0), 0);
}

interface CardProps {
  app: App;
  state: State;
  card: OrderCard;
  close: () => void;
  load: () => void;
}

function Card({ app, state, card, close, load }: CardProps) {
  return (
    <article class="order-card">
      <header class="order-head">
        <p>
          <strong class="digits">{card.number}</strong> <span class="mark ok">{card.status_text}</span>
        </p>
        <p class="quiet">{word("placed", { when: whenOf(card.placed_at) })}</p>
      </header>
      {card.stale && <p class="order-note">{word("stale")}</p>}
      {card.anomalies.map((one) => (
        <Wrong key={one.kind} anomaly={one} />
      ))}
      {card.status_only ? (
        <StatusOnly app={app} state={state} card={card} close={close} />
      ) : (
        <>
          <OrderLines app={app} card={card} load={load} />
          {card.url && <Open card={card} url={card.url} />}
          <OrderParcels card={card} load={load} />
          <OrderPaid card={card} />
          <OrderActions app={app} card={card} line={null} load={load} />
          {!state.shown && <Person app={app} card={card} close={close} />}
        </>
      )}
      {card.told_at && <p class="quiet">{word("told_at", { when: whenOf(card.told_at) })}</p>}
    </article>
  );
}

/** Whole keys are the shop's to show, to its owner: the page opens beside the chat, and where it leads stands on it. */
function Open({ card, url }: { card: OrderCard; url: string }) {
  const keys = card.lines.some(
    ({ delivery }) =>
      delivery.kind === "card_key" && (delivery.state === "issued" || delivery.state === "delivered"),
  );
  return (
    <>
      <a class={keys ? "order-go" : "order-go quiet-go"} href={url} target="_blank" rel="noopener noreferrer">
        {word(keys ? "open" : "open_order")}
        <span dir="ltr">{/^https?:..([^/?#]*)/.exec(url)?.[1]}</span>
      </a>
      {keys && <p class="quiet">{word("open_hint")}</p>}
    </>
  );
}

function Wrong({ anomaly }: { anomaly: Anomaly }) {
  return (
    <p class="order-note warn" dir="auto">
      <Icon name="question" size={20} />
      <span>
        <strong>{anomaly.text}</strong>
        <span class="quiet">{word("since", { when: whenOf(anomaly.since) })}</span>
      </span>
    </p>
  );
}

/** Four digits open no more than this; what opens the rest is said, and is one tap away where there is such a way. */
function StatusOnly({
  app,
  state,
  card,
  close,
}: {
  app: App;
  state: State;
  card: OrderCard;
  close: () => void;
}) {
  const way = state.standing?.ways.find((one) => one !== "last_four");
  const prove = () => {
    close();
    app.identity.ask(card.number);
  };
  return (
    <>
      <p dir="auto">{card.title}</p>
      <p class="order-note">
        <Icon name="shield" size={20} />
        <span>{word("status_only")}</span>
      </p>
      {way && (
        <button type="button" class="action" onClick={prove}>
          {word(`prove.${way}`)}
        </button>
      )}
    </>
  );
}

/** Where no conversation is open: whatever cannot be done here a person does. */
function Person({ app, card, close }: { app: App; card: OrderCard; close: () => void }) {
  const go = () => {
    close();
    void app.attempt(() => app.open("person", undefined, undefined, card.number));
  };
  return (
    <button type="button" class="small-action" onClick={go}>
      {word("person")}
    </button>
  );
}
