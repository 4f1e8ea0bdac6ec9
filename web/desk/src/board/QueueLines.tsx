/**
 * The queues, the worst first: a department, and a tier where one is required.
 */
import { Nothing } from "../frame/States";
import { span } from "../words/telling";
import { useWords } from "../words/words";
import css from "./BoardPage.module.css";
import { Figure } from "./Figure";
import { Folding } from "./Folding";
import { useMeasures } from "./measures";
import type { BoardQueue } from "./shapes";
import { TroubleMark } from "./TroubleMark";
import { queuesByTrouble, queueTrouble, waitedFor } from "./trouble";

interface QueueLinesProps {
  queues: BoardQueue[];
  now: number;
  open(queue: BoardQueue): void;
}

export function QueueLines({ queues, now, open }: QueueLinesProps) {
  const { t } = useWords();
  return (
    <section className={css.part} aria-label={t("board.queues")}>
      <h2>{t("board.queues")}</h2>
      {queues.length === 0 ? (
        <Nothing icon="department" title={t("board.queues.none")} />
      ) : (
        <Folding
          all={queuesByTrouble(queues, now)}
          show={(queue) => <QueueLine key={queue.id} queue={queue} now={now} open={() => open(queue)} />}
        />
      )}
    </section>
  );
}

function QueueLine({ queue, now, open }: { queue: BoardQueue; now: number; open(): void }) {
  const { t } = useWords();
  const { minutes, percent } = useMeasures();
  const { level, word } = queueTrouble(queue, now);
  const { waiting, messages, offered, online, free, told, held, error } = queue;
  const details = [
    ...(offered ? [t("board.offered_n", { n: offered })] : []),
    ...(messages ? [t("board.messages_n", { n: messages })] : []),
  ];
  return (
    <li className={css.line} data-level={level}>
      <div className={css.name}>
        <button type="button" className={css.open} onClick={open} title={queue.department.name}>
          {queue.department.name}
        </button>
        {queue.required_tier > 1 && (
          <span className={css.chip}>{t(`topic.tier.${queue.required_tier}`)}</span>
        )}
        {word && <TroubleMark level={level} words={t(word)} />}
      </div>
      <dl className={css.figures}>
        <Figure word={t("board.waiting")} detail={details.join(" ")}>
          {waiting}
        </Figure>
        <Figure word={t("board.longest")}>{waiting ? span(t, waitedFor(queue, now)) : "–"}</Figure>
        <Figure word={t("board.free")} detail={t("board.online_n", { n: online })}>
          {free}
        </Figure>
        <Figure word={t("board.mean")} detail={queue.left ? t("waits.left", { n: queue.left }) : undefined}>
          {minutes(queue.mean_wait)}
        </Figure>
        <Figure
          word={t("board.held")}
          detail={error === null ? undefined : t("board.error_n", { time: minutes(error) })}
        >
          {told ? percent(held / told) : "–"}
        </Figure>
      </dl>
    </li>
  );
}
