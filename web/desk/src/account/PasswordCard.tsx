/**
 * One's own password: the current one proves who asks, one's other sessions end.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input } from "antd";
import { NewPassword } from "../entrance/NewPassword";
import { useRefusals } from "../frame/refusals";
import { put } from "../server/http";
import { useWords } from "../words/words";
import css from "./AccountPage.module.css";

interface Change {
  current: string;
  new: string;
}

export function PasswordCard() {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<Change>();
  const refuse = useRefusals(form, { password: "new" });
  const change = useMutation({
    mutationFn: (values: Change) => put("/staff/password", { current: values.current, new: values.new }),
    onSuccess: () => {
      form.resetFields();
      void message.success(t("password.changed"));
      void cache.invalidateQueries({ queryKey: ["account"] });
    },
    onError: refuse,
  });
  return (
    <section className={css.card} aria-labelledby="account-password">
      <h2 id="account-password">{t("password.do")}</h2>
      <p>{t("password.page.hint")}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => change.mutate(values)}>
        <Form.Item
          name="current"
          label={t("password.current")}
          rules={[{ required: true, message: t("required") }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <NewPassword name="new" label={t("password.new")} />
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          {t("password.do")}
        </Button>
      </Form>
    </section>
  );
}
