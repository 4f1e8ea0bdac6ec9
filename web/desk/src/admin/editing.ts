import { Form, type FormInstance } from "antd";
import { useState } from "react";

export interface Editing<T, Draft extends object> {
  open: boolean;
  row: T | undefined;
  form: FormInstance<Draft>;
  start(row?: T): void;
  close(): void;
}

/** Which row is open in the drawer, if any; a fresh form for each. */
export function useEditing<T, Draft extends object>(): Editing<T, Draft> {
  const [form] = Form.useForm<Draft>();
  const [state, setState] = useState<{ open: boolean; row: T | undefined }>({ open: false, row: undefined });
  return {
    ...state,
    form,
    start: (row) => setState({ open: true, row }),
    close: () => setState((now) => ({ ...now, open: false })),
  };
}
