/**
 * The script a shop puts on its pages: a button that is always there, and the chat behind it.
 *
 *   <script src="https://cs.example/widget.js" data-site="KEY" data-token="JWT" data-order="NUMBER" async></script>
 *
 * It stands as a floating button, a side tab, a link at the top, or in the page itself, where the page has a place for
 * it: `<div data-mashang-inline></div>`.
 *
 * It never blocks the page and brings nothing else until the button is pressed, or until a conversation goes on from
 * an earlier page. The page can say who is signed in (`Mashang.identify`), that nobody is (`signOut`), and `open` or
 * `close` the chat; anything it marked opens it too (`scenes`). Where the shop has something to say to whom it knows, a
 * quiet line comes later, as a script of its own (`more`).
 *
 * Does not: know anything of a conversation. Words and secrets stay in the frame, which is of another origin.
 */
import type { ChatMessage, WidgetLook } from "@mashang/protocol";
import { Button } from "./button";
import { ChatWindow } from "./chat_window";
import { localeOf, lookOf, wordsIn } from "./look";
import { Marks } from "./marks";
import { listen, type Opening } from "./scenes";
import { dress, hold } from "./styles";

type Identity = string | (() => string | null | undefined | Promise<string | null | undefined>);
const nothing = () => () => undefined;

class Widget {
  window: ChatWindow | null = null;
  button: Button | null = null;
  look: WidgetLook | null = null;
  root: ShadowRoot | null = null;
  private identity: Identity | null;
  private opening: Opening;
  private wanted = false;
  private asked = false;
  private leaving = false;
  private returning = false;
  private from: HTMLElement | null = null;
  private isIdle = false;
  private offered: Promise<() => void> | null = null;
  private readonly marks: Marks;

  constructor(
    readonly script: HTMLScriptElement,
    readonly origin: string,
    readonly site: string,
  ) {
    this.identity = script.dataset.token || null;
    this.opening = this.ofPage();
    this.marks = new Marks(site);
    listen((opening, from) => {
      this.open(opening.medium ? { order: "", ...this.ofPage(), ...opening } : opening);
      this.from = from;
    });
  }

  private ofPage(): Opening {
    const { order } = this.script.dataset;
    return order ? { order } : {};
  }

  /** A token, or a function that fetches one whenever it is needed. */
  identify = (identity: Identity): void => {
    this.identity = identity;
    if (this.asked) void this.sayWho();
    this.offerAnew();
  };

  signOut = (): void => {
    this.identity = null;
    this.marks.goesOn = false;
    this.marks.stoodOpen = false;
    this.button?.unread(0);
    this.leaving = true;
    this.offerAnew();
    // Also when the chat was never opened on this page: what an earlier page left behind goes too.
    this.window?.load();
    if (this.asked) this.saySignedOut();
  };

  open = (opening: Opening = {}): void => {
    this.wanted = true;
    this.opening = { ...this.opening, ...opening };
    if (!this.window) return;
    this.stand();
    if (this.asked) this.sayOpening();
  };

  close = (): void => {
    if (this.window?.inside) return;
    this.wanted = false;
    this.returning = false;
    this.marks.stoodOpen = false;
    if (!this.window?.shown) return;
    this.window.show(false);
    this.button?.opened(false);
    (this.from || this.button)?.focus();
    this.from = null;
  };

  private withdraw(): void {
    void this.offered?.then((end) => end());
  }

  /** What was offered was for whoever was here before. */
  private offerAnew(): void {
    this.withdraw();
    this.offered = null;
    if (this.isIdle) this.offer();
  }

  private stand(quietly = false): void {
    this.withdraw();
    if (this.window?.inside) return this.window.bringIntoSight();
    this.returning = false;
    this.marks.stoodOpen = true;
    this.window?.show(true, quietly);
    this.button?.opened(true);
  }

  async appear(): Promise<void> {
    const locale = localeOf(this.script);
    const words = wordsIn(locale);
    const look = await lookOf(this.script, this.origin, this.site, locale);
    this.look = look;
    const inline = look.placement === "inline";
    if (!document.body || (inline && document.readyState === "loading"))
      await new Promise((go) => addEventListener("DOMContentLoaded", go, { once: true }));
    const target = inline ? document.querySelector<HTMLElement>("[data-mashang-inline]") : null;
    if (inline && !target && !document.body.contains(this.script)) look.placement = "button";
    const place = document.createElement("div");
    const root = place.attachShadow({ mode: "closed" });
    this.root = root;
    this.whenIdle(() => {
      this.isIdle = true;
      this.offer();
    });
    dress(root, look);
    const query = new URLSearchParams({ site: this.site, host: location.origin, lang: locale });
    if (target) query.set("inline", "1");
    const address = `${this.origin}/chat?${query}`;
    this.window = new ChatWindow(this.origin, address, look, words, this.hear, target !== null);
    if (target) return this.standIn(target, place, root, this.window);
    const chat = this.window;
    const button = new Button(look, words, () => (chat.shown ? this.close() : this.open()));
    this.button = button;
    root.append(this.button.element, this.button.news, this.window.element);
    root.addEventListener("keydown", (event) => {
      if ((event as KeyboardEvent).key === "Escape") this.close();
    });
    if (look.placement === "inline" && this.script.isConnected) this.script.after(place);
    else document.body.append(place);
    if (look.placement === "top-link")
      void this.more().then(({ findRoom }) => findRoom(look, button, chat), nothing);
    if (this.leaving) this.window.load();
    if (this.wanted) this.open();
    else if (this.marks.goesOn) this.goOn(this.window);
  }

