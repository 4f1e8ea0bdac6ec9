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
 * `close` the chat.
 *
 * Does not: know anything of a conversation. Words and secrets stay in the frame, which is of another origin.
 */
import type { ChatMessage } from "@mashang/protocol";
import { Button } from "./button";
import { ChatWindow } from "./chat_window";
import { localeOf, lookOf, wordsIn } from "./look";
import { Marks } from "./marks";
import { findRoom } from "./room";
import { dress, hold } from "./styles";

type Identity = string | (() => string | null | undefined | Promise<string | null | undefined>);
interface Opening {
  code?: string;
  order?: string;
}

class Widget {
  private window: ChatWindow | null = null;
  private button: Button | null = null;
  private identity: Identity | null;
  private opening: Opening;
  private wanted = false;
  private asked = false;
  private leaving = false;
  private returning = false;
  private readonly marks: Marks;

  constructor(
    private readonly script: HTMLScriptElement,
    private readonly origin: string,
    private readonly site: string,
  ) {
    this.identity = script.dataset.token || null;
    this.opening = script.dataset.order ? { order: script.dataset.order } : {};
    this.marks = new Marks(site);
  }

  /** A token, or a function that fetches one whenever it is needed. */
  identify = (identity: Identity): void => {
    this.identity = identity;
    if (this.asked) void this.sayWho();
  };

  signOut = (): void => {
    this.identity = null;
    this.marks.goesOn = false;
    this.marks.stoodOpen = false;
    this.button?.unread(0);
    this.leaving = true;
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
    this.button?.focus();
  };

  private stand(quietly = false): void {
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
    const inline = look.placement === "inline";
    if (!document.body || (inline && document.readyState === "loading"))
      await new Promise((go) => addEventListener("DOMContentLoaded", go, { once: true }));
    const target = inline ? document.querySelector<HTMLElement>("[data-mashang-inline]") : null;
    if (inline && !target && !document.body.contains(this.script)) look.placement = "button";
    const place = document.createElement("div");
    const root = place.attachShadow({ mode: "closed" });
    dress(root, look);
    const query = new URLSearchParams({ site: this.site, host: location.origin, lang: locale });
    if (target) query.set("inline", "1");
    const address = `${this.origin}/chat?${query}`;
    this.window = new ChatWindow(this.origin, address, look, words, this.hear, target !== null);
    if (target) return this.standIn(target, place, root, this.window);
    this.button = new Button(look, words, () => (this.window?.shown ? this.close() : this.open()));
    root.append(this.button.element, this.button.news, this.window.element);
    root.addEventListener("keydown", (event) => {
      if ((event as KeyboardEvent).key === "Escape") this.close();
    });
    if (look.placement === "inline" && this.script.isConnected) this.script.after(place);
    else document.body.append(place);
    if (look.placement === "top-link") findRoom(look, this.button, this.window);
    if (this.leaving) this.window.load();
    if (this.wanted) this.open();
    else if (this.marks.goesOn) this.goOn(this.window);
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
    const identity = this.identity;
    try {
      const token = typeof identity === "function" ? await identity() : identity;
      if (token && identity === this.identity) this.window?.say({ type: "identify", token });
    } catch {
      // The shop could not say who this is: a visitor, then.
    }
  }

  private sayOpening(): void {
    this.window?.say({ type: "open", ...this.opening });
    const { order } = this.opening;
    this.opening = order ? { order } : {};
  }

  private whenIdle(act: () => void): void {
    const run = () =>
      "requestIdleCallback" in window ? requestIdleCallback(act, { timeout: 3_000 }) : setTimeout(act, 500);
    if (document.readyState === "complete") run();
    else addEventListener("load", run, { once: true });
  }
}

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
