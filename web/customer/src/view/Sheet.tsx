/** A page over the page: Esc and the cross lead back to where one was, and Tab stays inside. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import "../styles/sheet.css";
import { Icon } from "./Icon";
import { keepInside, useFocusBack } from "./inside";
import { more } from "./more_words";

interface Props {
  title: string;
  close: () => void;
  children: ComponentChildren;
}

export function Sheet({ title, close, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusBack();
  useLayoutEffect(() => heading.current?.focus({ preventScroll: true }), []); // a key pressed at once is heard by it
  const onKey = (event: KeyboardEvent) => {
    keepInside(event, box.current);
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  return (
    <div
      class="sheet"
      role="dialog"
      aria-modal="true"
      aria-labelledby="sheet-title"
      ref={box}
      onKeyDown={onKey}
    >
      <div class="sheet-head">
        <h2 id="sheet-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="round" onClick={close}>
          <Icon name="close" size={20} />
          <span class="hidden">{more("more.close")}</span>
        </button>
      </div>
      <div class="sheet-body">{children}</div>
    </div>
  );
}
