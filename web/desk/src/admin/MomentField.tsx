/**
 * A day and a time that may stay empty; shown on the clock of whoever reads, kept as an instant.
 */
import { Form, Input } from "antd";

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
      extra={hint}
      getValueProps={(at: string | null) => ({ value: at ? onTheClock(at) : "" })}
      normalize={(typed: string) => (typed ? new Date(typed).toISOString() : null)}
    >
      <Input type="datetime-local" style={{ maxWidth: 260 }} />
    </Form.Item>
  );
}

/** `2026-11-21T18:30`, as the browser's own field wants it. */
function onTheClock(at: string): string {
  const moment = new Date(at);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
