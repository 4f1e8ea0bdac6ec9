/**
 * What the page that carries us is told: that there is something to see, how many answers wait, and whether a
 * conversation is worth keeping the line for.
 */
import type { Host } from "./host";
import { type State, unreadOf } from "./state";
import type { Store } from "./store";

/** Once: it may show us without showing how we came to be. */
export function tellWhenDrawn(store: Store<State>, host: Host, spoken: Promise<void>): void {
  const stop = store.subscribe(() => {
    const { phase, shown, talks, conversations } = store.state;
    const talk = shown ? talks[shown] : undefined;
    const loading = shown ? !talk || talk.loading !== null : false;
    if (phase === "starting" || loading) return;
    stop();
    const conversation = phase === "ready" && conversations.some((one) => one.status !== "closed");
    void spoken.then(() => setTimeout(() => host.say({ type: "drawn", conversation })));
  });
}

/** Whenever it changes. */
export function tellOfNews(store: Store<State>, host: Host): void {
  let told = "";
  store.subscribe(() => {
    const { conversations, phase } = store.state;
    if (phase !== "ready") return;
    const count = unreadOf(store.state);
    const active = conversations.some((one) => one.status !== "closed");
    if (told === `${count} ${active}`) return;
    told = `${count} ${active}`;
    host.say({ type: "unread", count });
    host.say({ type: "active", conversation: active });
  });
}
