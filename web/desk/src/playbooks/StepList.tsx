/**
 * A playbook as a picture: its steps one below the other, what each does, says, and where it leads.
 */
import { Icon, type IconName } from "../frame/Icon";
import { wordFor } from "../frame/told";
import { useWords } from "../words/words";
import css from "./Playbooks.module.css";
import type { Step } from "./queries";

export const ICONS: Record<Step["does"], IconName> = {
  ask: "claimed",
  look_up: "search",
  decide: "transfer",
  act: "bolt",
  say: "message",
  hand_over: "user",
  solved: "check",
};

export function StepList({ steps, show }: { steps: Step[]; show(step: string): void }) {
  const { t, locale } = useWords();
  /** What must come for this way to be taken: its button's words, a condition by its number, or what came of the step. */
  const wayOf = ({ does, ways }: Step, { name, text }: Step["ways"][number], at: number) => {
    if (name.startsWith("options.")) return t("playbooks.way.button", { text: text[locale] ?? "" });
    if (!name.startsWith("decide."))
      return t(wordFor("playbooks.way", `${does}.${name}`, "playbooks.way.then"));
    return at + 1 < ways.length ? t("playbooks.way.case", { n: at + 1 }) : t("playbooks.way.otherwise");
  };
  if (steps.length === 0) return <p className={css.faint}>{t("playbooks.steps.none")}</p>;
  return (
    <ol className={css.steps}>
      {steps.map((step) => (
        <li key={step.name} className={css.step} data-does={step.does}>
          <button type="button" className={css.stepName} onClick={() => show(step.name)}>
            <Icon name={ICONS[step.does]} />
            <b>{step.name}</b>
            <span>
              {t(`playbooks.does.${step.does}`)}
              {step.of && ` · ${t(wordFor("playbooks.of", step.of, "playbooks.of.other"))}`}
            </span>
          </button>
          {step.text[locale] && <p className={css.said}>{step.text[locale]}</p>}
          {step.ways.length > 0 && (
            <ul className={css.ways}>
              {step.ways.map((way, at) => (
                <li key={way.name}>
                  <span>{wayOf(step, way, at)}</span> →
                  <button type="button" onClick={() => show(way.to)}>
                    {way.to}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}
