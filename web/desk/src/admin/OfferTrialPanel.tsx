/**
 * To whom the conditions in the form would have spoken in the last seven days, and what nobody can say.
 */
import { useMutation } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { sentence } from "../frame/States";
import { fullTime } from "../words/telling";
import { useWords } from "../words/words";
import { FieldGroup } from "./FieldGroup";
import css from "./OffersPage.module.css";
import { type OfferDraft, type OfferTrial, tryWhen, whenOf } from "./offers";

export function OfferTrialPanel() {
  const { t } = useWords();
  const form = Form.useFormInstance<OfferDraft>();
  const trial = useMutation({ mutationFn: () => tryWhen(whenOf(form.getFieldsValue(true))) });
  return (
    <FieldGroup title={t("offers.trial")} hint={t("offers.trial.hint")}>
      <div className={css.trial}>
        <Button onClick={() => trial.mutate()} loading={trial.isPending}>
          {t("offers.trial.do")}
        </Button>
        <div role="status">
          {trial.error && <p className={css.many}>{sentence(t, trial.error)}</p>}
          {trial.data && <Told trial={trial.data} />}
        </div>
      </div>
    </FieldGroup>
  );
}

function Told({ trial }: { trial: OfferTrial }) {
  const { t, locale } = useWords();
  const { visitors, shown, unknown, most, is_wide: isWide, since, examples, partly } = trial;
  if (visitors === 0) return <p>{t("offers.trial.nobody")}</p>;
  return (
    <>
      <p className={isWide ? css.many : undefined}>
        <b>{t("offers.trial.shown", { shown, visitors })}</b>
        {isWide && ` ${t("offers.trial.wide", { most })}`}
      </p>
      {unknown > 0 && <p>{t("offers.trial.unknown", { n: unknown })}</p>}
      {partly.length > 0 && <p>{t("offers.trial.partly")}</p>}
      {since && <p className={css.detail}>{t("offers.trial.since", { at: fullTime(locale, since) })}</p>}
      {examples.length > 0 && (
        <ul aria-label={t("offers.trial.examples")}>
          {examples.map((one) => (
            <li key={`${one.at} ${one.path}`}>
              {one.customer || t("offers.trial.visitor")} · <code>{one.path}</code> ·{" "}
              {fullTime(locale, one.at)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
