/**
 * The customer's account with the shop: balance, tier, since when.
 */
import type { ContextView } from "../../server/shapes";
import { fullTime, money } from "../../words/telling";
import { useWords } from "../../words/words";
import own from "./AccountCard.module.css";
import css from "./ContextPanel.module.css";

export function AccountCard({ account }: { account: NonNullable<ContextView["account"]> }) {
  const { t, locale } = useWords();
  return (
    <section className={css.card}>
      <h3>{t("account.title")}</h3>
      {account.balance && (
        <p className={own.balance}>
          <span>{t("account.balance")}</span>
          <b>{money(locale, account.balance.amount, account.balance.currency)}</b>
        </p>
      )}
      <dl className={css.facts}>
        <dt>{t("account.name")}</dt>
        <dd>{account.name}</dd>
        {account.tier && (
          <>
            <dt>{t("account.tier")}</dt>
            <dd>{account.tier}</dd>
          </>
        )}
        {account.since && (
          <>
            <dt>{t("account.since")}</dt>
            <dd>{fullTime(locale, account.since)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
