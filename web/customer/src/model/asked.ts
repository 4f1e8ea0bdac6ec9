/**
 * Somebody comes from the help centre: what they searched for is not typed again.
 *
 * The words stand behind the `#` of the address, from where they are taken out at once. They are the first message of
 * what is begun next, or are said in the conversation that is open already; nothing is begun by itself.
 *
 * Fetched by who comes that way only.
 */
import { more } from "../view/more_words";
import type { App } from "./app";

const LONGEST = 400;
const SHOWN = 60;

/** Keeps the words in the address until they can be said, and says that it does. */
export function carry(app: App): void {
  const words = taken().slice(0, LONGEST).trim();
  if (!words) return;
  app.store.patch({ carried: words });
  let told = false;
  const look = () => {
    const { shown, phase, notice, carried, conversations } = app.store.state;
    const open = conversations.find((one) => one.id === shown && one.status !== "closed");
    if (carried !== words)
      stop(); // what was begun began with them
    else if (open) {
      stop();
      app.store.patch({ carried: null, notice: null });
      app.outbox.sendText(open.id, words);
    } else if (!shown && phase === "ready" && !told && !notice) {
      told = true;
      app.store.patch({ notice: { kind: "info", text: more("asked.carried", { words: shortened(words) }) } });
    }
  };
  const stop = app.store.subscribe(look);
  look();
}

function taken(): string {
  const words = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B")).get("ask") ?? "";
  history.replaceState(history.state, "", location.pathname + location.search);
  return words;
}

function shortened(words: string): string {
  return words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words;
}
