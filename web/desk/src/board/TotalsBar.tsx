/**
 * The five numbers of the whole floor.
 */
import type { ReactNode } from "react";
import { span } from "../words/telling";
import { useWords } from "../words/words";
import { patience } from "../work/patience";
import css from "./BoardPage.module.css";
import { isNothing } from "./Figure";
import { useMeasures } from "./measures";
import type { Board } from "./shapes";
import { TroubleMark } from "./TroubleMark";
import { type Level, totals } from "./trouble";

export function TotalsBar({ board, now }: { board: Board; now: number }) {
  const { t } = useWords();
  const { minutes, percent } = useMeasures();
  const all = totals(board.queues, board.agents, now);
  const stuck = all.waiting > 0 && all.free === 0;
  return (
    <dl className={css.totals}>
      <Total word={t("board.waiting")} value={all.waiting} />
      <Total
        word={t("board.longest")}
        value={all.waiting ? span(t, all.longest) : "–"}
        level={all.waiting ? patience(all.longest) : "calm"}
        mark={t(patience(all.longest) === "urgent" ? "board.trouble.too_long" : "board.trouble.long")}
      />
      <Total
        word={t("board.free")}
        value={all.free}
        detail={t("board.online_n", { n: all.online })}
        level={stuck ? "long" : "calm"}
        mark={t("board.trouble.full")}
      />
      <Total word={t("board.mean")} value={minutes(all.meanWait)} />
      <Total
        word={t("board.held")}
        value={all.told ? percent(all.held / all.told) : "–"}
        detail={all.told ? t("waits.of_told", { held: all.held, told: all.told }) : undefined}
      />
    </dl>
  );
}

interface TotalProps {
  word: string;
  value: ReactNode;
  detail?: string | undefined;
  level?: Level;
  /** What is said of a number that is not calm. */
  mark?: string;
}

function Total({ word, value, detail, level = "calm", mark }: TotalProps) {
  return (
    <div className={css.total} data-level={level}>
      <dt>{word}</dt>
      <dd>
        <b data-nothing={isNothing(value)}>{value}</b>
        {detail && <span className={css.detail}>{detail}</span>}
        {level !== "calm" && mark && <TroubleMark level={level} words={mark} />}
      </dd>
    </div>
  );
}
