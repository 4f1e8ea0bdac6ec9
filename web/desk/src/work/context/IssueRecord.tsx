/**
 * The card-issue record of an order line as a small timeline: what was done with the key, when, and by whom.
 *
 * Keys come masked from the shop and are shown as they come.
 */
import { wordFor } from "../../frame/told";
import type { IssueStep } from "../../server/shapes";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./IssueRecord.module.css";

interface IssueRecordProps {
  /** A top-up has no card: it arrives, or it does not. */
  kind: string;
  steps: IssueStep[];
}

export function IssueRecord({ kind, steps }: IssueRecordProps) {
  const { t, locale } = useWords();
  return (
    <div className={css.record}>
      <h4 className={css.title}>{t(kind === "top_up" ? "issue.title.top_up" : "issue.title")}</h4>
      <ol className={css.steps}>
        {steps.map((step) => {
          const word = wordFor("issue", step.action, undefined);
          return (
            <li
              key={`${step.at} ${step.action} ${step.key_masked}`}
              className={css.step}
              data-action={step.action}
            >
              <p className={css.what}>
                <b>{word ? t(word) : step.action}</b>
                {step.key_masked && <code>{step.key_masked}</code>}
              </p>
              <p className={css.more}>
                <time dateTime={step.at}>{fullTime(locale, step.at)}</time>
                {step.source && <span>{step.source}</span>}
                {step.to_masked && <span>{t("issue.to", { to: step.to_masked })}</span>}
              </p>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
