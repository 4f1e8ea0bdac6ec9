/**
 * One line for each code, sorted by whatever one asks; behind each name stands the rest of it.
 *
 * What a narrow screen leaves out is in the drawer.
 */
import { Table, type TableProps } from "antd";
import type { ReactNode } from "react";
import { RowName } from "../admin/Records";
import { useWords, type WordKey } from "../words/words";
import css from "./FiguresPage.module.css";
import { type CodeFigures, tooLate, wrongTurns } from "./shapes";
import { took } from "./took";

type Width = "sm" | "md" | "lg";

interface Column {
  word: WordKey;
  from?: Width;
  value(one: CodeFigures): number;
  show?(one: CodeFigures): ReactNode;
}

export function CodeTable({ codes, open }: { codes: CodeFigures[]; open(one: CodeFigures): void }) {
  const { t } = useWords();
  return (
    <div className={css.table}>
      <Table<CodeFigures>
        rowKey="id"
        size="middle"
        dataSource={codes}
        pagination={codes.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        showSorterTooltip={false}
        sortDirections={["descend", "ascend"]}
        columns={useColumns(open)}
        aria-label={t("figures.codes")}
      />
    </div>
  );
}

function useColumns(open: (one: CodeFigures) => void): NonNullable<TableProps<CodeFigures>["columns"]> {
  const { t } = useWords();
  const numbers: Column[] = [
    { word: "figures.hits", value: (one) => one.hits },
    { word: "figures.corrected", from: "md", value: (one) => one.corrected },
    { word: "figures.asked", from: "md", value: (one) => one.asked },
    { word: "figures.wrong", from: "sm", value: wrongTurns },
    { word: "figures.too_late", from: "md", value: tooLate },
    { word: "figures.left", from: "sm", value: (one) => one.left },
    { word: "figures.answer", value: (one) => one.answer.median ?? -1, show: (one) => <Answer one={one} /> },
  ];
  return [
    {
      key: "code",
      title: t("figures.code"),
      width: "24%",
      sorter: (one, other) => one.code.localeCompare(other.code),
      render: (_: unknown, one: CodeFigures) => (
        <RowName
          name={`${one.code} ${one.name}`}
          detail={one.archived ? `${one.department} · ${t("figures.archived")}` : one.department}
          open={() => open(one)}
        />
      ),
    },
    ...numbers.map(({ word, from, value, show }) => ({
      key: word,
      title: t(word),
      align: "right" as const,
      ...(show && { width: "24%" }),
      ...(from && { responsive: [from] }),
      sorter: (one: CodeFigures, other: CodeFigures) => value(one) - value(other),
      ...(word === "figures.hits" && { defaultSortOrder: "descend" as const }),
      render: (_: unknown, one: CodeFigures) => (show ? show(one) : <Count n={value(one)} />),
    })),
  ];
}

/** Nothing is passed over by the eye, so that what is not nothing stands out. */
const Count = ({ n }: { n: number }) => <span data-nothing={n === 0}>{n}</span>;

function Answer({ one }: { one: CodeFigures }) {
  const { t } = useWords();
  const { n, median, q1, q3 } = one.answer;
  if (median === null) return <span data-nothing="true">–</span>;
  return (
    <div>
      {took(t, median)}
      <div className={css.detail}>{t("figures.spread.short", { n, q1: took(t, q1), q3: took(t, q3) })}</div>
    </div>
  );
}
