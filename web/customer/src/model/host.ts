/**
 * The page that carries the chat in a frame, as far as we talk to it.
 *
 * Both sides name the other's exact origin and drop everything else. Who may carry us at all is decided by the
 * server (`frame-ancestors`); where the browser tells the true parent we take that over the address we were given.
 */
import type { ChatMessage, HostMessage } from "@mashang/protocol";

export class Host {
  readonly framed: boolean;
  private readonly origin: string | null;

  /** It can be folded away behind a button. */
  readonly folds: boolean;

  constructor(claimed: string | null, inline = false) {
    this.framed = window.parent !== window;
    this.folds = this.framed && !inline;
    this.origin = this.framed ? (location.ancestorOrigins?.[0] ?? claimed) : null;
  }

  listen(hear: (message: HostMessage) => void): void {
    if (!this.origin) return;
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== this.origin) return;
      const message = event.data as (HostMessage & { mashang?: number }) | null;
      if (message && message.mashang === 1 && typeof message.type === "string") hear(message);
    });
  }

  say(message: ChatMessage): void {
    if (this.origin) window.parent.postMessage({ mashang: 1, ...message }, this.origin);
  }
}
