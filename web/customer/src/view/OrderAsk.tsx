/**
 * A question that an order answers: one's own to choose from, or its number.
 *
 * Own orders are listed for who has proved them; a number that is typed proves nothing, and whoever can prove more is
 * offered to.
 */
import type { OwnOrders } from "@mashang/protocol";
import { useEffect, useState } from "preact/hooks";
import { refusalIn } from "../model/api";
import type { App } from "../model/app";
import { useStore } from "../model/store";
import { assisting } from "./assistant_words";
import { dayOf } from "./moments";

interface Props {
  app: App;
  conversation: string;
  say: (text: string) => void;
}

export function OrderAsk({ app, conversation, say }: Props) {
  const { standing, customer, conversations, order, proving } = useStore(app.store);
  const [typed, type] = useState("");
  const [problem, setProblem] = useState(false);
  const own = useOwn(app, customer?.proved ? "account" : (standing?.orders.join() ?? ""));
  const named = conversations.find((one) => one.id === conversation)?.order_number ?? order;
  const listed = own?.orders ?? [];
  const more = named && !listed.some(({ number }) => number === named) ? [named] : [];
  const send = (event: Event) => {
    event.preventDefault();
    const number = typed.trim();
    setProblem(number === "");
    if (number !== "") say(number);
  };
  const provable = !customer?.proved && (standing?.ways.length ?? 0) > 0 && !proving;
  return (
    <div class="order-ask">
      {listed.length + more.length > 0 && (
        <ul class="options" aria-label={assisting("order.label")}>
          {more.map((number) => (
            <li key={number}>
              <button type="button" class="option" onClick={() => say(number)}>
                <span class="digits">{number}</span>
              </button>
            </li>
          ))}
          {listed.map(({ number, title, placed_at, status_text }) => (
            <li key={number}>
              <button type="button" class="option" onClick={() => say(number)}>
                <span>
                  <strong>{title}</strong>
                  <span class="quiet">
                    <span class="digits">{number}</span> · <span class="unbroken">{dayOf(placed_at)}</span> ·{" "}
                    <span class="unbroken">{status_text}</span>
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {own && !own.answered && <p class="quiet">{assisting("order.unanswered")}</p>}
      <form class="order-form" onSubmit={send}>
        <label>
          <span>{assisting("order.number")}</span>
          <input
            class="digits"
            value={typed}
            maxLength={100}
            autoComplete="off"
            autoCapitalize="characters"
            spellcheck={false}
            enterkeyhint="send"
            aria-invalid={problem}
            onInput={(event) => type(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="action">
          {assisting("order.send")}
        </button>
      </form>
      {problem && (
        <p class="field-problem" role="alert">
          {assisting("order.empty")}
        </p>
      )}
      {provable && (
        <button type="button" class="small-action" onClick={() => app.identity.ask(named ?? null)}>
          {assisting("order.prove")}
        </button>
      )}
    </div>
  );
}

/** What the shop tells of one's own orders, asked once for each proof; null: nothing is proved, or it is still asked. */
function useOwn(app: App, proved: string): OwnOrders | null {
  const [own, come] = useState<OwnOrders | null>(null);
  useEffect(() => {
    if (proved === "") return come(null);
    let left = false;
    ownOrders(app)
      .catch(() => ({ orders: [], answered: false }))
      .then((orders) => !left && come(orders));
    return () => {
      left = true;
    };
  }, [app, proved]);
  return own;
}

async function ownOrders(app: App): Promise<OwnOrders> {
  const { status, text } = await app.api.exchange("GET", "/customer/orders", undefined);
  if (status !== 200) throw refusalIn(status, text);
  return JSON.parse(text) as OwnOrders;
}
