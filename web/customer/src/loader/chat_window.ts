/**
 * The window that carries the chat: a frame of our own origin, made when it is first needed.
 *
 * Host page and chat speak by `postMessage`; each names the other's exact origin and drops everything else.
 */
import type { ChatMessage, HostMessage, WidgetLook } from "@mashang/protocol";
import type { Words } from "./look";
import { hold } from "./styles";

/** Where the window stands, so that the button stays in sight. */
const BESIDE = { button: "", "side-tab": "low beside", inline: "low", "top-link": "low under" };
const PATIENCE_MS = 15_000;
const SMALL = "(max-width:480px),(max-height:420px)";

export class ChatWindow {
  readonly element = document.createElement("div");
  private frame: HTMLIFrameElement | null = null;
  private wait = document.createElement("div");
  private waitWords = document.createElement("p");
  private ready = false;
  private unseen = false;

  constructor(
    private readonly origin: string,
    private readonly address: string,
    private readonly look: WidgetLook,
    private readonly words: Words,
    private readonly hear: (message: ChatMessage) => void,
    /** A part of the page, that nobody opens or closes. */
    readonly inside = false,
  ) {
    this.stand(look);
    this.element.hidden = !inside;
    this.element.setAttribute("role", inside ? "region" : "dialog");
    this.element.setAttribute("aria-label", look.title);
    if (!inside) hold(this.element, { position: "fixed", "z-index": "2147483001" });
    this.wait.className = "wait";
    this.waitWords.setAttribute("role", "status");
    this.wait.append(this.waitWords, this.wayOut());
    this.element.append(this.wait);
    addEventListener("message", (event) => this.message(event));
    this.fitKeyboard();
  }

  /** Where the button is seen beside it. */
  stand({ position, placement }: WidgetLook): void {
    this.element.className = this.inside ? "window inside" : `window ${position} ${BESIDE[placement]}`;
  }

  get shown(): boolean {
    return !this.element.hidden && !this.unseen;
  }

  /** Makes the frame, hidden or not; once. */
  load(): void {
    if (this.frame) return;
    this.waitWords.textContent = this.words.loading;
    this.wait.hidden = false;
    const frame = document.createElement("iframe");
    frame.title = this.element.getAttribute("aria-label") ?? "";
    frame.allow = `clipboard-write${this.look.voice ? ";microphone;on-device-speech-recognition" : ""}`;
    frame.src = this.address;
    this.frame = frame;
    this.element.append(frame);
    setTimeout(() => this.ready || this.giveUp(), PATIENCE_MS);
  }

  /** A phone's whole screen is covered: nobody must be caught behind a frame that does not come. */
  private wayOut(): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.inside ? this.words.again : this.words.close;
    button.onclick = () => (this.inside ? this.load() : this.hear({ type: "minimise" }));
    return button;
  }

  bringIntoSight(): void {
    this.show(true);
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Not let in (an unregistered page) or not reachable: say so, and try anew when it is opened again. */
  private giveUp(): void {
    // biome-ignore lint/suspicious/noConsole: there is nowhere else to tell an integrator
    console.warn(
      `Mashang: ${this.address} did not open. Is ${location.origin} among the site's registered origins?`,
    );
    this.frame?.remove();
    this.frame = null;
    this.waitWords.textContent = this.words.failed;
  }

  /** Nothing of the shop's page would be seen beside it. */
  get coversAll(): boolean {
    return !this.inside && matchMedia(SMALL).matches;
  }

  /** `quietly`: it stood open on the page before, so it neither moves in nor takes the focus. */
  show(shown: boolean, quietly = false): void {
    this.element.classList.toggle("still", quietly);
    this.lay(shown, false);
    if (shown) this.load();
    this.say({ type: "visible", visible: shown, quietly });
    if (shown && !quietly) this.focus();
  }

  /** Stands where it will be, unseen, so that it has its size and can draw before it is shown. */
  prepare(): void {
    this.lay(true, true);
    this.load();
  }

  private lay(there: boolean, unseen: boolean): void {
    this.unseen = unseen;
    this.element.hidden = !there;
    hold(this.element, { display: there ? "" : "none", visibility: unseen ? "hidden" : "" });
  }

  focus(): void {
    this.frame?.focus();
  }

  say(message: HostMessage): void {
    if (this.ready) this.frame?.contentWindow?.postMessage({ mashang: 1, ...message }, this.origin);
  }

  private message(event: MessageEvent): void {
    if (event.origin !== this.origin || !this.frame || event.source !== this.frame.contentWindow) return;
    const message = event.data as (ChatMessage & { mashang?: number }) | null;
    if (message?.mashang !== 1) return;
    if (message.type === "ready") {
      this.ready = true;
      this.wait.hidden = true;
    }
    this.hear(message);
  }

  /** Full screen on a phone: as high as what the keyboard leaves. */
  private fitKeyboard(): void {
    const view = window.visualViewport;
    if (!view) return;
    const fit = () => {
      const small = this.shown && this.coversAll;
      hold(this.element, {
        height: small ? `${view.height}px` : "",
        transform: small && view.offsetTop ? `translateY(${view.offsetTop}px)` : "",
      });
    };
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
  }
}
