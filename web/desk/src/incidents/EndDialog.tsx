/**
 * Ending an incident: what everybody affected is told, in both languages, and how many that are.
 *
 * Ended twice it ends once: the first message counts.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Checkbox, Form, Input, Modal } from "antd";
import { useState } from "react";
import { recordsKey } from "../admin/records";
import { useRefusals } from "../frame/refusals";
import { post } from "../server/http";
import { useWords } from "../words/words";
import css from "./IncidentsPage.module.css";
import type { IncidentRow } from "./shapes";

interface Ending {
  text: string;
  text_en: string;
  quiet: boolean;
}

export function EndDialog({ incident, close }: { incident: IncidentRow; close(): void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<Ending>();
  const [open, setOpen] = useState(true);
  const refuse = useRefusals(form);
  const cache = useQueryClient();
  const quiet = Form.useWatch("quiet", form) ?? false;
  const end = useMutation({
    mutationFn: (ending: Ending) => post<IncidentRow>(`/admin/incidents/${incident.id}/end`, ending),
    onSuccess: () => {
      void message.success(t("incidents.ended"));
      setOpen(false);
    },
    onError: refuse,
    onSettled: () => cache.invalidateQueries({ queryKey: recordsKey("incidents") }),
  });
  const { reaches } = incident.counts;
  return (
    <Modal
      open={open}
      onCancel={() => setOpen(false)}
      afterClose={close}
      title={t("incidents.end.ask", { title: incident.title })}
      okText={t(quiet || reaches === 0 ? "incidents.end.do" : "incidents.end.tell", { n: reaches })}
      cancelText={t("do.cancel")}
      okButtonProps={{ danger: true, loading: end.isPending }}
      onOk={() => form.submit()}
    >
      <p className={css.about}>
        {t(reaches > 0 ? "incidents.end.reaches" : "incidents.end.nobody", { n: reaches })}
      </p>
      <Form<Ending>
        form={form}
        layout="vertical"
        initialValues={{ text: incident.end_text, text_en: incident.end_text_en, quiet: false }}
        onFinish={(values) => end.mutate(values)}
      >
        <Form.Item name="text" label={t("incidents.end.text")}>
          <Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 6 }} disabled={quiet} />
        </Form.Item>
        <Form.Item name="text_en" label={t("incidents.end.text_en")} extra={t("incidents.end.text.hint")}>
          <Input.TextArea maxLength={1000} autoSize={{ minRows: 2, maxRows: 6 }} disabled={quiet} />
        </Form.Item>
        <Form.Item name="quiet" valuePropName="checked" extra={t("incidents.end.quiet.hint")}>
          <Checkbox>{t("incidents.end.quiet")}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}
