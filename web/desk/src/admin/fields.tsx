/**
 * Fields several forms share: a required line, a line in English, a place in the order, a department, words, a tier.
 */
import { Form, Input, InputNumber, Segmented, Select } from "antd";
import { Choice, type Option } from "../frame/Choice";
import type { Tier } from "../server/shapes";
import { useWords } from "../words/words";
import { useRecords } from "./records";
import type { Department } from "./shapes";

interface LineProps {
  name: string | string[];
  label: string;
  hint?: string;
  longest: number;
  required?: boolean;
  placeholder?: string;
}

export function Line({ name, label, hint, longest, required, placeholder }: LineProps) {
  const { t } = useWords();
  const rules = required ? [{ required: true, whitespace: true, message: t("required") }] : [];
  return (
    <Form.Item name={name} label={label} extra={hint} rules={rules} required={required ?? false}>
      <Input maxLength={longest} placeholder={placeholder ?? ""} />
    </Form.Item>
  );
}

export function Paragraph({ name, label, longest, hint }: LineProps) {
  return (
    <Form.Item name={name} label={label} extra={hint}>
      <Input.TextArea maxLength={longest} autoSize={{ minRows: 2, maxRows: 6 }} showCount={!hint} />
    </Form.Item>
  );
}

export function PositionField() {
  const { t } = useWords();
  return (
    <Form.Item name="position" label={t("field.position")} extra={t("field.position.hint")}>
      <InputNumber min={0} max={10_000} precision={0} />
    </Form.Item>
  );
}

interface TagsProps {
  name: string;
  label: string;
  hint: string;
  placeholder: string;
  most?: number;
}

const SEPARATORS = [",", "\uff0c", "\u3001", ";", "\uff1b"];

/** Several short words, typed or pasted. */
export function Tags({ name, label, hint, placeholder, most }: TagsProps) {
  return (
    <Form.Item name={name} label={label} extra={hint}>
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        tokenSeparators={SEPARATORS}
        placeholder={placeholder}
        {...(most ? { maxCount: most } : {})}
      />
    </Form.Item>
  );
}

const TIERS: Tier[] = [1, 2, 3];

/** Junior, senior, expert; a form gives value and change. */
export function TierOptions(field: {
  id?: string;
  value?: Tier;
  "aria-label": string;
  onChange?(tier: Tier): void;
}) {
  const { t } = useWords();
  return (
    <Segmented {...field} options={TIERS.map((value) => ({ value, label: t(`topic.tier.${value}`) }))} />
  );
}

/** None while they are awaited. */
export function useDepartmentOptions(): Option[] | undefined {
  const { data, isPending } = useRecords<Department>("departments");
  return isPending ? undefined : (data ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

/** Names of departments by id, for tables. */
export function useDepartmentNames(): (id: string) => string {
  const options = useDepartmentOptions();
  return (id) => options?.find((option) => option.value === id)?.label ?? "";
}

export function DepartmentField() {
  const { t } = useWords();
  return (
    <Form.Item
      name="department"
      label={t("field.department")}
      rules={[{ required: true, message: t("required") }]}
      required
    >
      <Choice
        options={useDepartmentOptions()}
        placeholder={t("field.choose")}
        notFoundContent={t("departments.empty")}
      />
    </Form.Item>
  );
}
