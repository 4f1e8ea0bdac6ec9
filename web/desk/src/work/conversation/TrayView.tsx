/**
 * The files attached to what is being written, each with its progress, its trouble, and a way to drop it.
 */
import { Button } from "antd";
import { Icon } from "../../frame/Icon";
import { sentence } from "../../frame/States";
import { useDesk } from "../../live/DeskLine";
import { useStore } from "../../live/store";
import { isHopeless, type TrayItem } from "../../live/trays";
import { fileSize } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./TrayView.module.css";

export function useTray(conversation: string): TrayItem[] {
  return useStore(useDesk().trays).filter((item) => item.conversation === conversation);
}

export function TrayView({ conversation }: { conversation: string }) {
  const { t } = useWords();
  const { trays } = useDesk();
  const items = useTray(conversation);
  if (items.length === 0) return null;
  return (
    <ul className={css.tray} aria-label={t("tray.label")}>
      {items.map((item) => (
        <li key={item.key} className={css.item} data-state={item.state}>
          {item.preview ? (
            <img src={item.preview} alt="" className={css.preview} />
          ) : (
            <Icon name="file" size={20} />
          )}
          <span className={css.what}>
            <span className="one-line" dir="auto">
              {item.file.name}
            </span>
            <Standing item={item} />
          </span>
          {item.state === "failed" && !isHopeless(item) && (
            <Button size="small" type="text" onClick={() => trays.retry(item.key)}>
              {t("do.retry")}
            </Button>
          )}
          <Button
            size="small"
            type="text"
            icon={<Icon name="close" />}
            aria-label={t("tray.remove", { name: item.file.name })}
            onClick={() => trays.remove(item.key)}
          />
        </li>
      ))}
    </ul>
  );
}

function Standing({ item }: { item: TrayItem }) {
  const { t } = useWords();
  if (item.state === "failed") return <span className={css.failed}>{sentence(t, item.trouble)}</span>;
  if (item.state === "waiting")
    return <span className={css.waiting}>{t(item.sendTo ? "tray.waiting.send" : "tray.waiting")}</span>;
  if (item.state === "uploading") {
    const n = Math.round(item.progress * 100);
    return (
      <span className={css.standing}>{t(item.sendTo ? "tray.uploading.send" : "tray.uploading", { n })}</span>
    );
  }
  return <span className={css.standing}>{fileSize(item.file.size)}</span>;
}
