import { Icon } from "../frame/Icon";
import css from "./BoardPage.module.css";
import type { Level } from "./trouble";

/** A trouble by shape and word; the colour only repeats them. */
export function TroubleMark({ level, words }: { level: Level; words: string }) {
  return (
    <span className={css.mark} data-level={level}>
      <Icon name={level === "urgent" ? "alert" : "urgent"} /> {words}
    </span>
  );
}
