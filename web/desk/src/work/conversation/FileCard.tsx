/**
 * A file in the timeline: its name, its size, and a way to save it. Never opened in place.
 */
import type { Attachment } from "@mashang/protocol";
import { Icon } from "../../frame/Icon";
import { useFileAddress } from "../../server/files";
import { fileSize } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./FileCard.module.css";

export function FileCard({ file }: { file: Attachment }) {
  const { t } = useWords();
  const address = useFileAddress(file.id);
  const inside = (
    <>
      <Icon name="file" size={24} />
      <span className={css.what}>
        <span className={css.name} dir="auto">
          {file.name}
        </span>
        <span className={css.size}>
          {fileSize(file.size)} · {t(address.data ? "file.download" : "file.unavailable")}
        </span>
      </span>
    </>
  );
  if (!address.data) return <span className={css.card}>{inside}</span>;
  return (
    <a className={css.card} href={address.data.url} download={file.name}>
      {inside}
    </a>
  );
}
