/**
 * One line of the audit: who did what to what, and what it was before, in the words of the forms.
 */
import type { Named } from "@mashang/protocol";
import { wordFor } from "../frame/told";
import { fullTime } from "../words/telling";
import { useWords, type WordKey } from "../words/words";
import css from "./AuditPage.module.css";
import { useRecords } from "./records";
import type { AuditLine } from "./shapes";

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
  reason: "block.reason",
  hours: "audit.hours",
  shop_id: "site.shop",
  shown: "topic.shown",
};

export function AuditEntry({ line }: { line: AuditLine }) {
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
