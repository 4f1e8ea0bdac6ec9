/**
 * The assistant: on or off, what it is called and greets with, how sure it must be, and which words call a person.
 *
 * How sure is a target, not a promise, and the page says what it costs: who asks for more right answers gets fewer.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber, Switch } from "antd";
import { Icon } from "../frame/Icon";
import { useRefusals } from "../frame/refusals";
import { Loading, Trouble } from "../frame/States";
import { SilenceNote } from "../knowledge/SilenceNote";
import { get, put } from "../server/http";
import { useWords } from "../words/words";
import css from "./AssistantPage.module.css";
import { Paragraph, Tags } from "./fields";
import records from "./Records.module.css";

interface Assistant {
  is_on: boolean;
  name: string;
  name_en: string;
  greeting: string;
  greeting_en: string;
  target_precision: number;
  risk_words: string[];
  ignored_words: string[];
}

const KEY = ["admin", "assistant"];
const PER_CENT = 100;

export function AssistantPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const assistant = useQuery({ queryKey: KEY, queryFn: () => get<Assistant>("/admin/assistant") });
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("assistant.title")}</h1>
          <p>{t("assistant.hint")}</p>
        </div>
      </header>
      <SilenceNote />
      {assistant.isPending ? (
        <Loading />
      ) : assistant.isError ? (
        <Trouble error={assistant.error} again={() => void assistant.refetch()} />
      ) : (
        <Settings assistant={assistant.data} editable={editable} />
      )}
    </section>
  );
}

/** As the form has it: in per cent. */
const shown = (assistant: Assistant): Assistant => ({
  ...assistant,
  target_precision: Math.round(assistant.target_precision * PER_CENT * 10) / 10,
});

function Settings({ assistant, editable }: { assistant: Assistant; editable: boolean }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<Assistant>();
  const refuse = useRefusals(form);
  const keep = useMutation({
    mutationFn: (wanted: Assistant) =>
      put<Assistant>("/admin/assistant", {
        ...wanted,
        target_precision: wanted.target_precision / PER_CENT,
      }),
    onSuccess: (kept) => {
      cache.setQueryData(KEY, kept);
      form.setFieldsValue(shown(kept));
      void message.success(t("edit.saved"));
    },
    onError: refuse,
  });
  const before = shown(assistant);
  const changed = Form.useWatch(
    (now: Partial<Assistant>) =>
      Object.entries(now).some(
        ([name, value]) => String(value ?? "") !== String(before[name as keyof Assistant]),
      ),
    form,
  );
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark="optional"
      initialValues={before}
      disabled={!editable}
      className={css.form}
      onFinish={(wanted) => keep.mutate(wanted)}
    >
      <OnOff />
      <Names />
      <HowSure />
      <section className={css.part} aria-labelledby="assistant-risk">
        <h2 id="assistant-risk">{t("assistant.risk")}</h2>
        <Tags
          name="risk_words"
          label={t("audit.field.risk_words")}
          hint={t("assistant.risk.hint")}
          placeholder={t("assistant.risk.example")}
          most={200}
        />
        <Tags
          name="ignored_words"
          label={t("audit.field.ignored_words")}
          hint={t("assistant.ignored.hint")}
          placeholder={t("assistant.ignored.example")}
          most={200}
        />
      </section>
      {changed && editable && (
        <div className={css.save}>
          <Button type="primary" htmlType="submit" loading={keep.isPending}>
            {t("do.save")}
          </Button>
        </div>
      )}
    </Form>
  );
}

function OnOff() {
  const { t } = useWords();
  const on = Form.useWatch("is_on");
  return (
    <section className={css.part} aria-labelledby="assistant-on">
      <div className={css.head}>
        <h2 id="assistant-on">{t("assistant.on")}</h2>
        <Form.Item name="is_on" valuePropName="checked" noStyle>
          <Switch
            aria-labelledby="assistant-on"
            checkedChildren={t("voice.on")}
            unCheckedChildren={t("voice.off")}
          />
        </Form.Item>
      </div>
      <p role="status">
        <Icon name="info" /> {t(on ? "assistant.now.on" : "assistant.now.off")}
      </p>
    </section>
  );
}

function Names() {
  const { t } = useWords();
  const rules = [{ required: true, whitespace: true, message: t("required") }];
  return (
    <section className={css.part} aria-labelledby="assistant-names">
      <h2 id="assistant-names">{t("assistant.names")}</h2>
      <p>{t("assistant.names.hint")}</p>
      <div className={css.pair}>
        <Form.Item name="name" label={t("assistant.name")} rules={rules}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name="name_en" label={t("assistant.name_en")}>
          <Input maxLength={30} />
        </Form.Item>
        <Paragraph
          name="greeting"
          label={t("assistant.greeting")}
          hint={t("assistant.greeting.hint")}
          longest={500}
        />
        <Paragraph
          name="greeting_en"
          label={t("assistant.greeting_en")}
          hint={t("assistant.greeting.hint")}
          longest={500}
        />
      </div>
    </section>
  );
}

function HowSure() {
  const { t } = useWords();
  const target = Number(Form.useWatch("target_precision") ?? 95);
  return (
    <section className={css.part} aria-labelledby="assistant-sure">
      <h2 id="assistant-sure">{t("assistant.sure")}</h2>
      <Form.Item
        name="target_precision"
        label={t("audit.field.target_precision")}
        rules={[{ required: true, message: t("required") }]}
      >
        <InputNumber min={50} max={99.9} step={1} precision={1} suffix="%" style={{ width: 140 }} />
      </Form.Item>
      <ul className={css.plain}>
        <li>{t("assistant.sure.means", { right: Math.round(target), wrong: Math.round(100 - target) })}</li>
        <li>{t("assistant.sure.costs")}</li>
        <li>{t("assistant.sure.measured")}</li>
      </ul>
    </section>
  );
}
