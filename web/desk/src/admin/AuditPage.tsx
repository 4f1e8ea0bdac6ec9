/**
 * Who changed what, newest first. Reading needs no words of machines: each action has its sentence.
 */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import { wordFor } from "../frame/told";
import { get } from "../server/http";
import type { AuditLine, AuditPage as Page } from "../server/shapes";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import css from "./AuditPage.module.css";
import records from "./Records.module.css";

const useAudit = () =>
  useInfiniteQuery({
    queryKey: ["admin", "audit"],
    queryFn: ({ pageParam }) => get<Page>(`/admin/audit?limit=50${pageParam ? `&cursor=${pageParam}` : ""}`),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
  });

export function AuditPage() {
  const { t } = useWords();
  const audit = useAudit();
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("audit.title")}</h1>
          <p>{t("audit.hint")}</p>
        </div>
        <Button
          icon={<Icon name="refresh" />}
          loading={audit.isRefetching}
          onClick={() => void audit.refetch()}
        >
          {t("do.refresh")}
        </Button>
      </header>
      <div className={records.body}>
        <Lines audit={audit} />
      </div>
    </section>
  );
}

function Lines({ audit }: { audit: ReturnType<typeof useAudit> }) {
  const { t } = useWords();
  if (audit.isPending) return <Loading />;
  if (!audit.data) return <Trouble error={audit.error} again={() => void audit.refetch()} />;
  const lines = audit.data.pages.flatMap((page) => page.lines);
  if (lines.length === 0) return <Nothing icon="audit" title={t("audit.empty")} />;
  return (
    <>
      <ol className={css.lines}>
        {lines.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ol>
      {audit.hasNextPage && (
        <p className={css.more}>
          <Button loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t("do.load_more")}
          </Button>
        </p>
      )}
    </>
  );
}

function Line({ line }: { line: AuditLine }) {
  const { t, locale } = useWords();
  const word = wordFor("audit", line.action, undefined);
  const changes = differences(line);
  return (
    <li className={css.line}>
      <time dateTime={line.at}>{fullTime(locale, line.at)}</time>
      <div className={css.what}>
        <p>
          <b>{line.by?.name ?? t("audit.system")}</b> {word ? t(word) : line.action}{" "}
          <span className={css.subject}>{subject(line)}</span>
        </p>
        {changes.length > 0 && (
          <details>
            <summary>{t("audit.details", { n: changes.length })}</summary>
            <dl className={css.changes}>
              {changes.map(([name, before, after]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    {before && <del>{before}</del>} {after && <ins>{after}</ins>}
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
    </li>
  );
}

type Values = Record<string, unknown> | null | undefined;

/** The name a person knows, when what was changed has one; else its id. */
function subject({ before, after, subject: id }: AuditLine): string {
  const named = (after as Values)?.name ?? (before as Values)?.name;
  return typeof named === "string" && named ? named : id;
}

function differences({ before, after }: AuditLine): [string, string, string][] {
  const names = new Set([...Object.keys((before as Values) ?? {}), ...Object.keys((after as Values) ?? {})]);
  return [...names].map((name) => [name, told((before as Values)?.[name]), told((after as Values)?.[name])]);
}

function told(value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
