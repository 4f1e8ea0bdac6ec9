/**
 * Who else has a conversation open or writes in it: hints that fade by themselves.
 *
 * A desk says so again every ten seconds while the conversation is on the screen; what was not said again for fifteen
 * is forgotten. Whoever hears of somebody new answers at once, so that both know.
 */
import { useEffect } from "react";
import { monotonic } from "./clock";
import { useDesk, useTick } from "./DeskLine";
import { Store, useStore } from "./store";

export type Doing = "looking" | "writing" | "gone";

export interface Colleague {
  id: string;
  name: string;
  doing: Doing;
  /** In monotonic milliseconds. */
  until: number;
}

const LASTS: Record<Doing, number> = { looking: 15_000, writing: 5_000, gone: 0 };
const AGAIN = 10_000;
const WRITES_AGAIN = 3_000;

type Say = (conversation: string, doing: Doing) => void;

export class Colleagues {
  readonly seen = new Store<Record<string, Colleague[]>>({});
  private readonly open = new Set<string>();
  private wroteAt = 0;

  constructor(private readonly say: Say) {}

  hear(conversation: string, who: { id: string; name: string; doing: string }): void {
    const doing = who.doing as Doing;
    const known = this.at(conversation);
    const others = known.filter(({ id }) => id !== who.id);
    const isNew = others.length === known.length;
    const until = monotonic() + LASTS[doing];
    const next = doing === "gone" ? others : [...others, { id: who.id, name: who.name, doing, until }];
    this.seen.change((all) => ({ ...all, [conversation]: next }));
    if (isNew && doing !== "gone" && this.open.has(conversation)) this.say(conversation, "looking");
  }

  at(conversation: string): Colleague[] {
    const now = monotonic();
    return (this.seen.get()[conversation] ?? []).filter(({ until }) => until > now);
  }

  looks(conversation: string): void {
    this.open.add(conversation);
    this.say(conversation, "looking");
  }

  leaves(conversation: string): void {
    this.open.delete(conversation);
    this.say(conversation, "gone");
  }

  writes(conversation: string): void {
    if (monotonic() - this.wroteAt < WRITES_AGAIN) return;
    this.wroteAt = monotonic();
    this.say(conversation, "writing");
  }
}

/** Says that this conversation is on the screen for as long as it is; only of one that the socket follows already. */
export function useLooking(conversation: string, follows: boolean): void {
  const desk = useDesk();
  const up = useStore(desk.status) === "open";
  useEffect(() => {
    if (!up || !follows) return;
    const look = () => {
      if (!document.hidden) desk.colleagues.looks(conversation);
    };
    look();
    const timer = setInterval(look, AGAIN);
    return () => {
      clearInterval(timer);
      desk.colleagues.leaves(conversation);
    };
  }, [desk, conversation, up, follows]);
}

export function useColleagues(conversation: string): Colleague[] {
  const { colleagues } = useDesk();
  useStore(colleagues.seen);
  useTick();
  return colleagues.at(conversation);
}
