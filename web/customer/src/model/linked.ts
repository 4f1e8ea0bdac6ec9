/**
 * A link or a scanned code of a service code: what stands in its address is put into the code box, and looked at.
 *
 * `/c/CZ` in the path; somebody's own code behind the `#`, from where it is taken out at once, so that neither history
 * nor a shared address keeps it. One tap begins; from then on a reload leads into the conversation.
 *
 * Fetched by who comes by a link only. Does not: begin anything.
 */
import type { CodeAnswer } from "@mashang/protocol";
import type { App } from "./app";
import type { Secrets } from "./secrets";
import type { Linked } from "./state";

const LONGEST = 80;

/** Follows the link in the address, and the next ones in the same tab. */
export function arrive(app: App, secrets: Secrets): void {
  const linked = taken();
  if (linked) {
    secrets.keepShown(null); // whoever has a conversation open sees what they scanned all the same
    fill(app, linked);
  }
  addEventListener("hashchange", () => {
    const next = taken();
    if (!next) return;
    app.show(null);
    fill(app, next);
  });
}

/** The code box holds this, with what it means as soon as the server has said so. */
export function fill(app: App, linked: Linked): void {
  app.store.patch({ linked });
  let looking = false;
  const look = () => {
    const { state } = app.store;
    if (state.linked === linked && state.phase === "ready" && !looking) {
      looking = true;
      app.findCode(linked.text).then(
        (answer) => {
          const text = textFor(answer, linked.text);
          if (app.store.state.linked === linked) app.store.patch({ linked: { ...linked, text, answer } });
        },
        () => undefined, // the tap asks again, and says what is wrong
      );
    }
    if (!state.shown) return;
    stop();
    if (!state.linked) return;
    app.store.patch({ linked: null });
    history.replaceState(history.state, "", app.siteKey ? `/?site=${encodeURIComponent(app.siteKey)}` : "/");
  };
  const stop = app.store.subscribe(look);
  look();
}

/** The topic's code however the link writes it; a one-time password stays on no screen. */
function textFor(answer: CodeAnswer, written: string): string {
  if (answer.outcome === "matched") return answer.topic.code;
  return answer.outcome === "one_time" ? "" : written;
}

function taken(): Linked | null {
  const written = location.hash.slice(1) || location.pathname.replace(/^\/c\/?/, "");
  if (!written) return null;
  const scanned = new URLSearchParams(location.search).has("q");
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  return { text: readable(written).slice(0, LONGEST).trim(), medium: scanned ? "qr" : "link" };
}

function readable(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
