/**
 * What is decided of one code: when it ends, what follows on it, or that it goes now.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Form } from "antd";
import { useRefusals } from "../frame/refusals";
import { sentence } from "../frame/States";
import { put } from "../server/http";
import { useWords } from "../words/words";
import css from "./EditDrawer.module.css";
import page from "./EndingPage.module.css";
import { MomentField } from "./MomentField";
import { useArchive } from "./records";
import type { EndingTopic } from "./shapes";
import { SuccessorField } from "./TopicFields";

interface Decision {
  expires_at?: string | null;
  successor: string | null;
}

interface Props {
  topic: EndingTopic;
  editable: boolean;
  close(): void;
}

export function EndingDrawer({ topic, editable, close }: Props) {
  const { t } = useWords();
  const [form] = Form.useForm<Decision>();
  const { message } = App.useApp();
  const refuse = useRefusals(form);
  const cache = useQueryClient();
  const save = useMutation({
    mutationFn: async (decision: Decision) => {
      const path = `/admin/topics/${topic.id}`;
      if (!topic.archived && decision.expires_at !== topic.ends_at)
        await put(`${path}/end`, { expires_at: decision.expires_at ?? null });
      if (decision.successor !== topic.successor)
        await put(`${path}/successor`, { successor: decision.successor });
    },
    onSuccess: () => {
      void message.success(t("edit.saved"));
      close();
    },
    onError: refuse,
    onSettled: () => cache.invalidateQueries({ queryKey: ["admin"] }),
  });
  return (
    <Drawer
      open
      onClose={close}
      title={`${topic.code} ${topic.name}`}
      size={Math.min(480, window.innerWidth)}
      footer={
        editable && (
          <div className={css.footer}>
            {!topic.archived && <Archive topic={topic} close={close} />}
            <span className={css.space} />
            <Button onClick={close}>{t("do.cancel")}</Button>
            <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
              {t("do.save")}
            </Button>
          </div>
        )
      }
    >
      <p className={page.about}>{t(`ending.about.${topic.concern}`, { n: topic.attempts })}</p>
      <Form<Decision>
        form={form}
        layout="vertical"
        disabled={!editable}
        initialValues={{ expires_at: topic.ends_at, successor: topic.successor }}
        onFinish={(decision) => save.mutate(decision)}
      >
        {!topic.archived && (
          <MomentField name="expires_at" label={t("topic.expires_at")} hint={t("topic.expires_at.hint")} />
        )}
        <SuccessorField id={topic.id} />
      </Form>
    </Drawer>
  );
}

function Archive({ topic, close }: { topic: EndingTopic; close(): void }) {
  const { t } = useWords();
  const { message, modal } = App.useApp();
  const archive = useArchive("topics");
  const ask = () =>
    modal.confirm({
      title: t("topics.archive", { code: topic.code }),
      content: t("topics.archive.hint"),
      okText: t("do.archive"),
      okButtonProps: { danger: true },
      cancelText: t("do.cancel"),
      onOk: () =>
        archive.mutateAsync(topic.id).then(
          () => {
            void message.success(t("edit.archived"));
            close();
          },
          (error: unknown) => void message.error(sentence(t, error), 6),
        ),
    });
  return (
    <Button danger type="text" onClick={ask}>
      {t("do.archive")}
    </Button>
  );
}
