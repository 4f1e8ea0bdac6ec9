/**
 * Tells the server what the agent has seen: the newest entry, while the end is on the screen and the page looked at.
 */
import type { Entry } from "@mashang/protocol";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useDesk } from "../../live/DeskLine";
import type { Conversation } from "../../server/shapes";

const EVENTS = ["focus", "blur", "visibilitychange"];

function subscribe(hear: () => void): () => void {
  for (const name of EVENTS) addEventListener(name, hear);
  document.addEventListener("visibilitychange", hear);
  return () => {
    for (const name of EVENTS) removeEventListener(name, hear);
    document.removeEventListener("visibilitychange", hear);
  };
}

const useLookedAt = () =>
  useSyncExternalStore(subscribe, () => document.visibilityState === "visible" && document.hasFocus());

/** Only who serves the conversation moves the mark: a supervisor looking in must not make it look read. */
export function useReading(conversation: Conversation, entries: Entry[], inSight: boolean): void {
  const desk = useDesk();
  const looked = useLookedAt();
  const told = useRef(conversation.read.staff);
  const last = entries.at(-1)?.seq ?? 0;
  const serves = Boolean(conversation.can.reply);
  useEffect(() => {
    if (!serves || !inSight || !looked || last <= told.current) return;
    told.current = last;
    desk.hasRead(conversation.id, last);
  }, [desk, conversation.id, serves, inSight, looked, last]);
}
