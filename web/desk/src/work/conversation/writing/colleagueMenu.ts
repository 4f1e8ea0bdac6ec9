/**
 * The entries of the menu behind an at sign in a note: colleagues who may see the conversation.
 */
import type { Named } from "@mashang/protocol";
import { useColleagues } from "../../../server/mentions";
import type { Conversation } from "../../../server/shapes";
import type { Put } from "./Field";
import type { Suggestion } from "./Suggestions";
import type { Typed } from "./typed";

/** Null in a reply: customers hear of nobody's name. */
export function useColleagueMenu(
  conversation: Conversation,
  isNote: boolean,
  typed: Typed | null,
  put: Put,
  name: (colleague: Named) => void,
): Suggestion[] | null {
  const begun = isNote && typed?.sign === "@";
  const colleagues = useColleagues(conversation.id, begun).data ?? [];
  if (!begun) return null;
  return colleagues
    .filter((colleague) => colleague.name.toLowerCase().includes(typed.query))
    .map((colleague) => ({
      key: colleague.id,
      lead: "@",
      title: colleague.name,
      choose: () => {
        name(colleague);
        put(typed, `@${colleague.name} `);
      },
    }));
}

/** Those of the named who are still named in the text. */
export const namedIn = (text: string, named: Named[]): string[] => [
  ...new Set(named.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id)),
];
