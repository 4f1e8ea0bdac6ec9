/**
 * Puts what the server refused beside the field it is about; what is about no field is told as a message.
 *
 * The server's sentence is shown as it is; for a plainly invalid field the desk says more precisely what it wants.
 */
import { App, type FormInstance } from "antd";
import { Refused } from "../server/http";
import { type Tell, useWords } from "../words/words";
import { sentence } from "./States";
import { wordFor } from "./told";

/** Refusals that are about one field, whatever form it stands in. */
const FIELDS: Record<string, string> = {
  login_taken: "login",
  password_too_short: "password",
  password_too_common: "password",
  department_name_taken: "name",
  code_taken: "code",
  alias_taken: "aliases",
  current_password_wrong: "current",
  second_factor_wrong: "code",
  last_operator: "role",
  shortcut_taken: "shortcut",
  rule_too_wide: "confirmed",
};

function fieldOf(refused: Refused): string | undefined {
  const { field } = refused.facts;
  return (
    FIELDS[refused.code] ?? (refused.code === "invalid" && typeof field === "string" ? field : undefined)
  );
}

function wording(t: Tell, refused: Refused, field: string): string {
  if (refused.code !== "invalid") return refused.message;
  const { reason, value } = refused.facts;
  const word =
    wordFor("invalid", `${field}.${String(reason)}`, undefined) ?? wordFor("invalid", field, "invalid.other");
  return t(word, { value: typeof value === "string" ? value : "" });
}

/** `rename`: where a form calls a field differently from the request. */
export function useRefusals(form: FormInstance, rename: Record<string, string> = {}) {
  const { t } = useWords();
  const { message } = App.useApp();
  return (error: unknown) => {
    const field = error instanceof Refused ? fieldOf(error) : undefined;
    const parts = field?.split(".") ?? [];
    const path = [rename[parts[0] ?? ""] ?? parts[0] ?? "", ...parts.slice(1)];
    const known = field && error instanceof Refused && isField(form, path);
    if (!known) {
      void message.error(sentence(t, error));
      return;
    }
    form.setFields([{ name: path, errors: [wording(t, error, parts.at(-1) ?? "")] }]);
    form.scrollToField(path, { focus: true });
  };
}

function isField(form: FormInstance, path: string[]): boolean {
  return form.getFieldInstance(path) !== undefined || Object.hasOwn(form.getFieldsValue(), path[0] ?? "");
}
