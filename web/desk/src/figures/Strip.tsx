/**
 * How times are spread: a line over nine tenths of them, a box over the middle half, a stroke at the median.
 */
import { useWords } from "../words/words";
import css from "./FiguresPage.module.css";
import type { Spread } from "./shapes";
import { type Axis, took } from "./took";

export function Strip({ spread, axis, kind }: { spread: Spread; axis: Axis; kind: "coded" | "plain" }) {
  const { t } = useWords();
  const { n, p05, q1, median, q3, p95 } = spread;
  if (p05 === null || q1 === null || median === null || q3 === null || p95 === null)
    return <div className={css.strip} />;
  const between = (from: number, to: number) => ({
    left: `${axis.at(from)}%`,
    width: `${axis.at(to) - axis.at(from)}%`,
  });
  const words = t("figures.strip", {
    n,
    median: took(t, median),
    q1: took(t, q1),
    q3: took(t, q3),
    p05: took(t, p05),
    p95: took(t, p95),
  });
  return (
    <div className={css.strip} data-kind={kind} role="img" aria-label={words} title={words}>
      <i className={css.whisker} style={between(p05, p95)} />
      <i className={css.box} style={between(q1, q3)} />
      <i className={css.median} style={{ left: `${axis.at(median)}%` }} />
    </div>
  );
}

/** The marks of the axis, under the strips. */
export function Marks({ axis }: { axis: Axis }) {
  const { t } = useWords();
  return (
    <div className={css.marks} aria-hidden>
      {axis.marks.map((mark) => (
        <span key={mark} style={{ left: `${axis.at(mark)}%` }}>
          {mark % 3600 === 0 && mark < 86_400 ? t("figures.hours", { n: mark / 3600 }) : took(t, mark)}
        </span>
      ))}
    </div>
  );
}
