/**
 * The files attached to what is being written, each with its progress, its trouble, and a way to drop it.
 */
import { Button } from "antd";
import { Icon } from "../../frame/Icon";
import { fileSize } from "../../words/telling";
import { useWords } from "../../words/words";
import css from "./TrayView.module.css";
import type { Tray, TrayItem } from "./tray";

export function TrayView({ tray }: { tray: Tray }) {
  const { t } = useWords();
  if (tray.items.length === 0) return null;
  return (
    <ul className={css.tray} aria-label={t("tray.label")}>
      {tray.items.map((item) => (
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
          {item.state === "failed" && (
            <Button size="small" type="text" onClick={() => tray.retry(item.key)}>
              {t("do.retry")}
            </Button>
          )}
          <Button
            size="small"
            type="text"
            icon={<Icon name="close" />}
            aria-label={t("tray.remove", { name: item.file.name })}
            onClick={() => tray.remove(item.key)}
          />
        </li>
      ))}
    </ul>
  );
}

function Standing({ item }: { item: TrayItem }) {
  const { t } = useWords();
  if (item.state === "failed") return <span className={css.failed}>{item.reason}</span>;
  if (item.state === "uploading")
    return (
      <span className={css.standing}>{t("tray.uploading", { n: Math.round(item.progress * 100) })}</span>
    );
  return <span className={css.standing}>{fileSize(item.file.size)}</span>;
}
