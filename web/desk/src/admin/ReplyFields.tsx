/**
 * The form of a canned reply: shortcut, title, whose it is, the words in both languages, and pictures.
 */
import { Button, Form, Input } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useRef } from "react";
import { Choice } from "../frame/Choice";
import type { KeptPicture, Reply } from "../server/replies";
import { useWords } from "../words/words";
import { VARIABLES } from "../work/conversation/writing/gaps";
import { Line, useDepartmentOptions } from "./fields";
import css from "./ReplyFields.module.css";
import { ReplyPictures } from "./ReplyPictures";

export interface ReplyDraft {
  shortcut: string;
  title: string;
  text: string;
  text_en: string;
  pictures: KeptPicture[];
  department?: string | null;
}

export const NEW_REPLY: ReplyDraft = { shortcut: "", title: "", text: "", text_en: "", pictures: [] };

export const draftOfReply = ({
  shortcut,
  title,
  text,
  text_en,
  pictures,
  department,
}: Reply): ReplyDraft => ({
  shortcut,
  title,
  text,
  text_en,
  pictures,
  department,
});

export function sentDraft({ pictures, department, ...draft }: ReplyDraft, shared: boolean) {
  const ids = pictures.map(({ id }) => id);
  return { ...draft, pictures: ids, ...(shared ? { department: department ?? null } : {}) };
}

export function ReplyFields({ shared }: { shared: boolean }) {
  const { t } = useWords();
  return (
    <>
      <Form.Item
        name="shortcut"
        label={t("replies.shortcut")}
        extra={t("replies.shortcut.hint")}
        required
        rules={[
          { required: true, message: t("required") },
          { pattern: /^[^\s/\uff0f\u3001]+$/, message: t("replies.shortcut.form") },
        ]}
      >
        <Input prefix="/" maxLength={20} />
      </Form.Item>
      <Line name="title" label={t("replies.name")} longest={40} required />
      {shared && <OwnerField />}
      <Form.Item name="text" label={t("replies.text")} extra={t("replies.text.hint")}>
        <Words />
      </Form.Item>
      <Form.Item name="text_en" label={t("replies.text_en")} extra={t("replies.text_en.hint")}>
        <Words />
      </Form.Item>
      <Form.Item name="pictures" label={t("replies.pictures")} extra={t("replies.pictures.hint")}>
        <ReplyPictures />
      </Form.Item>
    </>
  );
}

function OwnerField() {
  const { t } = useWords();
  const everybody = { value: "", label: t("replies.everybody") };
  const options = useDepartmentOptions();
  return (
    <Form.Item
      name="department"
      label={t("replies.scope")}
      getValueProps={(value) => ({ value: value ?? "" })}
      normalize={(value) => value || null}
    >
      <Choice options={options && [everybody, ...options]} />
    </Form.Item>
  );
}

/** A text, and the words that stand for what is known: each is put where the caret is. */
function Words(field: { id?: string; value?: string; onChange?(text: string): void }) {
  const { t } = useWords();
  const { id, value = "", onChange } = field;
  const area = useRef<TextAreaRef>(null);
  const insert = (name: string) => {
    const node = area.current?.resizableTextArea?.textArea;
    const at = node?.selectionEnd ?? value.length;
    const words = `{{${name}}}`;
    onChange?.(value.slice(0, at) + words + value.slice(at));
    requestAnimationFrame(() => {
      node?.focus();
      node?.setSelectionRange(at + words.length, at + words.length);
    });
  };
  return (
    <>
      <Input.TextArea
        {...(id ? { id } : {})}
        ref={area}
        value={value}
        maxLength={4000}
        autoSize={{ minRows: 3, maxRows: 10 }}
        onChange={(event) => onChange?.(event.target.value)}
      />
      <fieldset className={css.variables} aria-label={t("replies.variables")}>
        {VARIABLES.map(({ name, word }) => (
          <Button key={name} size="small" type="dashed" onClick={() => insert(name)}>
            {t(word)}
          </Button>
        ))}
      </fieldset>
    </>
  );
}
