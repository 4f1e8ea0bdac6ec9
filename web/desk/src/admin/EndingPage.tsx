/**
 * Which codes die: those that ended and are still asked for, that end soon, that nobody uses; and of minted codes what
 * became of them. What is to be decided is decided here: when a code ends, what follows on it, whether it goes.
 */
import { useQuery } from "@tanstack/react-query";
import { Table } from "antd";
import { useState } from "react";
import { ExportButton } from "../frame/ExportButton";
import { Loading, Nothing, Trouble } from "../frame/States";
import { get } from "../server/http";
import type { Me } from "../server/shapes";
import { edits } from "../staff";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import { EndingDrawer } from "./EndingDrawer";
import { EndingGroups } from "./EndingGroups";
import css from "./EndingPage.module.css";
import { RowName } from "./Records";
import records from "./Records.module.css";
import type { EndingCodes, EndingTopic } from "./shapes";

export function EndingPage({ me }: { me: Me }) {
  const { t, locale } = useWords();
  const query = useQuery({
    queryKey: ["admin", "ending-codes", locale],
    queryFn: () => get<EndingCodes>("/admin/ending-codes"),
  });
  const editable = edits(me);
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("ending.title")}</h1>
          <p>{t("ending.hint")}</p>
        </div>
        {me.permissions.includes("conversations.export") && (
          <ExportButton path="/admin/ending-codes/export" file="ending-codes.csv" />
        )}
      </header>
      {query.data ? (
        <>
          <Topics topics={query.data.topics} editable={editable} />
          <EndingGroups groups={query.data.groups} editable={editable} />
        </>
      ) : query.isPending ? (
        <Loading />
      ) : (
        <Trouble error={query.error} again={() => void query.refetch()} />
      )}
    </section>
  );
}

function Topics({ topics, editable }: { topics: EndingTopic[]; editable: boolean }) {
  const { t, locale } = useWords();
  const [decided, setDecided] = useState<EndingTopic>();
  const time = (at: string | null) => (at ? fullTime(locale, at) : "–");
  return (
    <>
      <div className={records.body}>
        {topics.length === 0 ? (
          <Nothing icon="code" title={t("ending.none")} />
        ) : (
          <Table<EndingTopic>
            rowKey="id"
            dataSource={topics}
            pagination={topics.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
            columns={[
              {
                title: t("topic.code"),
                render: (_, row) => (
                  <RowName
                    name={`${row.code} ${row.name}`}
                    detail={row.department}
                    open={() => setDecided(row)}
                  />
                ),
              },
              {
                title: t("ending.concern"),
                render: (_, row) => (
                  <>
                    <span className={css.concern} data-concern={row.concern}>
                      {t(`ending.${row.concern}`)}
                    </span>
                    {row.attempts > 0 && (
                      <div className={records.detail}>{t("ending.attempts", { n: row.attempts })}</div>
                    )}
                  </>
                ),
              },
              {
                title: t("ending.ends_at"),
                responsive: ["md"],
                render: (_, row) => time(row.ends_at),
              },
              {
                title: t("ending.last_used"),
                responsive: ["lg"],
                render: (_, row) => (row.last_used_at ? time(row.last_used_at) : t("ending.never")),
              },
              {
                title: t("topic.successor"),
                responsive: ["sm"],
                render: (_, row) => <Follows row={row} />,
              },
            ]}
          />
        )}
      </div>
      {decided && <EndingDrawer topic={decided} editable={editable} close={() => setDecided(undefined)} />}
    </>
  );
}

/** What was named to follow, and what customers are offered now where that is something else. */
function Follows({ row: { successor, instead, concern } }: { row: EndingTopic }) {
  const { t } = useWords();
  const nobody = concern === "still_asked" && !instead;
  return (
    <>
      {successor ? <code>{successor}</code> : <span className={css.none}>{t("ending.not_named")}</span>}
      {instead && instead !== successor && (
        <div className={records.detail}>{t("ending.instead", { code: instead })}</div>
      )}
      {nobody && <div className={records.short}>{t("ending.no_offer")}</div>}
    </>
  );
}
