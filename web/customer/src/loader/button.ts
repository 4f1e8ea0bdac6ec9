/**
 * The button on the shop's page: always in sight, readable on any ground, usable with keyboard and screen reader.
 */
import type { WidgetLook } from "@mashang/protocol";
import type { Words } from "./look";
import { hold } from "./styles";

const CHAT = "M4 5h16v11.5H11L6.5 20v-3.5H4zM8.5 10.8h.01M12 10.8h.01M15.5 10.8h.01";
const CLOSE = "m6 6 12 12M18 6 6 18";

export class Button {
  readonly element = document.createElement("button");
  private readonly badge = document.createElement("span");
  /** Beside the button: says new messages to those who listen. */
  readonly news = document.createElement("span");
  private readonly drawing = document.createElementNS("http://www.w3.org/2000/svg", "path");
  private count = 0;
  private open = false;

  constructor(
    private readonly look: WidgetLook,
    private readonly words: Words,
    press: () => void,
  ) {
    this.element.type = "button";
    this.element.setAttribute("aria-haspopup", "dialog");
    this.element.append(this.picture(), this.label("long", look.title), this.label("short", words.short));
    this.badge.className = "badge";
    this.badge.setAttribute("aria-hidden", "true");
    this.news.className = "hidden";
    this.news.setAttribute("role", "status");
    this.element.append(this.badge);
    this.element.onclick = press;
    if (look.placement !== "inline") hold(this.element, { position: "fixed", "z-index": "2147483000" });
    this.draw();
  }

  unread(count: number): void {
    if (count > this.count) this.news.textContent = this.counted(count);
    this.count = count;
    this.draw();
  }

  opened(open: boolean): void {
    this.open = open;
    this.draw();
  }

  focus(): void {
    this.element.focus();
  }

  draw(): void {
    const { placement, position, title } = this.look;
    const fixed = placement === "inline" ? "" : "fixed";
    this.element.className = `${fixed} ${placement} ${position} ${this.open ? "open" : ""}`;
    this.element.setAttribute("aria-expanded", String(this.open));
    const verb = this.open ? this.words.close : this.words.open;
    const news = this.count > 0 ? `, ${this.counted(this.count)}` : "";
    this.element.setAttribute("aria-label", `${title}, ${verb}${news}`);
    this.badge.textContent = this.count === 0 ? "" : this.count > 99 ? "99+" : String(this.count);
    this.drawing.setAttribute("d", this.open ? CLOSE : CHAT);
  }

  private counted(count: number): string {
    return this.words.unread.replace("{count}", String(count));
  }

  private label(name: string, text: string): HTMLElement {
    const label = document.createElement("span");
    label.className = name;
    label.textContent = text;
    return label;
  }

  private picture(): SVGElement {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    hold(picture as unknown as HTMLElement, { width: "26px", height: "26px" });
    picture.append(this.drawing);
    return picture;
  }
}
