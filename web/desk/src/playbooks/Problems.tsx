/**
 * What is wrong with a playbook: each with its line and column, to which a press leads.
 */
import { Icon } from "../frame/Icon";
import { useWords } from "../words/words";
import css from "./Playbooks.module.css";
import type { Problem } from "./queries";

interface ProblemsProps {
  problems: Problem[];
  show(line: number, column: number): void;
  isChecked: boolean;
}

export function Problems({ problems, show, isChecked }: ProblemsProps) {
  const { t, locale } = useWords();
  return (
    <div className={css.problems} role="status">
      {problems.length === 0 && isChecked && (
        <p className={css.fine}>
          <Icon name="check" /> {t("playbooks.fine")}
        </p>
      )}
      {problems.length > 0 && (
        <ul aria-label={t("playbooks.problems")}>
          {problems.map((problem) => (
            <li key={`${problem.line}.${problem.column}.${problem.code}.${problem.path}`}>
              <button type="button" onClick={() => show(problem.line, problem.column)}>
                <b>{t("playbooks.line", { n: problem.line, column: problem.column })}</b>{" "}
                {problem.told[locale]}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
