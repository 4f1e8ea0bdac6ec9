/**
 * Somebody comes from the help centre: what they searched for is not typed again.
 *
 * The words stand behind the `#` of the address, from where they are taken out at once, or were searched in the chat.
 * They wait until a conversation is on screen, and are in the composer then, to be changed and sent; nothing is sent or
 * begun by itself.
 *
 * Fetched by who comes that way only.
 */
import { more } from "../view/more_words";
import type { App } from "./app";

const LONGEST = 400;
const SHOWN = 60;

/** Keeps the words in the address for the conversation that is shown next. */
export function carry(app: App): void {
  carryOn(app, taken());
}

/** Keeps these words for the conversation that is shown, or next. */
export function carryOn(app: App, said: string): void {
  const words = said.slice(0, LONGEST).trim();
  if (!words) return;
  const look = () => {
    const { shown, phase, notice } = app.store.state;
    if (shown) {
      stop();
      app.store.patch({ again: words, notice: null });
    } else if (phase === "ready" && !told && !notice) {
      told = true;
      app.store.patch({ notice: { kind: "info", text: more("asked.carried", { words: shortened(words) }) } });
    }
  };
  let told = false;
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
