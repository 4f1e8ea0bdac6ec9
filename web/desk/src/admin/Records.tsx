/**
 * A list page of the administration: title, what it is for, the table, and the button that adds one.
 *
 * On narrow screens the columns that can wait are left out; opening a row shows everything.
 */
import type { UseQueryResult } from "@tanstack/react-query";
import { Button, Table } from "antd";
import type { ReactNode } from "react";
import { Icon, type IconName } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import css from "./Records.module.css";

export interface Column<T> {
  key: string;
  title: string;
  width?: number | string;
  /** The narrowest screen that shows it. */
  from?: "sm" | "md" | "lg" | "xl";
  align?: "right";
  show(row: T): ReactNode;
}

interface RecordsProps<T> {
  title: string;
  hint: string;
  icon: IconName;
  empty: string;
  query: UseQueryResult<T[]>;
  columns: Column<T>[];
  /** The words of the button that adds one; without it none can be added. */
  add?: string | undefined;
  open?(row?: T): void;
  /** What else is done with the list, beside the button that adds one. */
  beside?: ReactNode;
  /** What belongs to the list and stands under it. */
  below?: ReactNode;
}

export function Records<T extends { id: string }>(props: RecordsProps<T>) {
  const { title, hint, add, open } = props;
  return (
    <section className={css.page}>
      <header className={css.head}>
        <div>
          <h1>{title}</h1>
          <p>{hint}</p>
        </div>
        <div className={css.ways}>
          {props.beside}
          {add && (
            <Button type="primary" icon={<Icon name="plus" />} onClick={() => open?.()}>
              {add}
            </Button>
          )}
        </div>
      </header>
      <div className={css.body}>
        <Body {...props} />
      </div>
      {props.below}
    </section>
  );
}

function Body<T extends { id: string }>({ query, columns, icon, empty, add, open }: RecordsProps<T>) {
  if (query.isPending) return <Loading />;
  if (!query.data) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (query.data.length === 0)
    return (
      <Nothing icon={icon} title={empty}>
        {add && <Button onClick={() => open?.()}>{add}</Button>}
      </Nothing>
    );
  return (
    <Table<T>
      rowKey="id"
      dataSource={query.data}
      pagination={query.data.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
      columns={columns.map(({ key, title, width, from, align, show }) => ({
        key,
        title,
        width,
        align,
        responsive: from && [from],
        render: (_: unknown, row: T) => show(row),
      }))}
    />
  );
}

/** The name of a row, which opens it. */
export function RowName({ name, detail, open }: { name: string; detail?: ReactNode; open(): void }) {
  return (
    <div className={css.name}>
      <button type="button" onClick={open}>
        {name}
      </button>
      {detail && <div className={css.detail}>{detail}</div>}
    </div>
  );
}
