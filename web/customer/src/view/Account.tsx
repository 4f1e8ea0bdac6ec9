/**
 * Who is asking: the account the shop vouches for, or what a visitor says about themselves.
 *
 * What a visitor types is a claim. It helps the agent look, proves nothing, and is shown so.
 */
import type { Customer } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import type { State } from "../model/state";
import { t } from "../words";
import { Icon } from "./Icon";
import { More } from "./More";

export function Account({ app, state }: { app: App; state: State }) {
  const { customer, standing } = state;
  const [typing, setTyping] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const wasTyping = useRef(false);
  useEffect(() => {
    if (wasTyping.current && !typing) edit.current?.focus();
    wasTyping.current = typing;
  }, [typing]);
  if (customer?.proved)
    return (
      <SignedIn
        customer={customer}
        leave={standing?.proved_by === "one_time_code" ? () => app.signOut() : null}
      />
    );
  const done = () => setTyping(false);
  if (typing)
    return (
      <More app={app} close={done}>
        {({ ClaimForm }) => <ClaimForm app={app} done={done} />}
      </More>
    );
  const masked = customer?.claim_masked;
  const order = standing?.orders[standing.orders.length - 1];
  return (
    <div class="account">
      <span class="account-icon">
        <Icon name="account" />
      </span>
      <span class="account-words">
        {masked ? (
          <>
            <strong class="digits">{masked}</strong>
            {!order && <span class="mark warn">{t("account.unproved")}</span>}
          </>
        ) : order ? (
          <strong>{t("account.visitor")}</strong>
        ) : (
          <>
            <strong>{t("account.visitor")}</strong>
            <span class="quiet">{t("account.visitor_hint")}</span>
          </>
        )}
        {order && (
          <button type="button" class="mark ok" onClick={() => app.store.patch({ looking: order })}>
            <Icon name="check" size={16} />
            {t("account.order_proved", { order })}
          </button>
        )}
      </span>
      <span class="account-ways">
        <button type="button" class="small-action" ref={edit} onClick={() => setTyping(true)}>
          {masked ? t("account.change") : t("account.fill")}
        </button>
        {(standing?.ways.length ?? 0) > 0 && !state.proving && (
          <button
            type="button"
            class="small-action"
            onClick={() => app.identity.ask(standing?.orders.length ? "" : state.order)}
          >
            {t("proof.ask")}
          </button>
        )}
      </span>
    </div>
  );
}

/** Who signed in at the shop signs out there; who proved themselves here, on a computer that others use, ends it here. */
function SignedIn({ customer, leave }: { customer: Customer; leave: (() => void) | null }) {
  return (
    <div class="account">
      <span class="account-icon proved">
        <Icon name="account" />
      </span>
      <span class="account-words">
        <strong>{customer.name || t("account.signed_in")}</strong>
        <span class="mark ok">
          <Icon name="check" size={16} />
          {t("account.proved")}
        </span>
      </span>
      {customer.tier && <span class="tier">{customer.tier}</span>}
      {leave && (
        <button type="button" class="small-action" onClick={leave}>
          {t("account.leave")}
        </button>
      )}
    </div>
  );
}
