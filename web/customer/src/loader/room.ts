/**
 * Room for the link at the top, where shops have headers of their own.
 *
 * It covers nothing that can be pressed, neither here nor where the page begins: it stands on the side the shop wished
 * for, else on the other, and where neither has room the floating button stands in for it. Looked at again when the
 * page has come and when its size changes.
 */
import type { Position, WidgetLook } from "@mashang/protocol";
import type { Button } from "./button";
import type { ChatWindow } from "./chat_window";

export function findRoom(look: WidgetLook, button: Button, window: ChatWindow): void {
  const wished = look.position;
  const settle = () => {
    if (window.shown) return;
    look.placement = "top-link";
    const fits = [wished, wished === "left" ? "right" : "left"].some((position) => {
      look.position = position as Position;
      button.draw();
      return !covers(button.element);
    });
    if (!fits) {
      look.placement = "button";
      look.position = wished;
      button.draw();
    }
    window.stand(look);
  };
  settle();
  addEventListener("load", settle);
  addEventListener("resize", settle);
}

function covers(link: HTMLElement): boolean {
  const own = link.getBoundingClientRect();
  return [...document.querySelectorAll("a,button,input,select,[role=button]")].some((one) => {
    const { width, left, right, top, bottom } = one.getBoundingClientRect();
    const across = width > 0 && right > own.left && left < own.right;
    return across && [0, scrollY].some((moved) => bottom + moved > 0 && top + moved < own.bottom);
  });
}
