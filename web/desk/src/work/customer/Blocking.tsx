/**
 * Keeping somebody out for a while: the question why and for how long, and the word on the page while it lasts.
 */
import { App, Button, Checkbox, Form, Input, Modal, Select } from "antd";
import { toFirstField } from "../../frame/firstField";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import type { CustomerView, Me } from "../../server/shapes";
import { fullTime } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./CustomerPage.module.css";
import { useCustomerChange } from "./changing";

const DAY = 24;
const SPANS = [1, 24, 168, 720] as const;
const MOST_WITH_ADDRESS = 7 * DAY;
const FOR_EVER = 0;

interface Answers {
  reason: string;
  hours: number;
  address: boolean;
}

interface BlockDialogProps {
  view: CustomerView;
  id: string;
  open: boolean;
  close(): void;
}

export function BlockDialog({ view, id, open, close }: BlockDialogProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<Answers>();
  const change = useCustomerChange(id);
  const hours = Form.useWatch("hours", form) ?? DAY;
  const mayAddress = hours !== FOR_EVER && hours <= MOST_WITH_ADDRESS;
  const block = ({ reason: why, address }: Answers) =>
    change.mutate(
      {
        method: "POST",
        path: "block",
        body: { reason: why, hours: hours || null, address: mayAddress && Boolean(address) },
      },
      { onSuccess: close, onError: (error) => void message.error(sentence(t, error)) },
    );
  return (
    <Modal
      open={open}
      onCancel={close}
      title={t("block.title", { name: view.customer.label })}
      okText={t("block.do")}
      okButtonProps={{ danger: true, type: "default" }}
      cancelText={t("do.cancel")}
      confirmLoading={change.isPending}
      onOk={form.submit}
      afterOpenChange={toFirstField}
      destroyOnHidden
    >
      <p className={css.explained}>{t("block.hint")}</p>
      <Form<Answers>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ reason: "", hours: DAY, address: false }}
        onFinish={block}
      >
        <Form.Item
          name="reason"
          label={t("block.reason")}
          rules={[{ required: true, whitespace: true, message: t("required") }]}
        >
          <Input.TextArea data-first-field autoSize={{ minRows: 2, maxRows: 4 }} maxLength={500} />
        </Form.Item>
        <Form.Item name="hours" label={t("block.how_long")}>
          <Select
            options={[
              ...SPANS.map((span) => ({ value: span, label: t(`block.for.${span}`) })),
              { value: FOR_EVER, label: t("block.for.0") },
            ]}
          />
        </Form.Item>
        <Form.Item name="address" valuePropName="checked" extra={t("block.address.hint")}>
          <Checkbox disabled={!mayAddress}>{t("block.address")}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function BlockCard({
  block,
  id,
  me,
}: {
  block: NonNullable<CustomerView["block"]>;
  id: string;
  me: Me;
}) {
  const { t, locale } = useWords();
  const { message } = App.useApp();
  const change = useCustomerChange(id);
  const until = block.until ? t("block.until", { time: fullTime(locale, block.until) }) : t("block.for.0");
  return (
    <div className={css.blocked} role="note">
      <Icon name="block" size={18} />
      <div>
        <p>
          <b>{t("block.holds")}</b> · {until}
          {block.address && ` · ${t("block.with_address")}`}
        </p>
        <p dir="auto">{block.reason}</p>
        <p className={css.by}>
          {block.by} · {fullTime(locale, block.at)}
        </p>
      </div>
      {me.permissions.includes("customers.unblock") && (
        <Button
          loading={change.isPending}
          onClick={() =>
            change.mutate(
              { method: "DELETE", path: "block" },
              { onError: (error) => void message.error(sentence(t, error)) },
            )
          }
        >
          {t("block.lift")}
        </Button>
      )}
    </div>
  );
}
