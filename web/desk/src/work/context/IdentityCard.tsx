/**
 * Who asks, and how surely: proved by the shop with their account there, claimed by the customer, or a visitor.
 */
import { Icon } from "../../frame/Icon";
import type { ContextView, Conversation, Money } from "../../server/shapes";
import { day, money } from "../../words/telling";
import { useWords } from "../../words/words";
import { TierChip } from "../Marks";
import css from "./ContextPanel.module.css";
import own from "./IdentityCard.module.css";

interface IdentityCardProps {
  conversation: Conversation;
  account: ContextView["account"];
}

export function IdentityCard({ conversation, account }: IdentityCardProps) {
  const { t, locale } = useWords();
  const { customer } = conversation;
  const kind = customer.proved ? "proved" : customer.claim_masked ? "claimed" : "visitor";
  const icon = kind === "proved" ? "proved" : kind === "claimed" ? "claimed" : "user";
  return (
    <section className={css.card}>
      <h3>{t("context.identity")}</h3>
      <p className={own.who}>
        <span className="one-line" dir="auto" title={customer.label}>
          {customer.label}
        </span>
        <TierChip tier={account?.tier || customer.tier} />
        <span className={own.proof} data-kind={kind}>
          <Icon name={icon} /> {t(`identity.${kind}`)}
        </span>
      </p>
      {account?.balance && <Balance balance={account.balance} />}
      <dl className={css.facts}>
        {customer.claim_masked && (
          <>
            <dt>{t("identity.claim")}</dt>
            <dd>{customer.claim_masked}</dd>
          </>
        )}
        {account && (
          <>
            <dt>{t("identity.account")}</dt>
            <dd>{account.subject}</dd>
          </>
        )}
        {account?.phone_masked && (
          <>
            <dt>{t("identity.phone")}</dt>
            <dd>{account.phone_masked}</dd>
          </>
        )}
        {account?.since && (
          <>
            <dt>{t("account.since")}</dt>
            <dd>{day(locale, account.since)}</dd>
          </>
        )}
      </dl>
      {kind !== "proved" && <p className={css.hint}>{t(`identity.${kind}.hint`)}</p>}
    </section>
  );
}

function Balance({ balance }: { balance: Money }) {
  const { t, locale } = useWords();
  return (
    <p className={own.balance}>
      <span>{t("account.balance")}</span>
      <b>{money(locale, balance.amount, balance.currency)}</b>
    </p>
  );
}
