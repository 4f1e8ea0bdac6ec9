/**
 * What was found, as groups of lines: each line leads somewhere and shows the words that were looked for.
 */
import type { ReactNode } from "react";
import type { Found, Piece, Row } from "../../server/shapes";
import { fullTime } from "../../words/telling";
import type { Locale, Tell } from "../../words/words";
import { CodeChip, CustomerName, TierChip } from "../Marks";
import css from "./SearchDialog.module.css";

export interface Hit {
  key: string;
  /** Where it leads; without one it brings more. */
  href?: string;
  shown: ReactNode;
}

export interface Group {
  name: string;
  hits: Hit[];
}

export function groupsOf(found: Found, t: Tell, locale: Locale): Group[] {
  const groups: Group[] = [
    ...found.codes.map((code) => ({
      name: t("search.code", { code: code.name ? `${code.code} ${code.name}` : code.code }),
      hits: code.conversations.map((row) => aboutRow(`code ${code.code}`, row, t, locale)),
    })),
    { name: t("search.orders"), hits: found.orders.map((hit) => order(hit, t, locale)) },
    { name: t("search.customers"), hits: found.customers.map((hit) => customer(hit, t)) },
    { name: t("search.talks"), hits: [...found.talks.map((hit) => talk(hit, t, locale)), ...rest(found, t)] },
  ];
  return groups.filter((group) => group.hits.length > 0);
}

const rest = ({ next }: Found, t: Tell): Hit[] =>
  next ? [{ key: "more", shown: <span className={css.rest}>{t("do.load_more")}</span> }] : [];

function talk(hit: Found["talks"][number], t: Tell, locale: Locale): Hit {
  const { conversation, seq, at, author, more } = hit;
  return {
    key: `talk ${conversation.id}`,
    href: `/c/${conversation.id}?at=${seq}`,
    shown: (
      <>
        <Head row={conversation} at={at} t={t} locale={locale} />
        <span className={css.words}>
          <span className={css.author}>{t(`search.by.${author}`)}</span>
          <Pieces pieces={hit.excerpt} />
          {more > 0 && <span className={css.more}>{t("search.more", { n: more })}</span>}
        </span>
      </>
    ),
  };
}

function customer(hit: Found["customers"][number], t: Tell): Hit {
  return {
    key: `customer ${hit.customer.id}`,
    href: `/customers/${hit.customer.id}`,
    shown: (
      <>
        <span className={css.head}>
          <CustomerName customer={hit.customer} />
          <TierChip tier={hit.customer.tier} />
          <span className={css.when}>{t("search.conversations", { n: hit.conversations })}</span>
        </span>
        <span className={css.words}>
          <Pieces pieces={hit.excerpt} />
        </span>
      </>
    ),
  };
}

function order(hit: Found["orders"][number], t: Tell, locale: Locale): Hit {
  return {
    key: `order ${hit.number}`,
    href: `/c/${hit.conversation.id}`,
    shown: (
      <>
        <Head row={hit.conversation} at={hit.conversation.opened_at} t={t} locale={locale} />
        <span className={css.words}>
          <Pieces pieces={hit.excerpt} />
        </span>
      </>
    ),
  };
}

function aboutRow(kind: string, row: Row, t: Tell, locale: Locale): Hit {
  return {
    key: `${kind} ${row.id}`,
    href: `/c/${row.id}`,
    shown: <Head row={row} at={row.opened_at} t={t} locale={locale} />,
  };
}

function Head({ row, at, t, locale }: { row: Row; at: string; t: Tell; locale: Locale }) {
  return (
    <span className={css.head}>
      <CustomerName customer={row.customer} />
      <CodeChip topic={row.topic} />
      <span className={css.state}>{t(`status.${row.status}`)}</span>
      <time className={css.when} dateTime={at}>
        {fullTime(locale, at)}
      </time>
    </span>
  );
}

function Pieces({ pieces }: { pieces: Piece[] }) {
  return (
    <bdi className="one-line">
      {pieces.map((piece, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one line never move
        piece.found ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
      )}
    </bdi>
  );
}
