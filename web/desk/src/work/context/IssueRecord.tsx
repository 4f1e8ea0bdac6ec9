/**
 * The card-issue record of an order line as a small timeline: what was done with the key, when, and by whom.
 *
 * The newest stands on top; of a long record only the newest few, and what nobody knows the end of. Keys come masked
 * from the shop and are shown as they come.
 */
import { Button } from "antd";
import { useId, useState } from "react";
import { useNow } from "../../live/DeskLine";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./IssueRecord.module.css";
import { isOpen, type RecordStep } from "./record";
import { useTold } from "./Standing";
import { useMoment } from "./useMoment";

const SHOWN = 3;

interface IssueRecordProps {
  title: string;
  /** Of the product: a parcel is sent where a card is issued. */
  kind?: string | undefined;
  steps: RecordStep[];
}

export function IssueRecord({ title, kind, steps }: IssueRecordProps) {
  const { t } = useWords();
  const [whole, setWhole] = useState(false);
  const list = useId();
  const shown = steps.filter((step, place) => whole || place < SHOWN || isOpen(step.state));
  const more = steps.length - shown.length;
  return (
    <div className={css.record}>
      <h4 className={css.title}>{title}</h4>
      <ol className={css.steps} id={list}>
        {shown.map((step) => (
          <Step key={step.key} kind={kind} step={step} />
        ))}
      </ol>
      {(more > 0 || whole) && (
        <Button
          type="link"
          size="small"
          className={css.rest ?? ""}
          aria-expanded={whole}
          aria-controls={list}
          onClick={() => setWhole(!whole)}
        >
          {whole ? t("issue.less") : t("issue.more", { n: more })}
        </Button>
      )}
    </div>
  );
}

function Step({ kind, step }: { kind: string | undefined; step: RecordStep }) {
  const { t, locale } = useWords();
  const told = useTold();
  const moment = useMoment(useNow());
  const who = step.by && (step.by.who === "customer" ? t("act.who.customer") : step.by.name);
  const happened = step.state === "happened";
  const what = step.asked
    ? t(happened ? `act.past.${step.asked}` : `act.${step.asked}`)
    : told("issue", step.action, kind);
  return (
    <li className={css.step} data-action={step.action} data-state={step.state}>
      <p className={css.what}>
        <b>{what}</b>
        {!happened && <span className={css.state}>{told("issue.state", step.state)}</span>}
        {step.key_masked && <code>{step.key_masked}</code>}
        <time dateTime={step.at} title={fullTime(locale, step.at)}>
          {moment(step.at)}
        </time>
      </p>
      <p className={css.more}>
        {who && <span>{who}</span>}
        {step.source && step.source !== who && <span>{step.source}</span>}
        {step.to_masked && <span>{t("issue.to", { to: step.to_masked })}</span>}
        {step.reason && <span>{t("issue.reason", { reason: step.reason })}</span>}
        {step.text && <span className={css.said}>{step.text}</span>}
      </p>
    </li>
  );
}
