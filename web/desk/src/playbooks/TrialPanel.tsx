/**
 * A dry run: the steps a playbook would have taken in a past conversation, with what was known then, or with what the
 * shop says now. Nothing is ever done in either.
 */
import { Alert, Button, Segmented } from "antd";
import { useState } from "react";
import { Choice } from "../frame/Choice";
import { sentence, Trouble } from "../frame/States";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import css from "./Playbooks.module.css";
import { type Asks, type Rehearsal, type Step, type Taken, usePast, useTrial } from "./queries";
import { StepName } from "./StepList";

const ASKS: Asks[] = ["recorded", "now"];

export function TrialPanel({ source, steps }: { source: string; steps: Step[] }) {
  const { t, locale } = useWords();
  const [chosen, choose] = useState<string>();
  const [asks, ask] = useState<Asks>("recorded");
  const past = usePast();
  const trial = useTrial();
  if (past.isError) return <Trouble error={past.error} again={() => void past.refetch()} />;
  return (
    <>
      <Segmented
        aria-label={t("playbooks.trial.asks")}
        value={asks}
        onChange={ask}
        options={ASKS.map((value) => ({ value, label: t(`playbooks.trial.${value}`) }))}
      />
      <p className={css.faint}>{t(`playbooks.trial.${asks}.hint`)}</p>
      <div className={css.choose}>
        <Choice
          className={css.past}
          aria-label={t("playbooks.trial.which")}
          placeholder={t("playbooks.trial.which")}
          notFoundContent={t("playbooks.trial.nothing")}
          value={chosen}
          onChange={choose}
          showSearch={{ optionFilterProp: "label" }}
          options={past.data?.map((one) => ({
            value: one.id,
            label: `${one.words} · ${[one.code, fullTime(locale, one.opened_at)].filter(Boolean).join(" · ")}`,
          }))}
        />
        <Button
          disabled={!chosen}
          loading={trial.isPending}
          onClick={() => chosen && trial.mutate({ source, conversation: chosen, asks })}
        >
          {t("playbooks.trial.run")}
        </Button>
      </div>
      <div role="status">
        {trial.isError && <Alert type="error" showIcon title={sentence(t, trial.error)} />}
        {trial.data && <Course rehearsal={trial.data} steps={steps} />}
      </div>
    </>
  );
}

function Course({ rehearsal, steps }: { rehearsal: Rehearsal; steps: Step[] }) {
  const { t, locale } = useWords();
  return (
    <>
      <p className={css.asked}>{t(`playbooks.trial.asked.${rehearsal.asked}`)}</p>
      <ol className={css.steps}>
        {rehearsal.steps.map((taken, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step may be taken again, and the list never changes
          <One key={at} taken={taken} steps={steps} />
        ))}
      </ol>
      <p className={css.ends}>
        <b>{t(`playbooks.ends.${rehearsal.ends}`)}</b> {rehearsal.reason[locale]}
      </p>
    </>
  );
}

function One({ taken, steps }: { taken: Taken; steps: Step[] }) {
  const { t, locale } = useWords();
  const note = taken.how ? t(`playbooks.how.${taken.how}`) : undefined;
  return (
    <li className={css.step} data-does={taken.does}>
      <div className={css.stepName}>
        <StepName name={taken.step} does={taken.does} steps={steps} note={note} />
      </div>
      {taken.text && <p className={css.said}>{taken.text}</p>}
      {taken.answer && <p className={css.answer}>{taken.answer}</p>}
      {taken.told.length > 0 && (
        <details className={css.known}>
          <summary>{t("playbooks.known", { n: taken.told.length })}</summary>
          <dl>
            {taken.told.map(({ name, title, value }) => (
              <div key={name}>
                <dt>
                  {title[locale]} <code>{name}</code>
                </dt>
                <dd>{value[locale]}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
