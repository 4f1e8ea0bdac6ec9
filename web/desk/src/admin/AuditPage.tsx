/**
 * Who changed what, newest first. Reading needs no words of machines: each action has its sentence.
 */
import type { Named } from "@mashang/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, Trouble } from "../frame/States";
import { wordFor } from "../frame/told";
import { get } from "../server/http";
import type { AuditLine, AuditPage as Page } from "../server/shapes";
import { fullTime } from "../words/telling";
import { useWords, type WordKey } from "../words/words";
import css from "./AuditPage.module.css";
import records from "./Records.module.css";
import { useRecords } from "./records";

/** What the fields are called in their forms. */
const FIELDS: Record<string, WordKey> = {
  address: "audit.address",
  aliases: "topic.aliases",
  base_url: "shop.base_url",
  capacity: "person.capacity",
  code: "topic.code",
  context: "topic.context",
  department: "field.department",
  departments: "people.departments",
  greeting: "topic.greeting",
  greeting_en: "topic.greeting_en",
  icon: "topic.icon",
  kid: "site.key.kid",
  login: "person.login",
  looks: "looks.title",
  name: "field.name",
  name_en: "field.name_en",
  origins: "site.origins",
  position: "field.position",
  role: "person.role",
  shop_id: "site.shop",
  shown: "topic.shown",
};

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
  const subject = useSubject();
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
                  <dt>{FIELDS[name] ? t(FIELDS[name]) : name}</dt>
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

function differences({ before, after }: AuditLine): [string, string, string][] {
  const names = new Set([...Object.keys((before as Values) ?? {}), ...Object.keys((after as Values) ?? {})]);
  return [...names].map((name) => [name, told((before as Values)?.[name]), told((after as Values)?.[name])]);
}

function told(value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a line is about, by the name people know: as it was then, as it is now, or the code itself. */
function useSubject(): (line: AuditLine) => string {
  const names = new Map(useNamed().map(({ id, name }) => [id, name]));
  return ({ action, subject, before, after, by }) => {
    if (action === "agent.signed_in" || subject === by?.id) return "";
    const then = (after as Values)?.name ?? (before as Values)?.name;
    return typeof then === "string" && then ? then : (names.get(subject) ?? subject);
  };
}

function useNamed(): Named[] {
  return [
    useRecords<Named>("departments"),
    useRecords<Named>("people"),
    useRecords<Named>("sites"),
    useRecords<Named>("shops"),
  ].flatMap((query) => query.data ?? []);
}
