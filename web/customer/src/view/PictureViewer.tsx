/** A picture over the whole page. Esc, the cross or a tap beside it lead back to where one was. */
import type { Attachment } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";
import { Icon } from "./Icon";
import { keepInside } from "./inside";
import { more } from "./more_words";

export interface Viewed {
  file: Attachment;
}

export type View = (viewed: Viewed) => void;

export function PictureViewer({ app, viewed, close }: { app: App; viewed: Viewed; close: () => void }) {
  const [source, setSource] = useState<string | null>(null);
  const [whole, setWhole] = useState(true);
  const cross = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    app.addresses
      .of(viewed.file.id)
      .then(({ url }) => setSource(url))
      .catch(close);
  }, [app, viewed, close]);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    cross.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      keepInside(event, box.current);
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopImmediatePropagation();
        close();
      }
    };
    window.addEventListener("keydown", onKey, true);
    return () => {
      window.removeEventListener("keydown", onKey, true);
      before?.focus();
    };
  }, [close]);
  return (
    <div
      class="viewer"
      ref={box}
      role="dialog"
      aria-modal="true"
      aria-label={t("picture.alt", { name: viewed.file.name })}
    >
      <div class={whole ? "viewer-stage" : "viewer-stage large"}>
        <button type="button" class="viewer-picture" onClick={() => setWhole(!whole)}>
          {source && <img src={source} alt={t("picture.alt", { name: viewed.file.name })} />}
          <span class="hidden">{whole ? more("picture.larger") : more("picture.whole")}</span>
        </button>
      </div>
      <button type="button" class="viewer-close" ref={cross} onClick={close}>
        <Icon name="close" />
        <span class="hidden">{more("picture.close")}</span>
      </button>
    </div>
  );
}
