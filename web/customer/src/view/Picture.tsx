/**
 * A picture in the timeline: its place is kept before it comes, a tap shows it whole.
 *
 * Moving pictures stand still for those who asked for less motion; the full view still plays them.
 */
import type { Attachment } from "@mashang/protocol";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";
import type { View } from "./PictureViewer";

const WIDEST = 232;
const TALLEST = 280;

export function Picture({ app, file, view }: { app: App; file: Attachment; view: View }) {
  const [source, setSource] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let here = true;
    app.addresses
      .of(file.id)
      .then(
        ({ url, preview_url }) =>
          here && setSource(file.animated && !prefersStill() ? url : (preview_url ?? url)),
      )
      .catch(() => here && setFailed(true));
    return () => {
      here = false;
    };
  }, [app, file.id, tries]);
  const again = () => {
    app.addresses.forget(file.id);
    setFailed(false);
    setTries(tries + 1);
  };
  const box = boxFor(file.width ?? WIDEST, file.height ?? WIDEST);
  if (failed) {
    return (
      <button type="button" class="picture missing" style={box} onClick={again}>
        {t("picture.again")}
      </button>
    );
  }
  const name = t("picture.alt", { name: file.name });
  return (
    <button type="button" class="picture" style={box} aria-label={name} onClick={() => view({ file })}>
      {source && <img src={source} alt={name} onError={() => (tries < 1 ? again() : setFailed(true))} />}
      {file.animated && (
        <span class="picture-tag" aria-hidden="true">
          GIF
        </span>
      )}
    </button>
  );
}

function boxFor(width: number, height: number): { width: string; height: string } {
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  return { width: `${Math.max(72, width * scale)}px`, height: `${Math.max(48, height * scale)}px` };
}

function prefersStill(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
