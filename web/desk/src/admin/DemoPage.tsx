/**
 * The demo, for whoever has looked at it long enough: what would go is named and counted, and typing the demo shop's
 * name takes it away while everything runs. What is one's own stays.
 *
 * Does not: decide what is the demo's (the server does).
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, Modal } from "antd";
import { useId, useState } from "react";
import { toFirstField } from "../frame/firstField";
import { Icon } from "../frame/Icon";
import { Loading, Nothing, sentence, Trouble } from "../frame/States";
import { get, remove } from "../server/http";
import { useWords } from "../words/words";
import css from "./DemoPage.module.css";
import records from "./Records.module.css";

interface Going {
  sites: string[];
  shops: string[];
  people: string[];
  departments: string[];
  topics: string[];
  conversations: number;
}

const KEY = ["admin", "demo"] as const;
const NAMED = ["people", "departments", "topics", "sites", "shops"] as const;

/** What goes with the demo; null where there is none. */
export const useDemo = (enabled: boolean) =>
  useQuery({ queryKey: KEY, queryFn: () => get<Going | null>("/admin/demo"), enabled });

export function DemoPage() {
  const { t } = useWords();
  const demo = useDemo(true);
  return (
    <section className={records.page}>
      <header className={records.head}>
        <div>
          <h1>{t("demo.title")}</h1>
          <p>{t("demo.hint")}</p>
        </div>
      </header>
      {demo.isPending && <Loading />}
      {!demo.data && demo.isError && <Trouble error={demo.error} again={() => void demo.refetch()} />}
      {demo.data === null && <Nothing icon="check" title={t("demo.none")} />}
      {demo.data && <WhatGoes going={demo.data} />}
    </section>
  );
}

function WhatGoes({ going }: { going: Going }) {
  const { t } = useWords();
  const [asking, ask] = useState(false);
  return (
    <div className={css.going}>
      <h2>{t("demo.goes")}</h2>
      <dl className={css.list}>
        {NAMED.map((kind) => (
          <div key={kind}>
            <dt>{t(`demo.${kind}`, { n: going[kind].length })}</dt>
            <dd>{going[kind].join(t("list.separator")) || "–"}</dd>
          </div>
        ))}
        <div>
          <dt>{t("demo.conversations", { n: going.conversations })}</dt>
          <dd>{t("demo.conversations.hint")}</dd>
        </div>
      </dl>
      <p className={css.stays}>
        <Icon name="proved" /> {t("demo.stays")}
      </p>
      <Button danger icon={<Icon name="trash" />} onClick={() => ask(true)}>
        {t("demo.remove")}
      </Button>
      <Modal
        open={asking}
        onCancel={() => ask(false)}
        afterOpenChange={toFirstField}
        title={t("demo.sure")}
        footer={null}
        destroyOnHidden
        width={480}
      >
        <Confirm going={going} close={() => ask(false)} />
      </Modal>
    </div>
  );
}

/** The name is typed, because nothing brings back what was said there. */
function Confirm({ going, close }: { going: Going; close(): void }) {
  const { t } = useWords();
  const id = useId();
  const [typed, type] = useState("");
  const [told, tell] = useState("");
  const name = going.shops[0] ?? going.sites[0] ?? t("demo.title");
  const take = useTake(close, tell);
  const matches = typed.normalize("NFKC").trim() === name.normalize("NFKC").trim();
  return (
    <Form
      layout="vertical"
      onFinish={() => (matches ? take.mutate() : tell(t("demo.type.wrong", { name })))}
      requiredMark={false}
    >
      <p className={css.lost}>{t("demo.lost", { n: going.conversations })}</p>
      <Form.Item
        label={t("demo.type", { name })}
        htmlFor={id}
        validateStatus={told ? "error" : ""}
        help={told && <span role="alert">{told}</span>}
      >
        <Input
          id={id}
          data-first-field
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            type(event.target.value);
            tell("");
          }}
        />
      </Form.Item>
      <div className={css.foot}>
        <Button onClick={close}>{t("do.cancel")}</Button>
        <Button danger type="primary" htmlType="submit" loading={take.isPending}>
          {t("demo.remove")}
        </Button>
      </div>
    </Form>
  );
}

/** Everything on the page may have named something of the demo. */
function useTake(close: () => void, tell: (why: string) => void) {
  const { t } = useWords();
  const { message } = App.useApp();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => remove("/admin/demo"),
    onSuccess: async () => {
      close();
      void message.success(t("demo.removed"), 8);
      await cache.invalidateQueries();
    },
    onError: (error) => tell(sentence(t, error)),
  });
}
