/**
 * Playbooks: the list, and the page of one of them.
 */
import { Button, Table } from "antd";
import { Link, Route, Switch, useLocation } from "wouter";
import records from "../admin/Records.module.css";
import { Chip } from "../frame/Chip";
import { Icon } from "../frame/Icon";
import { Loading, Trouble } from "../frame/States";
import { useWords } from "../words/words";
import { NewPlaybook, PlaybookPage } from "./PlaybookPage";
import css from "./Playbooks.module.css";
import { type Line, usePlaybooks } from "./queries";

export function PlaybooksPage({ editable }: { editable: boolean }) {
  return (
    <Switch>
      {editable && (
        <Route path="/admin/playbooks/new">
          <NewPlaybook />
        </Route>
      )}
      <Route path="/admin/playbooks/:key">
        {({ key }) => <PlaybookPage key={key} name={key} editable={editable} />}
      </Route>
      <Route>
        <List editable={editable} />
      </Route>
    </Switch>
  );
}

function List({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const query = usePlaybooks();
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("playbooks.title")}</h1>
          <p>{t("playbooks.hint")}</p>
        </div>
        {editable && (
          <Button type="primary" icon={<Icon name="plus" />} onClick={() => go("/admin/playbooks/new")}>
            {t("playbooks.add")}
          </Button>
        )}
      </header>
      <div className={records.body}>
        {query.isPending ? (
          <Loading />
        ) : query.data ? (
          <Lines lines={query.data} />
        ) : (
          <Trouble error={query.error} again={() => void query.refetch()} />
        )}
      </div>
    </section>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  const { t, locale } = useWords();
  return (
    <Table<Line>
      rowKey="key"
      dataSource={lines}
      pagination={false}
      columns={[
        {
          key: "title",
          title: t("playbooks.name"),
          render: (_, line) => (
            <div className={records.name}>
              <Link className={css.open} href={`/admin/playbooks/${line.key}`}>
                {locale === "en" ? line.title_en : line.title}
              </Link>
              <div className={records.detail}>{line.key}</div>
            </div>
          ),
        },
        { key: "runs", title: t("playbooks.runs"), width: 170, render: (_, line) => <Runs line={line} /> },
        {
          key: "used",
          title: t("playbooks.used"),
          responsive: ["md"],
          render: (_, { codes, articles }) =>
            [...codes, ...articles.map(({ title }) => title[locale] ?? Object.values(title)[0])].join(
              t("board.between"),
            ) || "—",
        },
        {
          key: "steps",
          title: t("playbooks.steps"),
          width: 90,
          align: "right",
          responsive: ["sm"],
          render: (_, line) => line.steps,
        },
      ]}
    />
  );
}

function Runs({ line }: { line: Line }) {
  const { t } = useWords();
  const words =
    line.runs === "own"
      ? t("playbooks.runs.own", { n: line.published ?? 0 })
      : t(line.runs ? "playbooks.runs.shipped" : "playbooks.runs.none");
  return (
    <>
      <Chip tone={line.runs === "own" ? "good" : undefined}>{words}</Chip>
      {line.is_own && line.published !== line.newest && (
        <div className={css.newer}>{t("playbooks.newer", { n: line.newest })}</div>
      )}
    </>
  );
}