  /** Once, where the look says that this page may ask and it is known who would hear. */
  private offer = (): void => {
    const { offers } = this.look ?? {};
    if (!this.offered && (offers === "everybody" || (offers === "members" && this.identity)))
      this.offered = this.more()
        .then(({ offer }) => offer(this))
        .catch(nothing);
  };

  /** What only some pages need. */
  private more(): Promise<typeof import("./more")> {
    return import(/* @vite-ignore */ `${this.origin}/more.js`);
  }

  /** The chat is a part of the page; it comes when somebody scrolls near it. */
  private standIn(target: HTMLElement, place: HTMLElement, root: ShadowRoot, window: ChatWindow): void {
    hold(place, {
      display: "block",
      height: target.clientHeight >= 320 ? "100%" : "640px",
      "max-height": "100vh",
    });
    root.append(window.element);
    target.append(place);
    if (this.leaving || this.wanted) window.show(true, true);
    if (this.wanted) return window.bringIntoSight();
    const near = new IntersectionObserver(
      (seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        near.disconnect();
        window.show(true, true);
      },
      { rootMargin: "300px" },
    );
    near.observe(place);
  }

  /** From an earlier page: the chat comes back as it stood there, but only once there is something to see in it. */
  private goOn(window: ChatWindow): void {
    this.returning = this.marks.stoodOpen && !window.coversAll;
    if (this.returning) window.prepare();
    else this.whenIdle(() => window.load());
  }

  private comeBack(conversation: boolean): void {
    this.returning = false;
    if (conversation) this.stand(true);
    else this.close();
  }

  private hear = (message: ChatMessage): void => {
    switch (message.type) {
      case "ready":
        void this.introduce();
        break;
      case "unread":
        this.button?.unread(message.count);
        break;
      case "active":
        this.marks.goesOn = message.conversation;
        break;
      case "minimise":
        this.close();
        break;
      case "drawn":
        if (this.returning) this.comeBack(message.conversation);
        break;
      case "offers":
        void this.more().then(({ wish }) => wish(message.wanted), nothing);
        break;
      case "token-needed":
        if (typeof this.identity === "function") void this.sayWho();
    }
  };

  /** Who, then what the page wants, then where: the chat begins when it knows where it is. */
  private async introduce(): Promise<void> {
    this.asked = true;
    this.window?.say({ type: "visible", visible: this.window.shown });
    this.saySignedOut();
    await this.sayWho();
    this.sayOpening();
    this.window?.say({ type: "page", url: location.origin + location.pathname, title: document.title });
  }

  private saySignedOut(): void {
    if (this.leaving) this.window?.say({ type: "sign-out" });
    this.leaving = false;
  }

  private async sayWho(): Promise<void> {
    const token = await this.token();
    if (token) this.window?.say({ type: "identify", token });
  }

  /** Null also when the shop could not say who this is, or says meanwhile that it is somebody else. */
  async token(): Promise<string | null> {
    const { identity } = this;
    try {
      const token = typeof identity === "function" ? await identity() : identity;
      return (identity === this.identity && token) || null;
    } catch {
      return null;
    }
  }

  private sayOpening(): void {
    this.window?.say({ type: "open", ...this.opening });
    this.opening = this.ofPage();
  }

  private whenIdle(act: () => void): void {
    const run = () =>
      "requestIdleCallback" in window ? requestIdleCallback(act, { timeout: 3_000 }) : setTimeout(act, 500);
    if (document.readyState === "complete") run();
    else addEventListener("load", run, { once: true });
  }
}

export type { Widget };

declare global {
  interface Window {
    Mashang?: Pick<Widget, "identify" | "signOut" | "open" | "close">;
  }
}

const script = document.currentScript as HTMLScriptElement | null;
const site = script?.dataset.site;
if (script && site && !window.Mashang) {
  const widget = new Widget(script, new URL(script.src).origin, site);
  const { identify, signOut, open, close } = widget;
  window.Mashang = { identify, signOut, open, close };
  document.dispatchEvent(new Event("mashang:ready"));
  void widget.appear();
}
