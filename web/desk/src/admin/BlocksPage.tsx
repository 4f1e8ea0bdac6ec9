/**
 * Who may not write now, why and for how long; from here they are let in again.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { Link } from "wouter";
import { sentence } from "../frame/States";
import { remove } from "../server/http";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import { type Column, Records } from "./Records";
import css from "./Records.module.css";
import { useRecords } from "./records";
import type { BlockRecord } from "./shapes";

export function BlocksPage() {
  const { t } = useWords();
  return (
    <Records
      title={t("blocks.title")}
      hint={t("blocks.hint")}
      empty={t("blocks.empty")}
      icon="block"
      query={useRecords<BlockRecord>("blocks")}
      columns={useColumns()}
    />
  );
}

function useColumns(): Column<BlockRecord>[] {
  const { t, locale } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const lift = useMutation({
    mutationFn: (id: string) => remove(`/admin/blocks/${id}`),
    onSettled: () => cache.invalidateQueries({ queryKey: ["admin", "blocks"] }),
    onError: (error) => void message.error(sentence(t, error)),
  });
  return [
    {
      key: "who",
      title: t("blocks.who"),
      show: (row) => (
        <div className={css.name}>
          <Link href={`/customers/${row.customer}`}>{row.label}</Link>
          <div className={css.detail}>{row.account ?? t("identity.visitor")}</div>
        </div>
      ),
    },
    {
      key: "reason",
      title: t("block.reason"),
      show: (row) => (
        <div dir="auto">
          {row.reason}
          {row.address && <div className={css.detail}>{t("block.with_address")}</div>}
        </div>
      ),
    },
    {
      key: "by",
      title: t("blocks.by"),
      from: "md",
      show: (row) => (
        <div>
          {row.by}
          <div className={css.detail}>{fullTime(locale, row.at)}</div>
        </div>
      ),
    },
    {
      key: "until",
      title: t("blocks.until"),
      from: "sm",
      show: (row) => (row.until ? fullTime(locale, row.until) : t("block.for.0")),
    },
    {
      key: "lift",
      title: t("field.actions"),
      align: "right",
      show: (row) => (
        <Button
          size="small"
          loading={lift.isPending && lift.variables === row.id}
          aria-label={t("blocks.lift", { name: row.label })}
          onClick={() => lift.mutate(row.id)}
        >
          {t("block.lift")}
        </Button>
      ),
    },
  ];
}
