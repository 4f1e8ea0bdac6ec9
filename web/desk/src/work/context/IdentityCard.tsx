/**
 * Who asks, and how surely: proved by the shop with their account there, claimed by the customer, or a visitor.
 */
import { Link } from "wouter";
import { Icon } from "../../frame/Icon";
import type { ContextView, Identity, Money } from "../../server/beside";
import type { Conversation } from "../../server/shapes";
import { day, money } from "../../words/telling";
import { useWords } from "../../words/words";
import { TierChip } from "../Marks";
import css from "./ContextPanel.module.css";
import own from "./IdentityCard.module.css";
import { Part } from "./Part";

interface IdentityCardProps {
  conversation: Conversation;
  account: ContextView["account"];
  identity: Identity | undefined;
}

export function IdentityCard({ conversation, account, identity }: IdentityCardProps) {
  const { t, locale } = useWords();
  const { customer } = conversation;
  const how = identity?.proved_by;
  const kind = customer.proved ? "proved" : customer.claim_masked ? "claimed" : "visitor";
  const order = how === "last_four" ? "order" : how === "look_up_password" ? "order_whole" : null;
  const badge = kind === "proved" ? kind : (order ?? kind);
  const icon = kind === "proved" ? "proved" : kind === "claimed" ? "claimed" : "user";
  return (
    <Part name="identity" title={t("context.identity")}>
      <p className={own.who}>
        <span className="one-line" dir="auto" title={customer.label}>
          {customer.label}
        </span>
        <TierChip tier={account?.tier || customer.tier} />
        <span className={own.proof} data-kind={badge}>
          <Icon name={icon} /> {t(`identity.${badge}`)}
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
      <p className={css.hint}>
        <Link href={`/customers/${customer.id}`}>{t("customer.open")}</Link>
      </p>
      {kind === "proved" && how && how !== "last_four" && how !== "look_up_password" && (
        <p className={css.hint}>{t(`identity.by.${how}`, { account: identity.account ?? "" })}</p>
      )}
      {badge !== "proved" && <p className={css.hint}>{t(`identity.${badge}.hint`)}</p>}
    </Part>
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
