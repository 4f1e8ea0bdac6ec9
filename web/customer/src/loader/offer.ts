/**
 * One quiet line beside the button, for whom the shop has something to say to: fetched after the page, when it may be.
 *
 * It takes no focus and covers nothing that stays in its place; what it lies on scrolls free, because the page grows by
 * as much. Pressed away it never comes again.
 */
import type { Locale, OfferAnswer, Position } from "@mashang/protocol";
import words from "../catalogue/offer.json";
import { localeOf } from "./look";
import type { Opening } from "./scenes";
import { hold } from "./styles";
import type { Widget } from "./widget";

/** The widget, as far as it stands. */
export type Page = Pick<
  Widget,
  "origin" | "site" | "script" | "root" | "look" | "button" | "window" | "token" | "open"
>;

type Offer = NonNullable<OfferAnswer["offer"]>;

const CSS = `
.offer{position:fixed;z-index:2147482999;display:flex;flex-wrap:wrap;align-items:stretch;box-sizing:border-box;max-width:340px;
border-radius:14px;background:#fff;color:#17202e;font:15px/1.4 -apple-system,BlinkMacSystemFont,"PingFang SC","HarmonyOS Sans","MiSans","Microsoft YaHei","Noto Sans CJK SC",sans-serif;
box-shadow:0 0 0 1px rgba(10,20,40,.14),0 6px 20px rgba(10,20,40,.2)}
.offer.flows{position:relative;max-width:none;margin:12px}
.offer button{background:none;color:inherit;box-shadow:none;min-width:44px;min-height:44px;border-radius:14px}
.offer .take{flex:1 1 0;min-width:0;flex-direction:column;align-items:flex-start;padding:9px 0 9px 16px;font:inherit;text-align:left}
.offer .why{font-size:13px;opacity:.82}
.offer .line{font-weight:600;text-decoration:underline;text-decoration-color:var(--c);text-decoration-thickness:2px;text-underline-offset:4px}
.offer .never{flex:1 0 100%;font-size:13px;text-align:left;padding:0 16px;justify-content:flex-start;opacity:.82}
.offer .away svg{width:18px;height:18px}
@media(prefers-color-scheme:dark){.offer{background:#1c232d;color:#eef2f7;box-shadow:0 0 0 1px rgba(255,255,255,.2),0 6px 20px rgba(0,0,0,.5)}}
@media(prefers-reduced-motion:no-preference){.offer{animation:come .25s ease-out}@keyframes come{from{opacity:0}}}
@media(forced-colors:active){.offer{border:2px solid}}
@media print{.offer{display:none}}
`;
const KEPT_AS = "mashang.offers";
const NONE = "none";
const GAP = 12;
const FROM_EDGE = 20;
const NARROWEST = 230;
const WIDEST = 340;
const PRESSABLE = "a,button,input,select,textarea,[role=button]";

/** Asks, and shows what comes; answers how to take it away again. */
export async function offer(page: Page): Promise<() => void> {
  const { root } = page;
  const offer = page.window?.shown ? null : await ask(page);
  return offer && root && !page.window?.shown ? show(page, root, offer) : () => undefined;
}

async function ask(page: Page): Promise<Offer | null> {
  const { origin, site, script } = page;
  const { order } = script.dataset;
  const token = await page.token();
  const browser = token ? "" : numberOfBrowser();
  const wish = {
    site,
    url: (location.origin + location.pathname).slice(0, 2000),
    ...(token ? { token } : {}),
    ...(browser ? { browser } : {}),
    ...(order && order.length <= 64 ? { order } : {}),
  };
  const answer = await send(`${origin}/api/v1/customer/offers`, wish, localeOf(script));
  return answer.ok ? ((await answer.json()) as OfferAnswer).offer : null;
}

/**
 * What this browser made up for itself, so that nobody hears the same offer twice; empty for who wants none, and where
 * nothing can be kept.
 */
function numberOfBrowser(): string {
  const kept = recall();
  if (kept) return kept === NONE ? "" : kept;
  const made = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  keep(made);
  return recall() ? made : "";
}

