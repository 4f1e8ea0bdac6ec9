/**
 * The chat page: framed by the widget, or the whole screen of a phone.
 */
import type { Locale } from "@mashang/protocol";
import { render } from "preact";
import { App } from "./model/app";
import { Host } from "./model/host";
import { Drawer } from "./model/secrets";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/start.css";
import "./styles/conversation.css";
import { Chat } from "./view/Chat";
import { localeFor, speak } from "./words";

const address = new URLSearchParams(location.search);
const site =
  address.get("site") ?? document.querySelector("meta[name=mashang-site]")?.getAttribute("content") ?? "";
const language = chosenLanguage();

const spoken = speak(language);
const host = new Host(address.get("host"));
const app = new App(site, host, language, spoken);
const root = document.getElementById("app");
void spoken.then(() => {
  document.documentElement.lang = language;
  if (root) render(<Chat app={app} />, root);
});

host.listen((message) => app.hear(message));
host.say({ type: "ready" });
if (host.framed) setTimeout(() => app.startAlone(), 3_000);
else app.startAlone();

function chosenLanguage(): Locale {
  const chosen = new Drawer(() => localStorage).get("mashang:lang") ?? address.get("lang");
  return localeFor(chosen ? [chosen] : navigator.languages);
}
