/**
 * What was typed and not sent, one draft per conversation, kept in this browser until it is sent.
 *
 * Forgotten at sign-out: the next person at this computer must not find it.
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

/** Whoever is at this browser now: what another person left here is forgotten. */
export function draftsOf(agent: string): void {
  const former = localStorage.getItem(WHOSE);
  if (former && former !== agent) forgetDrafts();
  localStorage.setItem(WHOSE, agent);
}

export function forgetDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  sessionStorage.clear();
}
