/**
 * A day and a time that may stay empty; shown and typed on the shop's clock, kept as an instant.
 */
import { Form, Input } from "antd";
import { ZoneNote } from "../frame/ZoneNote";
import { typedForm, typedInstant } from "../words/zone";

interface MomentFieldProps {
  name: string;
  label: string;
  hint: string;
}

export function MomentField({ name, label, hint }: MomentFieldProps) {
  return (
    <Form.Item
      name={name}
      label={label}
      extra={
        <>
          {hint} <ZoneNote />
        </>
      }
      getValueProps={(at: string | null) => ({ value: at ? typedForm(at) : "" })}
      normalize={(typed: string) => typedInstant(typed)?.toISOString() ?? null}
    >
      <Input type="datetime-local" style={{ maxWidth: 260 }} />
    </Form.Item>
  );
}
