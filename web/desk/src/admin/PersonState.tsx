import { Icon } from "../frame/Icon";
import { useWords } from "../words/words";
import css from "./PersonState.module.css";
import type { Person } from "./shapes";

/** Whether somebody is there and takes conversations: in words, with a mark of its own shape. */
export function PersonState({ person }: { person: Person }) {
  const { t } = useWords();
  const state = !person.online ? "offline" : person.availability === "available" ? "online" : "away";
  return (
    <span className={css.state} data-state={state}>
      <Icon name={state === "online" ? "check" : state === "away" ? "clock" : "offline"} />{" "}
      {t(`presence.${state}`)}
    </span>
  );
}
