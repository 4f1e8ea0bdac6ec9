/**
 * The fields that one kind of connection asks for, as the server describes them; the words are ours.
 *
 * A secret goes one way: what is stored is never shown, and an empty field keeps it.
 */
import { Form, Input, InputNumber, Select } from "antd";
import { isWord, type Tell, useWords, type WordKey } from "../words/words";
import type { KindField } from "./shapes";

interface KindFieldsProps {
  kind: string;
  fields: KindField[];
  /** Is a value of this secret stored already?  Left empty it stays. */
  kept(field: string): boolean;
}

export function KindFields({ kind, fields, kept }: KindFieldsProps) {
  return fields.map((field) => (
    <OneField key={field.name} kind={kind} field={field} kept={kept(field.name)} />
  ));
}

function OneField({ kind, field, kept }: { kind: string; field: KindField; kept: boolean }) {
  const { t } = useWords();
  const label = word(t, `field.${kind}.${field.name}`) ?? field.name;
  const isSealed = field.kind === "secret" || field.kind === "pem";
  const isRequired = field.required && !(isSealed && kept);
  return (
    <Form.Item
      name={field.name}
      label={label}
      extra={word(t, `field.${kind}.${field.name}.help`)}
      rules={isRequired ? [{ required: true, message: t("required") }] : []}
      required={isRequired}
    >
      {input(field, isSealed && kept ? t("field.secret.kept") : "", label, kind, t)}
    </Form.Item>
  );
}

function input(field: KindField, kept: string, label: string, kind: string, t: Tell) {
  switch (field.kind) {
    case "secret":
      return <Input.Password autoComplete="new-password" maxLength={500} placeholder={kept} />;
    case "pem":
      return (
        <Input.TextArea
          autoSize={{ minRows: 3, maxRows: 6 }}
          maxLength={8192}
          spellCheck={false}
          autoComplete="off"
          placeholder={kept || t("field.pem")}
        />
      );
    case "number":
      return <InputNumber min={0} max={999_999_999} precision={0} controls={false} stringMode />;
    case "choice":
      return (
        <Select
          aria-label={label}
          options={(field.choices ?? []).map((value) => ({
            value,
            label: word(t, `field.${kind}.${field.name}.${value}`) ?? value,
          }))}
        />
      );
    default:
      return <Input maxLength={500} spellCheck={false} placeholder={field.default ?? ""} />;
  }
}

/** What the fields of a form begin with: what is stored, else what the kind proposes. */
export function startOf(fields: KindField[], settings: Record<string, unknown> = {}): Record<string, string> {
  return Object.fromEntries(
    fields.map(({ name, default: usual }) => [name, String(settings[name] ?? usual ?? "")]),
  );
}

/** What a form holds of these fields, as the server takes them: every value a text. */
export function typed(fields: KindField[], values: object): Record<string, string> {
  const held = values as Record<string, unknown>;
  return Object.fromEntries(fields.map(({ name }) => [name, String(held[name] ?? "")]));
}

const word = (t: Tell, key: string): string | undefined => (isWord(key) ? t(key as WordKey) : undefined);
