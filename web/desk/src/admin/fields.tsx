/**
 * Fields several forms share: a required line, a line in English, a place in the order, a department.
 */
import { Form, Input, InputNumber, Select } from "antd";
import type { Department } from "../server/shapes";
import { useWords } from "../words/words";
import { useRecords } from "./records";

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
      <Input.TextArea maxLength={longest} autoSize={{ minRows: 2, maxRows: 6 }} showCount />
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

export function useDepartmentOptions(): { value: string; label: string }[] {
  const departments = useRecords<Department>("departments").data ?? [];
  return departments.map(({ id, name }) => ({ value: id, label: name }));
}

/** Names of departments by id, for tables. */
export function useDepartmentNames(): (id: string) => string {
  const options = useDepartmentOptions();
  return (id) => options.find((option) => option.value === id)?.label ?? "";
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
      <Select
        options={useDepartmentOptions()}
        placeholder={t("field.choose")}
        notFoundContent={t("departments.empty")}
      />
    </Form.Item>
  );
}
