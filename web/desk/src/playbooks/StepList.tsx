/**
 * A playbook as a picture: its steps one below the other, what each does, says, and where it leads.
 *
 * Told in words, by number; the name a step has in the text stands small beside it.
 */
import { Icon, type IconName } from "../frame/Icon";
import { wordFor } from "../frame/told";
import { useWords } from "../words/words";
import css from "./Playbooks.module.css";
import type { Step } from "./queries";

const ICONS: Record<Step["does"], IconName> = {
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
  if (steps.length === 0) return <p className={css.faint}>{t("playbooks.steps.none")}</p>;
  return (
    <>
      <p className={css.faint}>{t("playbooks.steps.hint")}</p>
      <ol className={css.steps}>
        {steps.map((step) => (
          <li key={step.name} className={css.step} data-does={step.does}>
            <button type="button" className={css.stepName} onClick={() => show(step.name)}>
              <StepName name={step.name} does={step.does} steps={steps} />
            </button>
            {step.text[locale] && <p className={css.said}>{step.text[locale]}</p>}
            {step.ways.length > 0 && (
              <ul className={css.ways}>
                {step.ways.map((way) => (
                  <WayOut key={way.name} way={way} of={step} steps={steps} show={show} />
                ))}
              </ul>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

interface NameProps {
  name: string;
  does: Step["does"];
  steps: Step[];
  /** What stands behind it. */
  note?: string;
}

/** Its number and what it does; small, its name in the text. */
export function StepName({ name, does, steps, note }: NameProps) {
  const title = useStepTitle(steps);
  return (
    <>
      <Icon name={ICONS[does]} />
      <b>{title(name, does)}</b>
      {note && <span>{note}</span>}
      <code>{name}</code>
    </>
  );
}

/** A way out: what must come for it to be taken, and the step it leads to with the beginning of its words. */
function WayOut({ way, of, steps, show }: { way: Step["ways"][number]; of: Step } & Leading) {
  const { t, locale } = useWords();
  const title = useStepTitle(steps);
  const to = steps.find(({ name }) => name === way.to);
  const text = way.text[locale] ?? "";
  const when = () => {
    if (of.does === "decide") return text || t("playbooks.way.otherwise");
    if (text) return t("playbooks.way.button", { text });
    return t(wordFor("playbooks.way", `${of.does}.${way.name}`, "playbooks.way.then"));
  };
  return (
    <li>
      <span className={css.when}>{when()}</span>
      <button type="button" title={way.to} onClick={() => show(way.to)}>
        <span aria-hidden="true">→ </span>
        {to && title(to.name, to.does)}
        {to?.text[locale] && <small>{to.text[locale]}</small>}
      </button>
    </li>
  );
}

interface Leading {
  steps: Step[];
  show(step: string): void;
}

function useStepTitle(steps: Step[]) {
  const { t } = useWords();
  return (name: string, does: Step["does"]) => {
    const at = steps.findIndex((step) => step.name === name);
    const of = steps[at]?.of;
    const kind = t(`playbooks.does.${does}`);
    const what = of ? `${kind} · ${t(wordFor("playbooks.of", of, "playbooks.of.other"))}` : kind;
    return at < 0 ? what : t("playbooks.step", { n: at + 1, what });
  };
}
