/**
 * How much is bearable: offers of all rules together for one person, and the hours in which there is none.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber } from "antd";
import { useRefusals } from "../frame/refusals";
import { ZoneNote } from "../frame/ZoneNote";
import { put } from "../server/http";
import { useWords } from "../words/words";
import { askLimits, type OfferLimits } from "./offers";
import part from "./Part.module.css";
import css from "./PatienceRule.module.css";

const KEY = ["admin", "offer-limits"];

export function OfferLimitsCard({ editable }: { editable: boolean }) {
  const limits = useQuery({ queryKey: KEY, queryFn: askLimits }).data;
  return limits ? <Card limits={limits} editable={editable} /> : null;
}

function Card({ limits, editable }: { limits: OfferLimits; editable: boolean }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<OfferLimits>();
  const refuse = useRefusals(form);
  const keep = useMutation({
    mutationFn: (wanted: OfferLimits) =>
      put("/admin/offer-rules/limits", {
        ...wanted,
        quiet_from: wanted.quiet_from || null,
        quiet_until: wanted.quiet_until || null,
      }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: KEY });
      void message.success(t("edit.saved"));
    },
    onError: refuse,
  });
  const changed = Form.useWatch(
    (now: Partial<OfferLimits>) =>
      Object.entries(now).some(
        ([name, value]) => (value || null) !== (limits[name as keyof OfferLimits] || null),
      ),
    form,
  );
  return (
    <section className={`${part.part} ${css.rule}`} aria-labelledby="offer-limits">
      <h2 id="offer-limits">{t("offers.limits")}</h2>
      <p>
        {t("offers.limits.hint")} <ZoneNote />
      </p>
      <Form
        form={form}
        className={css.fields}
        initialValues={limits}
        disabled={!editable}
        onFinish={(wanted) => keep.mutate(wanted)}
      >
        <Form.Item
          name="per_day"
          label={t("audit.field.per_day")}
          rules={[{ required: true, message: t("required") }]}
        >
          <InputNumber min={0} max={20} precision={0} />
        </Form.Item>
        <Form.Item
          name="per_week"
          label={t("audit.field.per_week")}
          rules={[{ required: true, message: t("required") }]}
        >
          <InputNumber min={0} max={50} precision={0} />
        </Form.Item>
        <Form.Item name="quiet_from" label={t("audit.field.quiet_from")}>
          <Input type="time" style={{ width: 120 }} />
        </Form.Item>
        <Form.Item name="quiet_until" label={t("audit.field.quiet_until")}>
          <Input type="time" style={{ width: 120 }} />
        </Form.Item>
        {changed && editable && (
          <Button type="primary" htmlType="submit" loading={keep.isPending}>
            {t("do.save")}
          </Button>
        )}
      </Form>
    </section>
  );
}
