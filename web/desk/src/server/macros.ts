/**
 * Macros: those one can run, and running one.
 */
import { useQuery } from "@tanstack/react-query";
import { get, post } from "./http";

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

export const runMacro = (conversation: string, macro: string) =>
  post<void>(`/desk/conversations/${conversation}/macros/${macro}`);
