/**
 * A word to whoever serves this conversation, which the customer never sees.
 */
import { App, Input, Modal } from "antd";
import { useId, useState } from "react";
import { toFirstField } from "../../frame/firstField";
import { sentence } from "../../frame/States";
import { useWhisper } from "../../server/queries";
import type { Row } from "../../server/shapes";
import { useWords } from "../../words/words";
import css from "./TransferDialog.module.css";

interface WhisperDialogProps {
  conversation: Row;
  open: boolean;
  close(): void;
}

export function WhisperDialog({ conversation, open, close }: WhisperDialogProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const whisper = useWhisper(conversation.id);
  const label = useId();
  const send = () =>
    whisper.mutateAsync(text.trim()).then(
      () => {
        void message.success(t("whisper.done"));
        close();
      },
      (error: unknown) => void message.error(sentence(t, error)),
    );
  return (
    <Modal
      open={open}
      onCancel={close}
      onOk={() => void send()}
      title={t("whisper.title", { name: conversation.agent?.name ?? "" })}
      okText={t("whisper.send")}
      cancelText={t("do.cancel")}
      okButtonProps={{ disabled: !text.trim() }}
      confirmLoading={whisper.isPending}
      afterClose={() => setText("")}
      afterOpenChange={toFirstField}
      destroyOnHidden
    >
      <label htmlFor={label} className={css.label}>
        {t("whisper.hint")}
      </label>
      <Input.TextArea
        id={label}
        data-first-field
        dir="auto"
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={8000}
        autoSize={{ minRows: 3, maxRows: 8 }}
      />
    </Modal>
  );
}
