/**
 * The order a matter is about: claimed, with a way to prove it, or one's own, with its status and service code.
 */
import type { OrderCard, OwnCode } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { isProved } from "../model/identity";
import type { State } from "../model/state";
import { t } from "../words";
import { CopyCode } from "./CopyCode";
import { Icon } from "./Icon";
import { More } from "./More";
import { dayOf } from "./moments";
import { told } from "./proof_words";

interface Props {
  app: App;
  state: State;
  /** Its number; "" when nobody has named one. */
  order: string;
  drop?: (() => void) | undefined;
}

export function OrderStrip({ app, state, order, drop }: Props) {
  const proved = isProved(state, order);
  const { standing } = state;
  useEffect(() => {
    if (order && proved && standing) void app.identity.card(order);
  }, [app, order, proved, standing]);
  const card = state.cards[order];
  const coming = card === "coming" || (proved && card === undefined);
  if (order && card && card !== "coming") return <Proved app={app} card={card} drop={drop} />;
  if (!order && proved) return null;
  const provable = !state.customer?.proved && (standing?.ways.length ?? 0) > 0;
  return (
    <div class="order-strip">
      <Icon name="order" size={20} />
      <span class="order-words">
        <span>
          {told(order ? "order.about" : "proof.not_yet")} <strong class="digits">{order}</strong>
        </span>
        {order && !coming && (
          <span class="mark warn">{told(proved ? "order.not_told" : "order.claimed")}</span>
        )}
      </span>
      {provable && !proved && !state.proving && (
        <button type="button" class="small-action" onClick={() => app.identity.ask(order)}>
          {t("proof.ask")}
        </button>
      )}
      {drop && <Drop drop={drop} />}
    </div>
  );
}

function Proved({ app, card, drop }: { app: App; card: OrderCard; drop: (() => void) | undefined }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [renewed, setRenewed] = useState(false);
  const [taken, take] = useState(false); // along, to another device
  const close = () => take(false);
  const mint = async (renew: boolean) => {
    setBusy(true);
    setProblem(null);
    try {
      await app.identity.mint(card.number, renew);
      setRenewed(renew);
    } catch (error) {
      setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
    }
    setBusy(false);
  };
  const [code] = card.codes;
  const wants = code?.state === "live" && !code.renewable ? null : code?.renewable ? "renew" : "mint";
  return (
    <>
      <div class="order-strip own">
        <Icon name="order" size={20} />
        <span class="order-words">
          <button type="button" class="order-open" onClick={() => app.store.patch({ looking: card.number })}>
            <span>
              <strong class="digits">{card.number}</strong> <span class="mark ok">{card.status_text}</span>
            </span>
            <span class="quiet">{card.title}</span>
            <span class="order-see">{told("order.see")}</span>
          </button>
          {code && <ServiceCode code={code} renewed={renewed} />}
          {code?.state === "live" && (
            <button type="button" class="small-action take-along" onClick={() => take(true)}>
              {told(matchMedia("(pointer: coarse)").matches ? "order.elsewhere" : "order.on_phone")}
            </button>
          )}
          {card.status_only && <span class="quiet">{told("order.status_only")}</span>}
          {problem && (
            <span class="field-problem" role="alert">
              {problem}
            </span>
          )}
        </span>
        {!card.status_only && wants && (
          <button
            type="button"
            class="small-action"
            disabled={busy}
            onClick={() => void mint(wants === "renew")}
          >
            {told(`order.${wants}`)}
          </button>
        )}
        {drop && <Drop drop={drop} />}
      </div>
      {taken && code && (
        <More app={app} close={close}>
          {({ CodeSheet }) => <CodeSheet app={app} order={card.number} code={code.code} close={close} />}
        </More>
      )}
    </>
  );
}

function ServiceCode({ code, renewed }: { code: OwnCode; renewed: boolean }) {
  const said = useRef<HTMLElement>(null);
  useEffect(() => {
    if (renewed) said.current?.focus({ preventScroll: true }); // the button is gone
  }, [renewed]);
  const until = code.expires_at ? dayOf(code.expires_at) : "";
  return (
    <span class="own-code">
      {told("order.code")} <CopyCode code={code.code} />{" "}
      {code.state !== "live" ? (
        <span class="mark warn">
          {told(code.state === "expired" ? "order.code_expired" : "order.code_over")}
        </span>
      ) : (
        until && <span class="quiet">{told("order.until", { day: until })}</span>
      )}
      {renewed && (
        <span class="mark ok" role="status" tabIndex={-1} ref={said}>
          {told("order.renewed")}
        </span>
      )}
    </span>
  );
}

function Drop({ drop }: { drop: () => void }) {
  return (
    <button type="button" class="order-drop" onClick={drop}>
      <Icon name="close" size={18} />
      <span class="hidden">{told("order.drop")}</span>
    </button>
  );
}
