/**
 * The form of one shop: which kind it is, where it answers, and what its customers may press themselves.
 */
import { Checkbox, Form, InputNumber, Radio } from "antd";
import { useWords } from "../words/words";
import { FieldGroup } from "./FieldGroup";
import { Line } from "./fields";
import { KindFields } from "./KindFields";
import css from "./ShopsPage.module.css";
import type { Shop, ShopKind } from "./shapes";

const ACTIONS = ["resend", "reissue", "refund"] as const;

export function ShopFields({ kinds, shop }: { kinds: ShopKind[]; shop: Shop | undefined }) {
  const { t } = useWords();
  const chosen = Form.useWatch<string | undefined>("kind") ?? shop?.kind ?? "http";
  const kind = kinds.find((one) => one.name === chosen);
  return (
    <>
      {shop === undefined && <KindChoice kinds={kinds} />}
      <Line name="name" label={t("field.name")} longest={40} required />
      <Line
        name="base_url"
        label={t(chosen === "http" ? "shop.base_url" : "shop.pages_url")}
        hint={t(chosen === "http" ? "shop.base_url.hint" : "shop.pages_url.hint")}
        longest={300}
        placeholder={chosen === "http" ? "https://shop.example/connector/v1" : "https://shop.example"}
        required
      />
      {kind && <KindFields kind={kind.name} fields={kind.fields} kept={() => shop !== undefined} />}
      {(shop === undefined ? chosen === "http" : canAct(shop)) && <CustomersMay />}
    </>
  );
}

/** A shop that said it acts on nothing has nothing that a customer could press. */
const canAct = (shop: Shop) =>
  shop.abilities.some((one) => (ACTIONS as readonly string[]).includes(one.name) && one.can !== false);

function KindChoice({ kinds }: { kinds: ShopKind[] }) {
  const { t } = useWords();
  if (kinds.length < 2) return null;
  return (
    <Form.Item name="kind" label={t("shop.kind")}>
      <Radio.Group className={css.kinds}>
        {kinds.map(({ name }) => (
          <Radio key={name} value={name}>
            <b>{t(`shop.kind.${name}`)}</b>
            <span>{t(`shop.kind.${name}.hint`)}</span>
          </Radio>
        ))}
      </Radio.Group>
    </Form.Item>
  );
}

function CustomersMay() {
  const { t } = useWords();
  return (
    <FieldGroup title={t("shop.customers_may")} hint={t("shop.customers_may.hint")}>
      <Form.Item name="customer_actions" label={t("shop.customer_actions")}>
        <Checkbox.Group options={ACTIONS.map((value) => ({ value, label: t(`shop.ability.${value}`) }))} />
      </Form.Item>
      <Form.Item name="actions_a_day" label={t("shop.actions_a_day")} extra={t("shop.actions_a_day.hint")}>
        <InputNumber min={0} max={100} precision={0} />
      </Form.Item>
    </FieldGroup>
  );
}
