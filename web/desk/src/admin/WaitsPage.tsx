/**
 * How long customers waited in the last week, queue by queue, and how good what they were told was.
 */

import type { Me } from "../server/shapes";
import { useWords } from "../words/words";
import { PatienceRule } from "./PatienceRule";
import { type Column, Records } from "./Records";
import css from "./Records.module.css";
import { useRecords } from "./records";
import type { WaitRecord } from "./shapes";

const HELD_AIM = 0.85; // nine of ten is what is promised; below this the share is marked

export function WaitsPage({ me }: { me: Me }) {
  const { t } = useWords();
  return (
    <Records
      title={t("waits.title")}
      hint={t("waits.hint")}
      empty={t("waits.empty")}
      icon="clock"
      query={useRecords<WaitRecord>("waits")}
      columns={useColumns()}
      below={<PatienceRule me={me} />}
    />
  );
}

function useColumns(): Column<WaitRecord>[] {
  const { t, locale } = useWords();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent" });
  const minutes = (value?: number | null) =>
    value === null || value === undefined ? "–" : t("waits.minutes", { n: number.format(value) });
  return [
    {
      key: "queue",
      title: t("waits.queue"),
      show: (row) => (
        <div className={css.name}>
          {row.department.name}
          {row.required_tier > 1 && (
            <div className={css.detail}>{t(`topic.tier.${row.required_tier as 2 | 3}`)}</div>
          )}
        </div>
      ),
    },
    {
      key: "served",
      title: t("waits.served"),
      align: "right",
      from: "sm",
      show: (row) => (
        <div>
          {number.format(row.served)}
          {row.left > 0 && (
            <div className={css.detail}>{t("waits.left", { n: number.format(row.left) })}</div>
          )}
        </div>
      ),
    },
    {
      key: "mean",
      title: t("waits.mean"),
      align: "right",
      from: "sm",
      show: (row) => (
        <div>
          {minutes(row.mean_wait)}
          {row.untold > 0 && (
            <div className={css.detail}>
              {t("waits.untold", { n: number.format(row.untold), time: minutes(row.mean_untold) })}
            </div>
          )}
        </div>
      ),
    },
    {
      key: "held",
      title: t("waits.held"),
      align: "right",
      show: (row) =>
        row.told === 0 ? (
          "–"
        ) : (
          <div>
            <span className={row.held / row.told < HELD_AIM ? css.short : undefined}>
              {percent.format(row.held / row.told)}
            </span>
            <div className={css.detail}>{t("waits.of_told", { held: row.held, told: row.told })}</div>
          </div>
        ),
    },
    { key: "error", title: t("waits.error"), align: "right", show: (row) => minutes(row.error) },
  ];
}
