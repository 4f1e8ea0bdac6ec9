/**
 * Macros: those one can run, and running one.
 */
import { useQuery } from "@tanstack/react-query";
import { get, post, Refused } from "./http";

export interface MacroSteps {
  reply?: string | null;
  note?: string;
  department?: string | null;
  transfer_note?: string;
  close?: boolean;
}

export interface Macro {
  id: string;
  shortcut: string;
  title: string;
  steps: MacroSteps;
  initials: string;
}

/** Kept with the administration's records, so that a change there is seen here at once. */
export const useMacros = () =>
  useQuery({ queryKey: ["admin", "own-macros"], queryFn: () => get<Macro[]>("/desk/macros") });

/** Presses whose answer is not known yet: pressed again, it is the same press. */
const presses = new Map<string, string>();

export async function runMacro(conversation: string, macro: string): Promise<void> {
  const key = `${conversation} ${macro}`;
  const client_id = presses.get(key) ?? crypto.randomUUID();
  presses.set(key, client_id);
  try {
    await post<void>(`/desk/conversations/${conversation}/macros/${macro}`, { client_id });
    presses.delete(key);
  } catch (error) {
    if (error instanceof Refused) presses.delete(key);
    throw error;
  }
}
