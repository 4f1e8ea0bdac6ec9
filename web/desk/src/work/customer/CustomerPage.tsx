/**
 * A customer's page: who it is and how surely, what they came with before, their orders, notes of colleagues, and
 * whether they are blocked.
 *
 * Each conversation opens where it is; what is over opens to be read.
 */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { Link } from "wouter";
import { Icon } from "../../frame/Icon";
import { Loading, Nothing, Trouble } from "../../frame/States";
import { useNow } from "../../live/DeskLine";
import { get, Refused } from "../../server/http";
import type { CustomerView, Me } from "../../server/shapes";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import { ConversationRow } from "../list/ConversationRow";
import { CustomerName, TierChip } from "../Marks";
import { BlockCard, BlockDialog } from "./Blocking";
import { CustomerNotes } from "./CustomerNotes";
import css from "./CustomerPage.module.css";
import { customerKey } from "./changing";
import { KnownOrders } from "./KnownOrders";

export function CustomerPage({ id, me }: { id: string; me: Me }) {
  const { t } = useWords();
  const asked = useQuery({
    queryKey: customerKey(id),
    queryFn: () => get<CustomerView>(`/desk/customers/${id}`),
  });
  if (asked.error instanceof Refused && asked.error.status === 404)
    return <Nothing icon="user" title={t("customer.gone")} hint={t("customer.gone.hint")} />;
  if (asked.isPending) return <Loading />;
  if (!asked.data) return <Trouble error={asked.error} again={() => void asked.refetch()} />;
  return <Shown view={asked.data} id={id} me={me} />;
}

function Shown({ view, id, me }: { view: CustomerView; id: string; me: Me }) {
  const { t } = useWords();
  const [blocking, setBlocking] = useState(false);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={css.page} tabIndex={0} aria-label={t("customer.title")}>
      <header className={css.head}>
        <Link href="/" className={css.back} aria-label={t("do.back")}>
          <Icon name="back" />
        </Link>
        <h1>
          <CustomerName customer={view.customer} />
          <TierChip tier={view.customer.tier} />
        </h1>
        {!view.block && (
          <Button danger icon={<Icon name="block" />} onClick={() => setBlocking(true)}>
            {t("block.do")}
          </Button>
        )}
      </header>
      {view.block && <BlockCard block={view.block} id={id} me={me} />}
      <div className={css.columns}>
        <Conversations view={view} me={me} />
        <div className={css.side}>
          <Facts view={view} />
          <CustomerNotes view={view} id={id} />
          <KnownOrders orders={view.orders} />
        </div>
      </div>
      <BlockDialog view={view} id={id} open={blocking} close={() => setBlocking(false)} />
    </section>
  );
}

function Conversations({ view, me }: { view: CustomerView; me: Me }) {
  const { t } = useWords();
  const now = useNow();
  const more = view.total - view.conversations.length;
  return (
    <section className={css.card} aria-labelledby="customer-conversations">
      <h2 id="customer-conversations">
        {t("customer.conversations")} <span>{view.total}</span>
      </h2>
      <ul className={css.conversations}>
        {view.conversations.map((row, at) => (
          <li key={row.id}>
            <ConversationRow row={row} me={me} now={now} at={at} selected={false} reachable />
          </li>
        ))}
      </ul>
      {more > 0 && <p className={css.hint}>{t("customer.more", { n: more })}</p>}
    </section>
  );
}

function Facts({ view }: { view: CustomerView }) {
  const { t, locale } = useWords();
  const { customer } = view;
  const kind = customer.proved ? "proved" : customer.claim_masked ? "claimed" : "visitor";
  return (
    <section className={css.card} aria-labelledby="customer-facts">
      <h2 id="customer-facts">{t("context.identity")}</h2>
      <dl className={css.facts}>
        <dt>{t("customer.standing")}</dt>
        <dd>{t(`identity.${kind}`)}</dd>
        {view.account && (
          <>
            <dt>{t("identity.account")}</dt>
            <dd>{view.account}</dd>
          </>
        )}
        {customer.claim_masked && (
          <>
            <dt>{t("identity.claim")}</dt>
            <dd>{customer.claim_masked}</dd>
          </>
        )}
        {view.browsers > 0 && (
          <>
            <dt>{t("customer.browsers")}</dt>
            <dd>{t("customer.browsers.n", { n: view.browsers })}</dd>
          </>
        )}
        <dt>{t("field.site")}</dt>
        <dd>{view.site.name}</dd>
        <dt>{t("customer.since")}</dt>
        <dd>{fullTime(locale, view.created_at)}</dd>
        <dt>{t("customer.seen")}</dt>
        <dd>{fullTime(locale, view.seen_at)}</dd>
      </dl>
      {kind !== "proved" && <p className={css.hint}>{t(`identity.${kind}.hint`)}</p>}
    </section>
  );
}
