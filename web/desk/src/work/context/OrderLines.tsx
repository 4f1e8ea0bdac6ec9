/**
 * The lines of the order, each with its delivery, its card-issue record, and what can be done about it.
 *
 * Of a long order only the first few are drawn, and those about which something is wrong or not yet known.
 */
import { Button } from "antd";
import { useState } from "react";
import { wordFor } from "../../frame/told";
import type { ContextView, OrderLine } from "../../server/beside";
import { fullTime, money } from "../../words/telling";
import { useWords } from "../../words/words";
import { Actions } from "./Actions";
import { IssueRecord } from "./IssueRecord";
import own from "./OrderCard.module.css";
import { Reveal } from "./Reveal";
import { isOpen, recordOf } from "./record";
import { Standing, useTold } from "./Standing";

const SHOWN = 3;

interface LinesProps {
  id: string;
  lines: OrderLine[];
  view: ContextView;
}

export function Lines({ id, lines, view }: LinesProps) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const shown = lines.filter((line, place) => all || place < SHOWN || needsAnEye(line, view));
  const more = lines.length - shown.length;
  return (
    <>
      <ul className={own.lines}>
        {shown.map((line) => (
          <Line key={line.id} id={id} line={line} view={view} />
        ))}
      </ul>
      {(more > 0 || all) && lines.length > SHOWN && (
        <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("order.lines.less") : t("order.lines.more", { n: more })}
        </Button>
      )}
    </>
  );
}

function needsAnEye(line: OrderLine, view: ContextView): boolean {
  const asked = view.actions?.some((one) => one.line === line.id && isOpen(one.state));
  return Boolean(asked) || line.delivery?.state === "failed";
}

function Line({ id, line, view }: { id: string; line: OrderLine; view: ContextView }) {
  const { t, locale } = useWords();
  const told = useTold();
  const { delivery } = line;
  const steps = recordOf(
    line.issue_record ?? [],
    view.issued?.filter((one) => one.line === line.id).map((one) => one.entry) ?? [],
    view.actions?.filter((one) => one.line === line.id) ?? [],
  );
  return (
    <li className={own.line}>
      <p className={own.product}>
        <span>
          {line.product} <span className={own.quantity}>×{line.quantity}</span>
        </span>
        <span>{money(locale, line.price.amount, line.price.currency)}</span>
      </p>
      {delivery && (
        <p className={own.delivery}>
          <span>{told("delivery.kind", delivery.kind)}</span>
          <Standing state={delivery.state} text={told("delivery.state", delivery.state, delivery.kind)} />
          {delivery.at && <time dateTime={delivery.at}>{fullTime(locale, delivery.at)}</time>}
        </p>
      )}
      {delivery?.recharge_target_masked && (
        <p className={own.delivery}>{t("delivery.target", { target: delivery.recharge_target_masked })}</p>
      )}
      {steps.length > 0 && (
        <IssueRecord
          title={t(wordFor("issue.title", delivery?.kind ?? "", "issue.title"))}
          kind={delivery?.kind}
          steps={steps}
        />
      )}
      <Actions
        id={id}
        view={view}
        line={line.id}
        about={{
          product: line.product,
          kind: delivery?.kind,
          key: steps.find((step) => step.key_masked && step.state === "happened")?.key_masked,
          to: steps.find((step) => step.to_masked)?.to_masked,
        }}
      >
        {view.reveals && steps.some((step) => step.key_masked) && <Reveal id={id} line={line} />}
      </Actions>
    </li>
  );
}
