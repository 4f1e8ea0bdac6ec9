/**
 * One line of the audit: who did what to what, and what it was before, in the words of the forms.
 */
import type { Named } from "@mashang/protocol";
import { wordFor } from "../frame/told";
import { fullTime } from "../words/telling";
import { type Tell, useWords, type WordKey } from "../words/words";
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
  count: "campaigns.count",
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
  pictures: "replies.pictures",
  position: "field.position",
  role: "person.role",
  reason: "block.reason",
  hours: "audit.hours",
  shop_id: "site.shop",
  shortcut: "replies.shortcut",
  required_tier: "topic.tier",
  roles: "person.role",
  shown: "topic.shown",
  skills: "person.skills",
  steps: "macros.steps",
  text_en: "replies.text_en",
  tier: "person.tier",
  title: "replies.name",
  successor: "topic.successor",
  topic: "campaigns.topic",
  uses: "campaigns.uses",
  monday: "day.0",
  tuesday: "day.1",
  wednesday: "day.2",
  thursday: "day.3",
  friday: "day.4",
  saturday: "day.5",
  sunday: "day.6",
};

function fieldWord(t: Tell, name: string): string {
  const word = FIELDS[name] ?? wordFor("audit.field", name, undefined);
  return word ? t(word) : name;
}

export function AuditEntry({ line }: { line: AuditLine }) {
  const { t, locale } = useWords();
  const subject = useSubject();
  const word = wordFor("audit", line.action, undefined);
  const changes = differences(line, useTelling());
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
                  <dt>{fieldWord(t, name)}</dt>
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
type Telling = (name: string, value: unknown) => string;

function differences({ before, after }: AuditLine, told: Telling): [string, string, string][] {
  const names = new Set([...Object.keys((before as Values) ?? {}), ...Object.keys((after as Values) ?? {})]);
  return [...names].map((name) => [
    name,
    told(name, (before as Values)?.[name]),
    told(name, (after as Values)?.[name]),
  ]);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** A value in the words of the forms: yes and no, roles, times, lists. */
function useTelling(): Telling {
  const { t, locale } = useWords();
  const told: Telling = (name, value) => {
    if (value === undefined || value === null || value === "") return "";
    if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
    if (Array.isArray(value)) return value.map((one) => told(name, one)).join(t("list.separator"));
    if (typeof value === "object")
      return Object.entries(value)
        .map(([part, one]) => `${part} ${told(part, one)}`)
        .join(t("list.separator"));
    const text = String(value);
    const word = name.startsWith("role") ? wordFor("role", text, undefined) : tierWord(name, text);
    if (word) return t(word);
    return INSTANT.test(text) ? fullTime(locale, text) : text;
  };
  return told;
}

/** Of people and places, and of what agents say. */
const nameIn = (values: Values) => values?.name ?? values?.title;

const tierWord = (name: string, text: string) =>
  name === "tier" || name === "required_tier" ? wordFor("topic.tier", text, undefined) : undefined;

/** What a line is about, by the name people know: as it was then, as it is now, or the code itself. */
function useSubject(): (line: AuditLine) => string {
  const { t } = useWords();
  const names = new Map(useNamed().map(({ id, name }) => [id, name]));
  return ({ action, subject, before, after, by }) => {
    if (action === "agent.signed_in" || subject === by?.id || subject === "roles") return "";
    const then = nameIn(after as Values) ?? nameIn(before as Values);
    if (subject === "everywhere") return t("hours.everywhere");
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
