/** The products of an order, each with every step of its card or its top-up. */
import type { IssueStep, OrderCard, OrderLine } from "@mashang/protocol";
import type { App } from "../model/app";
import { OrderActions } from "./OrderActions";
import { money, whenOf, word, wordOf } from "./order_words";

interface Props {
  app: App;
  card: OrderCard;
  load: () => void;
}

export function OrderLines({ app, card, load }: Props) {
  return (
    <ul class="order-lines">
      {card.lines.map((line) => (
        <li key={line.id} class="order-part">
          <Line line={line} />
          <OrderActions app={app} card={card} line={line.id} load={load} />
        </li>
      ))}
    </ul>
  );
}

function Line({ line }: { line: OrderLine }) {
  const { delivery, issue_record } = line;
  return (
    <>
      <p class="order-line" dir="auto">
        <strong>
          {line.product} <span class="quiet">{word("quantity", { count: line.quantity })}</span>
        </strong>
        <span class="digits">{money(line.price)}</span>
      </p>
      <p>
        <span class={`mark ${TONES[delivery.state] ?? "ok"}`}>{stateOf(delivery)}</span>
        {delivery.at && <span class="quiet"> {whenOf(delivery.at)}</span>}
        {delivery.recharge_target_masked && (
          <span class="quiet"> {word("target", { target: delivery.recharge_target_masked })}</span>
        )}
      </p>
      {issue_record.length > 0 && (
        <ol class="order-steps" aria-label={word(`record.${delivery.kind}`)}>
          {issue_record.map((step) => (
            <Step key={`${step.at} ${step.action} ${step.key_masked}`} kind={delivery.kind} step={step} />
          ))}
        </ol>
      )}
    </>
  );
}

const TONES: Record<string, string> = { waiting: "warn", failed: "warn" };

function stateOf({ kind, state }: OrderLine["delivery"]): string {
  if (kind === "card_key" && state === "delivered") return word("state.opened");
  if (kind === "parcel" && state === "delivered") return word("state.arrived");
  return kind === "parcel" && state === "issued" ? word("state.sent") : wordOf(`state.${state}`);
}

function Step({ kind, step }: { kind: string; step: IssueStep }) {
  const action = kind === "parcel" && step.action === "issued" ? "sent" : step.action;
  return (
    <li class={step.action === "failed" ? "failed" : undefined}>
      <p>
        <strong>{wordOf(`action.${action}`)}</strong> <span class="order-key">{step.key_masked}</span>
        {step.to_masked && <span> {word("to", { to: step.to_masked })}</span>}
      </p>
      <p class="quiet">
        <time dateTime={step.at}>{whenOf(step.at)}</time> {step.source}
      </p>
    </li>
  );
}
