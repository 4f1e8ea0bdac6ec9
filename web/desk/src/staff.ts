/**
 * What a role may reach in the desk's pages: operators change, supervisors read, agents work.
 *
 * Does not: protect anything; the server refuses on its own.
 */
import type { Me } from "./server/shapes";

export const administers = (me: Me): boolean => me.role === "operator" || me.role === "supervisor";
export const edits = (me: Me): boolean => me.role === "operator";
