/**
 * The macros in the menu behind a slash: choosing one does all of its steps at once.
 */
import { App } from "antd";
import { sentence } from "../../../frame/States";
import { type Macro, runMacro, useMacros } from "../../../server/macros";
import { useMe } from "../../../server/queries";
import { fitting } from "../../../server/replies";
import type { Conversation } from "../../../server/shapes";
import { type Tell, useWords } from "../../../words/words";
import { useClose } from "../../useColumns";
import type { Put } from "./Field";
import type { Suggestion } from "./Suggestions";
import type { Typed } from "./typed";

export function useMacroMenu(conversation: Conversation, typed: Typed | null, put: Put): Suggestion[] {
  const { t } = useWords();
  const macros = useMacros().data ?? [];
  const run = useRunning(conversation, put);
  if (typed?.sign !== "/") return [];
  const named = macros.map((macro) => ({ ...macro, text: macro.steps.note ?? "" }));
  return fitting(named, typed.query).map((macro) => ({
    key: macro.id,
    lead: `/${macro.shortcut}`,
    title: macro.title,
    detail: stepsOf(t, macro),
    side: t("macros.one"),
    choose: () => void run(macro, typed),
  }));
}

/** What it does, before it is done. */
export function stepsOf(t: Tell, { steps }: Pick<Macro, "steps">): string {
  const said = [
    steps.reply && t("macros.step.reply"),
    steps.note && t("macros.step.note"),
    steps.department && t("macros.step.transfer"),
    steps.close && t("macros.step.close"),
  ];
  return said.filter(Boolean).join(" \u2192 ");
}

function useRunning(conversation: Conversation, put: Put) {
  const { t } = useWords();
  const { message } = App.useApp();
  const me = useMe().data;
  const leave = useClose();
  return async (macro: Macro, typed: Typed): Promise<void> => {
    try {
      await runMacro(conversation.id, macro.id);
      put(typed, "");
      void message.success(t("macros.done", { title: macro.title }));
      // Whoever only serves is done with what went elsewhere, as after a transfer by hand.
      if (macro.steps.department && me?.role === "agent") leave(conversation.id);
    } catch (error) {
      void message.error(sentence(t, error), 6);
    }
  };
}
