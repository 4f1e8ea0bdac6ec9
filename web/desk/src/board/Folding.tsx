import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { useWords } from "../words/words";
import css from "./BoardPage.module.css";

const AT_ONCE = 40;

/** The first of a long list, which are the ones that matter, and the others as they are asked for. */
export function Folding<T>({ all, show }: { all: T[]; show(one: T): ReactNode }) {
  const { t } = useWords();
  const [room, setRoom] = useState(AT_ONCE);
  return (
    <>
      <ul className={css.lines}>{all.slice(0, room).map(show)}</ul>
      {all.length > room && (
        <Button block onClick={() => setRoom(room + 5 * AT_ONCE)}>
          {t("board.more", { n: all.length - room })}
        </Button>
      )}
    </>
  );
}
