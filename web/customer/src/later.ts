/**
 * What a page needs once it has come to rest, and nobody waits for: a place on the home screen, a copy for the time
 * without a network.
 */
import type { App } from "./model/app";

/** Of the full page; the framed one is the shop's. */
export function settleIn(app: App): void {
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
