/**
 * A choice among what the server knows. Until that is there nothing can be typed: it would find nothing, and be lost
 * without a word.
 */
import { Select, type SelectProps } from "antd";

export interface Option {
  value: string;
  label: string;
}

interface ChoiceProps<Value> extends Omit<SelectProps<Value>, "options" | "disabled" | "loading"> {
  /** None while they are awaited. */
  options: Option[] | undefined;
}

export function Choice<Value = string>({ options, ...rest }: ChoiceProps<Value>) {
  return (
    <Select<Value> {...rest} options={options ?? []} {...(!options && { disabled: true, loading: true })} />
  );
}
