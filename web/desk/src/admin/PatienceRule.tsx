/**
 * From when on a wait is shown as long, and as too long; under what the waits were, because that is what it is set by.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, InputNumber } from "antd";
import { Icon } from "../frame/Icon";
import { sentence } from "../frame/States";
import { put } from "../server/http";
import { keys } from "../server/queries";
import type { Me } from "../server/shapes";
import { edits } from "../staff";
import { useWords } from "../words/words";
import part from "./Part.module.css";
import css from "./PatienceRule.module.css";

type Rule = Me["patience"];

const MOST = 240;

export function PatienceRule({ me }: { me: Me }) {
  const { t } = useWords();
  const [form] = Form.useForm<Rule>();
  const keep = useKeep();
  const changed = Form.useWatch((now: Rule) => {
    const { long_minutes, urgent_minutes } = { ...me.patience, ...now };
    return long_minutes !== me.patience.long_minutes || urgent_minutes !== me.patience.urgent_minutes;
  }, form);
  return (
    <section className={`${part.part} ${css.rule}`} aria-labelledby="patience">
      <h2 id="patience">{t("patience.title")}</h2>
      <p>{t("patience.hint")}</p>
      <Form
        form={form}
        className={css.fields}
        initialValues={me.patience}
        disabled={!edits(me)}
        onFinish={(rule) => keep.mutate(rule)}
      >
        <Form.Item
          name="long_minutes"
          label={
            <span className={css.long}>
              <Icon name="urgent" /> {t("audit.field.long_minutes")}
            </span>
          }
          rules={[{ required: true, message: t("required") }]}
        >
          <InputNumber min={1} max={MOST} precision={0} />
        </Form.Item>
        <Form.Item
          name="urgent_minutes"
          label={
            <span className={css.urgent}>
              <Icon name="alert" /> {t("audit.field.urgent_minutes")}
            </span>
          }
          dependencies={["long_minutes"]}
          rules={[
            { required: true, message: t("required") },
            ({ getFieldValue }) => ({
              validator: (_, value: number) =>
                value > (getFieldValue("long_minutes") as number)
                  ? Promise.resolve()
                  : Promise.reject(new Error(t("patience.order"))),
            }),
          ]}
        >
          <InputNumber min={1} max={MOST} precision={0} />
        </Form.Item>
        {changed && (
          <Button type="primary" htmlType="submit" loading={keep.isPending}>
            {t("do.save")}
          </Button>
        )}
      </Form>
    </section>
  );
}

function useKeep() {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (rule: Rule) => put("/admin/patience", rule),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.me });
      void message.success(t("patience.kept"), 6);
    },
    onError: (error) => void message.error(sentence(t, error)),
  });
}
