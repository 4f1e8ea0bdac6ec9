/**
 * The columns of the list of articles; a row may be the heading of a category.
 */
import type { TableColumnsType } from "antd";
import type { ReactNode } from "react";
import { RowName } from "../admin/Records";
import { Chip } from "../frame/Chip";
import { Icon } from "../frame/Icon";
import { useNow } from "../live/DeskLine";
import { day, dayAndTime } from "../words/telling";
import { type Locale, type Tell, useWords } from "../words/words";
import css from "./ArticleList.module.css";
import { startOf } from "./days";
import type { ArticleRow } from "./shapes";

interface Heading {
  id: string;
  heading: string;
}
export type Shown = ArticleRow | Heading;

const isHeading = (row: Shown): row is Heading => "heading" in row;

interface Column {
  key: string;
  title: string;
  width?: number;
  from?: "sm" | "md" | "lg" | "xl";
  show(row: ArticleRow): ReactNode;
}

export function useColumns(open: (id: string) => void): TableColumnsType<Shown> {
  const { t, locale } = useWords();
  const now = useNow();
  const columns: Column[] = [
    {
      key: "title",
      title: t("knowledge.article"),
      show: (row) => (
        <RowName
          name={(locale === "en" && row.title_en) || row.title}
          detail={<Detail row={row} />}
          open={() => open(row.id)}
        />
      ),
    },
    { key: "state", title: t("knowledge.state"), width: 150, show: (row) => <State row={row} /> },
    {
      key: "phrasings",
      title: t("knowledge.phrasings"),
      width: 190,
      from: "sm",
      show: (row) => <Asked row={row} />,
    },
    {
      key: "review",
      title: t("knowledge.review"),
      width: 130,
      from: "md",
      show: (row) =>
        row.review_on && (
          <span className={row.due ? css.due : undefined}>
            {day(locale, startOf(row.review_on))}
            {row.due && ` · ${t("knowledge.due")}`}
          </span>
        ),
    },
    { key: "owner", title: t("knowledge.owner"), width: 120, from: "lg", show: (row) => row.owner ?? "" },
    {
      key: "changed",
      title: t("knowledge.changed"),
      width: 150,
      from: "xl",
      show: (row) => (
        <>
          {dayAndTime(locale, t, row.changed_at, now)}
          <div className={css.faint}>{row.changed_by ?? t("knowledge.by_itself")}</div>
        </>
      ),
    },
  ];
  return columns.map(({ show, from, ...column }, at) => ({
    ...column,
    ...(from ? { responsive: [from] } : {}),
    onCell: (row) => (isHeading(row) ? { colSpan: at === 0 ? columns.length : 0 } : {}),
    render: (_: unknown, row: Shown) =>
      isHeading(row) ? at === 0 && <strong className={css.heading}>{row.heading}</strong> : show(row),
  }));
}

function Detail({ row }: { row: ArticleRow }) {
  const { t } = useWords();
  return (
    <>
      <code className={css.key}>{row.key}</code>
      {!row.title_en && ` · ${t("knowledge.only_zh")}`}
    </>
  );
}

export function State({ row }: { row: ArticleRow }) {
  const { t, locale } = useWords();
  const span = spanOf(t, locale, row);
  const told = row.told ? "good" : "warn";
  const tone = row.status === "published" ? told : undefined;
  return (
    <>
      <Chip tone={tone}>{t(`knowledge.status.${row.status}`)}</Chip>
      {row.changed && <div className={css.faint}>{t("knowledge.newer_draft")}</div>}
      {span && <div className={css.faint}>{span}</div>}
    </>
  );
}

/** From when until when it is valid, where that is bounded. */
function spanOf(t: Tell, locale: Locale, { valid_from, valid_until }: ArticleRow): string {
  if (valid_from && valid_until)
    return t("knowledge.valid", { from: day(locale, valid_from), until: day(locale, valid_until) });
  if (valid_from) return t("knowledge.valid_from", { from: day(locale, valid_from) });
  return valid_until ? t("knowledge.valid_until", { until: day(locale, valid_until) }) : "";
}

function Asked({ row }: { row: ArticleRow }) {
  const { t } = useWords();
  return (
    <>
      {t("knowledge.asked", { zh: row.phrasings, en: row.phrasings_en })}
      {row.proposed > 0 && (
        <div className={css.todo}>
          <Icon name="bell" /> {t("knowledge.proposed", { n: row.proposed })}
        </div>
      )}
    </>
  );
}
