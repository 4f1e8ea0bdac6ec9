/**
 * What a page needs once it has come to rest, and nobody waits for: a place on the home screen, a copy for the time
 * without a network, news of incidents, and what a code is, shown once to whoever comes for the first time and does nothing yet.
 */
import type { App } from "./model/app";
import { Drawer } from "./model/secrets";
import type { Incident } from "./model/state";

const LOOK_ROUND_MS = 1_000;
const ASK_AGAIN_MS = 20_000;

const SHOWN = "mashang:shown-how";
const drawer = new Drawer(() => localStorage);
/** Lower than this the lines pass through one, which only those see who want motion; and nothing stands over a keyboard. */
const HIGH = 720;
const LEAST_HEIGHT = 480;

export function settleIn(app: App): void {
  welcome(app);
  atHome(app);
  hearOfIncidents(app);
}

/** Without a live line nobody tells the first page: it asks now and then, and whenever somebody comes back to it. */
function hearOfIncidents(app: App): void {
  const ask = async () => {
    const { line, phase, visible } = app.store.state;
    if (line === "open" || phase !== "ready" || !visible || document.visibilityState !== "visible") return;
    const { status, text } = await app.api.exchange("GET", "/customer/incidents", undefined);
    if (status === 200) app.store.patch({ incidents: JSON.parse(text) as Incident[] });
  };
  const quietly = () => void ask().catch(() => undefined);
  setInterval(quietly, ASK_AGAIN_MS);
  document.addEventListener("visibilitychange", quietly);
}

/** As soon as the page is seen; whoever has begun something by then needs no lesson. */
function welcome(app: App): void {
  if (drawer.get(SHOWN) || !/^\/(chat)?$/.test(location.pathname)) return;
  if (app.store.state.visible) return void showOnce(app);
  const leave = app.store.subscribe(() => {
    if (!app.store.state.visible) return;
    leave();
    setTimeout(() => void showOnce(app), LOOK_ROUND_MS);
  });
}

async function showOnce(app: App): Promise<void> {
  if (!isNew(app)) return;
  const { demonstrate } = await import("./view/how_parts");
  if (!isNew(app)) return;
  drawer.set(SHOWN, "1");
  demonstrate(app, false);
}

/** Nothing is under way, nothing was, nothing was brought along or touched. */
function isNew({ store, touched }: App): boolean {
  const { site, topics, conversations, shown, order, proving, followed, linked, notice, visible, quietly } =
    store.state;
  const busy =
    touched || conversations.length > 0 || shown || order || proving || followed || linked || notice;
  return (
    Boolean(site?.demonstration && topics[0]) &&
    !busy &&
    visible &&
    !quietly &&
    innerHeight >= (likesMotion() ? LEAST_HEIGHT : HIGH)
  );
}

const likesMotion = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Whoever wants to see it again. */
export async function showAgain(app: App): Promise<void> {
  const { demonstrate } = await import("./view/how_parts");
  demonstrate(app, true);
}

/** Of the full page; the framed one is the shop's. */
function atHome(app: App): void {
  if (app.host.framed || location.pathname !== "/") return;
  const site = new URLSearchParams(location.search).get("site");
  const asked = site ? `?site=${encodeURIComponent(site)}` : "";
  head("link", { rel: "manifest", href: `/app.webmanifest${asked}` });
  head("link", { rel: "apple-touch-icon", href: `/app-icons/icon-180.png${asked}` });
  head("meta", { name: "theme-color", content: app.store.state.site?.colour ?? "" });
  void keep();
}

function head(tag: string, attributes: Record<string, string>): void {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.head.append(element);
}

/** Where this is not allowed (plain HTTP, a private window) the page works as before, with a network. */
async function keep(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/worker.js", { scope: "/?", updateViaCache: "none" });
    // Only this address, not the bare one, is the worker's: see there.
    if (location.search === "") history.replaceState(history.state, "", `/?${location.hash}`);
  } catch {
    // As said above.
  }
}
