/**
 * The chat page: framed by the widget, or the whole screen of a phone.
 */
import { render } from "preact";
import { App } from "./model/app";
import { Host } from "./model/host";
import { chosenLanguage, onLanguage } from "./model/language";
import { fetchLarge, keptLarge, onLarge } from "./model/large";
import { Secrets } from "./model/secrets";
import type { Followed } from "./model/state";
import { keepInSight } from "./model/viewport";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/start.css";
import "./styles/code.css";
import { Chat } from "./view/Chat";
import { fetchTalking } from "./view/Talking";
import { speak } from "./words";

const address = new URLSearchParams(location.search);
const site =
  address.get("site") ?? document.querySelector("meta[name=mashang-site]")?.getAttribute("content") ?? "";
const language = chosenLanguage(address.get("lang"));

const secrets = new Secrets(site);
// Whoever may return to a conversation fetches its page at once; what cannot be fetched is tried again there.
const spoken: Promise<void> = Promise.all([
  speak(language),
  secrets.mayReturn ? fetchTalking().catch(() => undefined) : undefined,
  keptLarge()
    ? fetchLarge()
        .then(() => app.store.patch({ large: true }))
        .catch(() => undefined)
    : undefined,
]).then(() => undefined);
const host = new Host(address.get("host"), address.has("inline"));
const app = new App(site, host, language, spoken);
const root = document.getElementById("app");
void spoken.then(() => {
  document.documentElement.lang = language;
  if (root) render(<Chat app={app} />, root);
  if (root && !host.framed) keepInSight(root);
  // Whoever touches the first page is about to begin; who only looks fetches no more.
  for (const touch of ["pointerdown", "keydown"])
    addEventListener(
      touch,
      () => {
        app.touched = true;
        fetchTalking().catch(() => undefined);
      },
      { once: true },
    );
});

host.listen((message) => app.hear(message));
host.say({ type: "ready" });
const followed = host.framed ? null : takeFollowed();
if (host.framed) setTimeout(() => app.startAlone(), 3_000);
else if (followed) app.store.patch({ followed });
else if (/^\/c(\/|$)/.test(location.pathname))
  import("./model/linked")
    .then(({ arrive }) => arrive(app, secrets))
    .catch(() => undefined) // the first page as it is always there
    .then(() => app.startAlone());
else {
  if (/^#ask=/.test(location.hash))
    import("./model/asked").then(({ carry }) => carry(app)).catch(() => undefined); // they type it again
  app.startAlone();
}
onLanguage((chosen) => void app.setLocale(chosen));
onLarge((large) => app.store.patch({ large }));
addEventListener("hashchange", () => {
  const again = host.framed ? null : takeFollowed();
  if (again) app.store.patch({ followed: again });
});

/** The link behind the `#`, taken out of the address at once: neither history nor a shared address keeps it. */
function takeFollowed(): Followed | null {
  const behind = new URLSearchParams(location.hash.slice(1));
  const secret = behind.get("continue");
  if (!secret) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return { secret, conversation: behind.get("c"), code: behind.get("code") };
}
