/**
 * The form of one rule: what is offered, when, how often, and to whom it would have been shown last week.
 */
import { useQuery } from "@tanstack/react-query";
import { Button, Form, InputNumber, Segmented, Select, Switch } from "antd";
import { Choice } from "../frame/Choice";
import { useWords } from "../words/words";
import { FieldGroup } from "./FieldGroup";
import { Line, PositionField, Tags } from "./fields";
import css from "./OffersPage.module.css";
import { OfferTrialPanel } from "./OfferTrialPanel";
import { askStarters, draftOf, type Promotion, type Starter } from "./offers";
import { useRecords, useTopicOptions } from "./records";
import type { Topic } from "./shapes";

const PROMOTIONS: Promotion[] = ["none", "wanted", "needed"];
const ANOMALIES = [
  "*",
  "paid_not_issued",
  "issue_failed",
  "top_up_failed",
  "wrong_account",
  "payment_mismatch",
  "refund_stuck",
] as const;
const PLACE = /^[/*][^\s?#]*$/;

export function OfferFields({ isNew }: { isNew: boolean }) {
  const { t } = useWords();
  return (
    <>
      {isNew && <Starters />}
      <FieldGroup title={t("offers.group.what")}>
        <Line name="name" label={t("field.name")} longest={40} required hint={t("offers.name.hint")} />
        <CodeField />
        <Line name="text" label={t("offers.text")} longest={80} required hint={t("offers.text.hint")} />
        <Line name="text_en" label={t("offers.text_en")} longest={120} />
        <Form.Item name="promotion" label={t("audit.field.promotion")} extra={t("offers.promotion.hint")}>
          <Segmented
            aria-label={t("audit.field.promotion")}
            options={PROMOTIONS.map((value) => ({ value, label: t(`offers.promotion.${value}`) }))}
          />
        </Form.Item>
      </FieldGroup>
      <Conditions />
      <OfferTrialPanel />
      <FieldGroup title={t("offers.group.how_often")}>
        <Form.Item name="cool_down_days" label={t("offers.cool_down")} extra={t("offers.cool_down.hint")}>
          <InputNumber min={1} max={365} precision={0} />
        </Form.Item>
        <PositionField />
        <Form.Item name="is_on" label={t("offers.on")} valuePropName="checked" extra={t("offers.on.hint")}>
          <Switch />
        </Form.Item>
        <Confirmed />
      </FieldGroup>
    </>
  );
}

/** Only where a rule is to be on can it speak to too many. */
function Confirmed() {
  const { t } = useWords();
  const isOn = Form.useWatch<boolean | undefined>("is_on");
  if (!isOn) return null;
  return (
    <Form.Item name="confirmed" label={t("offers.confirmed")} extra={t("offers.confirmed.hint")}>
      <InputNumber min={0} precision={0} />
    </Form.Item>
  );
}

function Starters() {
  const { t, locale } = useWords();
  const form = Form.useFormInstance();
  const starters = useQuery({ queryKey: ["offer-starters"], queryFn: askStarters });
  const topics = useTopics();
  const begin = (one: Starter) => {
    const draft = draftOf(one);
    const known = topics.some(({ code }) => code === one.code);
    form.setFieldsValue({ ...draft, code: known ? one.code : "", name: nameOf(one, locale) });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset of the form would be announced with every field
    <div className={css.starters} role="group" aria-label={t("offers.starters")}>
      <p>{t("offers.starters")}</p>
      {(starters.data ?? []).map((one) => (
        <Button key={one.name} onClick={() => begin(one)}>
          {nameOf(one, locale)}
        </Button>
      ))}
    </div>
  );
}

const nameOf = ({ name, name_en }: Starter, locale: string) => (locale === "en" ? name_en : name);

const useTopics = () => useRecords<Topic>("topics").data ?? [];

function CodeField() {
  const { t } = useWords();
  return (
    <Form.Item
      name="code"
      label={t("offers.code")}
      required
      rules={[{ required: true, message: t("required") }]}
      getValueProps={(value: string) => ({ value: value || undefined })}
    >
      <Choice
        showSearch={{ optionFilterProp: "label" }}
        options={useTopicOptions()}
        placeholder={t("field.choose")}
      />
    </Form.Item>
  );
}

function Conditions() {
  const { t } = useWords();
  const anomalies = ANOMALIES.map((value) => ({
    value,
    label: t(value === "*" ? "offers.anomaly.any" : `offers.anomaly.${value}`),
  }));
  return (
    <FieldGroup title={t("offers.when")} hint={t("offers.when.hint")}>
      <Form.Item
        name="places"
        label={t("offers.places")}
        extra={t("offers.places.hint")}
        rules={[
          {
            validator: async (_, places: string[]) => {
              const wrong = places.find((one) => !PLACE.test(one));
              if (wrong) throw new Error(t("offers.places.form", { value: wrong }));
            },
          },
        ]}
      >
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", " "]} placeholder="/p/*" />
      </Form.Item>
      <Form.Item
        name="before_sale"
        label={t("offers.before_sale")}
        extra={t("offers.before_sale.hint")}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item name="balance" label={t("offers.balance")} extra={t("offers.balance.hint")}>
        <InputNumber min={0.01} max={999_999_999} precision={2} prefix="¥" style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name="days" label={t("offers.days")} extra={t("offers.days.hint")}>
        <InputNumber min={1} max={60} precision={0} />
      </Form.Item>
      <Form.Item name="anomalies" label={t("offers.anomalies")} extra={t("offers.anomalies.hint")}>
        <Select mode="tags" options={anomalies} placeholder={t("offers.none")} />
      </Form.Item>
      <Tags
        name="tiers"
        label={t("offers.tiers")}
        hint={t("offers.tiers.hint")}
        placeholder={t("offers.tiers.placeholder")}
      />
      <div className={css.pair}>
        <Form.Item name="asked_code" label={t("offers.asked")}>
          <Select
            allowClear
            options={useTopicOptions()}
            placeholder={t("offers.none")}
            style={{ width: 220 }}
          />
        </Form.Item>
        <Form.Item name="asked_times" label={t("offers.asked_times")}>
          <InputNumber min={1} max={100} precision={0} />
        </Form.Item>
      </div>
    </FieldGroup>
  );
}
