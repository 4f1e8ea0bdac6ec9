/**
 * The optional language model: what it may be asked for, how much a day, what it cost, and whether it answers.
 *
 * Does not: take its address or key; whoever runs the server names them there.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox, Form, InputNumber, Table } from "antd";
import { Icon } from "../frame/Icon";
import { useRefusals } from "../frame/refusals";
import { Loading, sentence, Trouble } from "../frame/States";
import { get, post, put } from "../server/http";
import { useWords } from "../words/words";
import css from "./ModelPage.module.css";
import part from "./Part.module.css";
import records from "./Records.module.css";

type Task = "rephrase" | "statement" | "draft" | "propose";
type Rule = { tasks: Task[]; tokens_a_day: number };
type Day = { day: string; tokens: number; asked: number; failed: number; refused: number };
type Model = Rule & { host: string | null; model: string; days: Day[] };
type Tried = { ok: boolean; text: string; detail: string };

const KEY = ["admin", "language-model"];
const TASKS: Task[] = ["draft", "propose", "statement", "rephrase"];
const COUNTS = ["asked", "failed", "refused", "tokens"] as const;

/** As they stand in the environment of the server, in every language. */
const SETTINGS =
  "MASHANG_MODEL_URL=https://…/v1\nMASHANG_MODEL_NAME=…\nMASHANG_MODEL_KEY=…\nMASHANG_MODEL_TIMEOUT=4";

export function ModelPage({ editable }: { editable: boolean }) {
  const { t } = useWords();
  const model = useQuery({ queryKey: KEY, queryFn: () => get<Model>("/admin/language-model") });
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("model.title")}</h1>
          <p>{t("model.hint")}</p>
        </div>
      </header>
      {model.isPending ? (
        <Loading />
      ) : model.isError ? (
        <Trouble error={model.error} again={() => void model.refetch()} />
      ) : (
        <>
          <Place model={model.data} editable={editable} />
          <Uses model={model.data} editable={editable} />
          {model.data.days.length > 0 && <Cost days={model.data.days} />}
        </>
      )}
    </section>
  );
}

/** Where it stands, and a trial; or how to name one. */
function Place({ model, editable }: { model: Model; editable: boolean }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const test = useMutation({
    mutationFn: () => post<Tried>("/admin/language-model/test"),
    onSettled: () => cache.invalidateQueries({ queryKey: KEY }),
    onError: (error) => void message.error(sentence(t, error)),
  });
  if (!model.host)
    return (
      <section className={part.part} aria-labelledby="model-place">
        <h2 id="model-place">{t("model.none")}</h2>
        <p>{t("model.none.how")}</p>
        <pre className={part.settings}>{SETTINGS}</pre>
      </section>
    );
  return (
    <section className={part.part} aria-labelledby="model-place">
      <div className={part.head}>
        <h2 id="model-place">{t("model.there")}</h2>
        {editable && (
          <Button onClick={() => test.mutate()} loading={test.isPending}>
            {t("model.test")}
          </Button>
        )}
      </div>
      <dl className={`${part.facts} ${css.place}`}>
        <dt>{t("model.host")}</dt>
        <dd>{model.host}</dd>
        <dt>{t("model.name")}</dt>
        <dd>{model.model || "—"}</dd>
      </dl>
      <div role="status">
        {test.data && (
          <Alert
            className={css.tried}
            type={test.data.ok ? "success" : "error"}
            showIcon
            title={test.data.ok ? t("model.test.ok") : t("model.test.failed")}
            description={test.data.ok ? test.data.text : test.data.detail}
          />
        )}
      </div>
    </section>
  );
}

function Uses({ model, editable }: { model: Model; editable: boolean }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  const [form] = Form.useForm<Rule>();
  const refuse = useRefusals(form);
  const keep = useMutation({
    mutationFn: (rule: Rule) => put<Model>("/admin/language-model", rule),
    onSuccess: (kept) => {
      cache.setQueryData(KEY, kept);
      void message.success(t("edit.saved"));
    },
    onError: refuse,
  });
  return (
    <section className={part.part} aria-labelledby="model-uses">
      <h2 id="model-uses">{t("model.uses")}</h2>
      <p>{t("model.uses.hint")}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={model}
        disabled={!editable}
        onFinish={(rule) => keep.mutate(rule)}
      >
        <Form.Item name="tasks">
          <Checkbox.Group className={css.tasks} aria-labelledby="model-uses">
            {TASKS.map((task) => (
              <Checkbox key={task} value={task} className={css.task}>
                <strong>{t(`model.task.${task}`)}</strong>
                <span>{t(`model.task.${task}.hint`)}</span>
              </Checkbox>
            ))}
          </Checkbox.Group>
        </Form.Item>
        <Form.Item
          name="tokens_a_day"
          label={t("model.budget")}
          extra={t("model.budget.hint")}
          rules={[{ required: true, message: t("required") }]}
        >
          <InputNumber className={css.number} min={0} max={100_000_000} step={10_000} precision={0} />
        </Form.Item>
        {editable && (
          <Button type="primary" htmlType="submit" loading={keep.isPending}>
            {t("do.save")}
          </Button>
        )}
      </Form>
    </section>
  );
}

function Cost({ days }: { days: Day[] }) {
  const { t, locale } = useWords();
  return (
    <section className={part.part} aria-labelledby="model-cost">
      <h2 id="model-cost">{t("model.cost")}</h2>
      <p>
        <Icon name="info" /> {t("model.cost.hint")}
      </p>
      <Table<Day>
        className={css.cost}
        rowKey="day"
        size="small"
        pagination={false}
        dataSource={days}
        columns={[
          { title: t("model.day"), dataIndex: "day" },
          ...COUNTS.map((name) => ({
            title: t(`model.${name}`),
            dataIndex: name,
            align: "right" as const,
            render: (count: number) => new Intl.NumberFormat(locale).format(count),
          })),
        ]}
      />
    </section>
  );
}
