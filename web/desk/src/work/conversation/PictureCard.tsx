/**
 * A picture in the timeline, with its place kept before it loads; a tap shows it large (Lightbox).
 */
import type { Attachment } from "@mashang/protocol";
import { useContext, useState } from "react";
import { Icon } from "../../frame/Icon";
import { useFileAddress } from "../../server/files";
import { useWords } from "../../words/words";
import { ShowPicture } from "./Lightbox";
import css from "./PictureCard.module.css";

const WIDEST = 320;
const HIGHEST = 280;

function shownSize({ width, height }: Attachment): { width: number; height: number } {
  if (!width || !height) return { width: 240, height: 180 };
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
}

export function PictureCard({ file }: { file: Attachment }) {
  const { t } = useWords();
  const show = useContext(ShowPicture);
  const [broken, setBroken] = useState(false);
  const address = useFileAddress(file.id);
  const { width, height } = shownSize(file);
  const still = file.animated ? address.data?.url : (address.data?.preview_url ?? address.data?.url);
  const failed = broken || address.isError || address.data === null;
  if (failed)
    return (
      <p className={css.broken} style={{ width, height }}>
        <Icon name="picture" size={20} /> {t("file.unavailable")}
      </p>
    );
  return (
    <button
      type="button"
      className={css.picture}
      style={{ width, aspectRatio: `${width} / ${height}` }}
      aria-label={t("file.enlarge", { name: file.name })}
      onClick={() => show(file.id)}
    >
      {still && <img src={still} alt="" width={width} height={height} onError={() => setBroken(true)} />}
      {file.animated && <span className={css.gif}>GIF</span>}
    </button>
  );
}
