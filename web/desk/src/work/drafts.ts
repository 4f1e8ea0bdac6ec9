/**
 * What was typed and not sent, one draft per conversation, kept in this browser until it is sent.
 *
 * It outlives signing out, and is forgotten when somebody else signs in: the next person must not find it.
 */
import type { Audience, Named } from "@mashang/protocol";

export interface Draft {
  text: string;
  audience: Audience;
  /** Colleagues who were chosen to be named; who is not in the text any more is not named. */
  named?: Named[];
}

const PREFIX = "mashang.draft.";
const WHOSE = "mashang.drafts";
const EMPTY: Draft = { text: "", audience: "everyone" };

export function draftOf(conversation: string): Draft {
  try {
    return {
      ...EMPTY,
      ...(JSON.parse(localStorage.getItem(PREFIX + conversation) ?? "{}") as Partial<Draft>),
    };
  } catch {
    return EMPTY;
  }
}

export function keepDraft(conversation: string, draft: Draft): void {
  if (draft.text) localStorage.setItem(PREFIX + conversation, JSON.stringify(draft));
  else localStorage.removeItem(PREFIX + conversation);
}

/**
 * Whoever is at this browser now finds what they left, also after they signed out; what another person left here, in
 * any tab, is forgotten before it can be seen or sent.
 */
export function draftsOf(agent: string): void {
  if (isOthers(localStorage, agent))
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  if (isOthers(sessionStorage, agent)) sessionStorage.clear();
  for (const storage of [localStorage, sessionStorage]) storage.setItem(WHOSE, agent);
}

function isOthers(storage: Storage, agent: string): boolean {
  const former = storage.getItem(WHOSE);
  return former !== null && former !== agent;
}
