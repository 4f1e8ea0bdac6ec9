/**
 * What this agent has said and the server has not acknowledged yet.
 *
 * Each message keeps its `client_id` through every attempt, so it is stored once. What is not yet acknowledged
 * survives a reload of the page in this tab's storage. After the acknowledgement the bubble stays until the
 * entry itself arrives over the socket.
 *
 * Does not: send (the socket does) or draw.
 */
import type { Attachment, Audience } from "@mashang/protocol";
import { Store } from "./store";

export interface Unsent {
  client_id: string;
  conversation: string;
  audience: Audience;
  text: string;
  file?: Attachment;
  /** Whom a note names. */
  mentions?: string[];
  at: string;
  state: "sending" | "failed" | "sent";
  reason?: string;
  seq?: number;
}

const KEPT = "mashang.outbox";

function kept(): Unsent[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as Unsent[];
  } catch {
    return [];
  }
}

export class Outbox extends Store<Unsent[]> {
  constructor() {
    super(kept());
    this.subscribe(() => {
      const open = this.get().filter((message) => message.state !== "sent");
      sessionStorage.setItem(KEPT, JSON.stringify(open));
    });
  }

  add(message: Unsent): void {
    this.change((all) => [...all, message]);
  }

  acknowledged(client_id: string, seq: number, text: string | null | undefined): void {
    this.patch(client_id, (message) => ({ ...message, state: "sent", seq, text: text ?? message.text }));
  }

  refused(client_id: string, reason: string): void {
    this.patch(client_id, (message) => ({ ...message, state: "failed", reason }));
  }

  retried(client_id: string): Unsent | undefined {
    this.patch(client_id, (message) => ({ ...message, state: "sending" }));
    return this.get().find((message) => message.client_id === client_id);
  }

  drop(client_id: string): void {
    this.change((all) => all.filter((message) => message.client_id !== client_id));
  }

  /** The entry is on the timeline: its bubble is no longer needed. */
  arrived(conversation: string, seq: number, client_id: string | null | undefined): void {
    const done = (message: Unsent) =>
      message.conversation === conversation &&
      (message.client_id === client_id || (message.state === "sent" && message.seq === seq));
    if (this.get().some(done)) this.change((all) => all.filter((message) => !done(message)));
  }

  private patch(client_id: string, how: (message: Unsent) => Unsent): void {
    this.change((all) => all.map((message) => (message.client_id === client_id ? how(message) : message)));
  }
}
