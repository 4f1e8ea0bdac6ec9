/**
 * What a file does, or would do: article by article, and what is wrong with it, line by line.
 */
import { Link } from "wouter";
import { Icon } from "../frame/Icon";
import { isWord, useWords, type WordKey } from "../words/words";
import css from "./Transfer.module.css";
import type { Change, ImportReport, Told } from "./transfer";

const MOST_SHOWN = 200;

export function Report({ report }: { report: ImportReport }) {
  const { t } = useWords();
  const count = (what: Change["what"]) => report.changes.filter((one) => one.what === what).length;
  const differing = report.changes.filter(({ what }) => what !== "same");
  const failed = report.problems.length > 0;
  return (
    <div className={css.report} role={failed ? "alert" : "status"}>
      <p className={failed ? css.bad : css.good}>
        <Icon name={failed ? "alert" : "check"} />{" "}
        {failed
          ? t("exchange.nothing_done", { n: report.problems.length })
          : report.done
            ? t("exchange.done")
            : t("exchange.would")}
      </p>
      <p className={css.faint}>
        {report.encoding && `${t("exchange.encoding", { name: report.encoding })} · `}
        {t(report.done ? "exchange.done.counts" : "exchange.counts", {
          fresh: count("new"),
          changed: count("changed"),
          same: count("same"),
        })}
      </p>
      <Lines lines={report.problems} bad />
      <Lines lines={report.notes} />
      {report.more > 0 && <p className={css.faint}>{t("exchange.more", { n: report.more })}</p>}
      {differing.length > 0 && !failed && (
        <ul className={css.changes}>
          {differing.slice(0, MOST_SHOWN).map((one) => (
            <One key={one.key} change={one} />
          ))}
        </ul>
      )}
      {differing.length > MOST_SHOWN && !failed && (
        <p className={css.faint}>{t("exchange.more", { n: differing.length - MOST_SHOWN })}</p>
      )}
      {report.done && <Link href="/knowledge">{t("exchange.look")}</Link>}
    </div>
  );
}

function Lines({ lines, bad }: { lines: Told[]; bad?: boolean }) {
  const { t } = useWords();
  if (lines.length === 0) return null;
  return (
    <ul className={css.lines} data-bad={bad}>
      {lines.map(({ line, file, message }) => (
        <li key={`${file} ${line} ${message}`}>
          <b>{file ? t("exchange.place.file", { file, line }) : t("exchange.place", { line })}</b> {message}
        </li>
      ))}
    </ul>
  );
}

/** A field of the report in the page's words; a text's names its language. */
const FIELDS: Record<string, WordKey> = {
  category: "knowledge.category",
  owner: "knowledge.owner",
  review_on: "knowledge.review",
  valid_from: "knowledge.from",
  valid_until: "knowledge.until",
  codes: "knowledge.codes",
  departments: "knowledge.departments",
  playbook: "knowledge.playbook",
  procedure_only: "knowledge.procedure_only",
  status: "knowledge.state",
  title: "knowledge.title.field",
  body: "knowledge.text",
};

function One({ change }: { change: Change }) {
  const { t } = useWords();
  const named = (field: string) => {
    const [name = "", locale] = field.split(".");
    const word = FIELDS[name];
    const language = `language.${locale}`;
    if (!word) return field;
    return locale && isWord(language) ? `${t(word)} (${t(language)})` : t(word);
  };
  const told = [
    ...change.fields.map(named),
    ...(change.added ? [t("exchange.added", { n: change.added })] : []),
    ...(change.removed ? [t("exchange.removed", { n: change.removed })] : []),
    ...(change.publishes ? [t("exchange.publishes")] : []),
  ];
  return (
    <li>
      <span className={css.what} data-what={change.what}>
        {t(`exchange.what.${change.what}`)}
      </span>
      <span dir="auto">{change.title}</span> <code>{change.key}</code>
      {told.length > 0 && <div className={css.faint}>{told.join(" · ")}</div>}
    </li>
  );
}