function recall(): string | null {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

function keep(value: string): void {
  try {
    localStorage.setItem(KEPT_AS, value);
  } catch {
    // A browser that keeps nothing is offered nothing.
  }
}

/** Said in the chat: whoever wants none hears of none here either, signed in or not. */
export function wish(wanted: boolean): void {
  if (!wanted) keep(NONE);
  else if (recall() === NONE) keep("");
}

/** As plain text: the browser then asks nobody's leave first. */
function send(address: string, body: object, locale: Locale): Promise<Response> {
  return fetch(address, {
    method: "POST",
    credentials: "omit",
    keepalive: true,
    headers: { "Accept-Language": locale },
    body: JSON.stringify(body),
  });
}

function show(page: Page, root: ShadowRoot, offer: Offer): () => void {
  const { button } = page;
  const locale = localeOf(page.script);
  const line = document.createElement("div");
  const said = document.createElement("span");
  said.className = "hidden";
  said.setAttribute("role", "status");
  const end = () => {
    const hadFocus = line.contains(root.activeElement);
    removeEventListener("resize", settle);
    hold(root.host as HTMLElement, { display: "", height: "" });
    line.remove();
    said.remove();
    if (hadFocus) button?.focus();
  };
  const answer = (outcome: "taken" | "dismissed" | "unwanted") => {
    end();
    if (outcome === "unwanted") keep(NONE);
    send(`${page.origin}/api/v1/customer/offers/${offer.id}`, { outcome }, locale).catch(() => undefined);
  };
  const take = part("button", "take", part("span", "why", offer.why), part("span", "line", offer.text));
  take.onclick = () => {
    answer("taken");
    page.open(openingOf(offer));
  };
  const away = part("button", "away", cross());
  away.setAttribute("aria-label", words[locale].away);
  away.onclick = () => answer("dismissed");
  const never = part("button", "never", words[locale].never);
  never.onclick = () => answer("unwanted");
  for (const one of [take, away, never]) one.setAttribute("type", "button");
  line.append(take, away);
  if (offer.kind === "rule") line.append(never);
  const settle = () => stand(page, root.host as HTMLElement, line);
  dress(root);
  root.append(said, line);
  settle();
  addEventListener("resize", settle);
  requestAnimationFrame(() => {
    said.textContent = `${offer.why} ${offer.text}`;
  });
  return end;
}

function openingOf({ code, order, scene }: Offer): Opening {
  return { medium: "offer", scene, ...(code ? { code } : {}), ...(order ? { order } : {}) };
}

/**
 * Beside the button, above it, or in the other corner: the first place where nothing to press lies beneath, else where
 * nothing does that stays there when one scrolls; else in the flow of the page.
 */
function stand({ look, button }: Page, host: HTMLElement, line: HTMLElement): void {
  const { position, placement } = look ?? {};
  const spot = button && placement === "button" ? button.element.getBoundingClientRect() : null;
  const beside = spot ? (position === "left" ? spot.right : innerWidth - spot.left) + GAP : FROM_EDGE;
  const above = spot ? innerHeight - spot.top + GAP : FROM_EDGE + 56 + GAP;
  const [side, other]: [Position, Position] = position === "left" ? ["left", "right"] : ["right", "left"];
  const places: Place[] = [
    { side, away: beside, up: FROM_EDGE, room: innerWidth - beside - GAP },
    { side, away: FROM_EDGE, up: above, room: innerWidth - FROM_EDGE - GAP },
    { side: other, away: FROM_EDGE, up: FROM_EDGE, room: innerWidth - FROM_EDGE - beside },
  ];
  const free = places.filter(({ room }) => room >= NARROWEST);
  line.className = "offer";
  hold(host, { display: "block", height: "0" });
  for (const mayScroll of placement === "inline" ? [] : [false, true])
    for (const place of free) {
      put(line, place);
      if (!coversAny(line, host, mayScroll))
        return hold(host, { height: `${innerHeight - line.getBoundingClientRect().top}px` });
    }
  line.className = "offer flows";
  hold(line, { left: "", right: "", bottom: "", width: "" });
  hold(host, { height: "" });
}

interface Place {
  side: Position;
  /** From that side of the screen, and from below. */
  away: number;
  up: number;
  room: number;
}

function put(line: HTMLElement, { side, away, up, room }: Place): void {
  const [left, right] = side === "left" ? [`${away}px`, "auto"] : ["auto", `${away}px`];
  hold(line, { left, right, bottom: `${up}px`, width: `${Math.min(WIDEST, room)}px` });
}

/** Of the page under the line: anything to press, or only what scrolling does not bring out from beneath it? */
function coversAny(line: HTMLElement, host: HTMLElement, mayScroll: boolean): boolean {
  const { left, right, top, bottom } = line.getBoundingClientRect();
  for (let x = left; x < right; x += 24)
    for (let y = top; y < bottom; y += 12)
      for (const one of document.elementsFromPoint(x, y))
        if (one !== host && one.closest(PRESSABLE) && !(mayScroll && !stays(one))) return true;
  return false;
}

function stays(element: Element): boolean {
  for (let one: Element | null = element; one; one = one.parentElement)
    if (/fixed|sticky/.test(getComputedStyle(one).position)) return true;
  return false;
}

function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = CSS;
    root.append(style);
  }
}

function part(name: string, called: string, ...inside: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  made.className = called;
  made.append(...inside);
  return made;
}

function cross(): SVGElement {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "path");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  drawing.setAttribute("d", "m6 6 12 12M18 6 6 18");
  picture.append(drawing);
  return picture;
}
