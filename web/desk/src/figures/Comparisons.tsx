/**
 * Conversations with a code beside those without one, over all and department by department, on one axis.
 *
 * It says how much the difference is only where there are enough of both and chance alone would hardly make it; and it
 * says every time that this is a comparison and no proof.
 */
import { useWords } from "../words/words";
import css from "./FiguresPage.module.css";
import { Marks, Strip } from "./Strip";
import type { Comparison, Figures, Side } from "./shapes";
import { type Axis, axisFor, took } from "./took";

export function Comparisons({ figures }: { figures: Figures }) {
  const { t } = useWords();
  const [overall, ...departments] = figures.comparisons;
  const axis = axisFor(figures.comparisons.flatMap(({ coded, plain }) => [coded.answer, plain.answer]));
  return (
    <section className={css.part} aria-labelledby="figures-compared">
      <h2 id="figures-compared">{t("figures.compared")}</h2>
      <p className={css.hint}>{t("figures.compared.hint")}</p>
      <div className={css.comparisons}>
        {overall && <One one={overall} axis={axis} />}
        {departments.length > 1 && (
          <details>
            <summary>{t("figures.by_department", { n: departments.length })}</summary>
            {departments.map((one) => (
              <One key={one.department?.id} one={one} axis={axis} />
            ))}
          </details>
        )}
      </div>
      <p className={css.caution}>{t("figures.caution")}</p>
    </section>
  );
}

function One({ one, axis }: { one: Comparison; axis: Axis }) {
  const { t } = useWords();
  return (
    <section className={css.comparison} aria-label={one.department?.name ?? t("figures.all")}>
      <p className={css.verdict} data-verdict={one.ratio.verdict}>
        <b>{one.department?.name ?? t("figures.all")}</b> <Verdict one={one} />
      </p>
      <Row side={one.coded} kind="coded" axis={axis} />
      <Row side={one.plain} kind="plain" axis={axis} />
      <Marks axis={axis} />
    </section>
  );
}

function Verdict({ one: { ratio } }: { one: Comparison }) {
  const { t, locale } = useWords();
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  if (ratio.ratio === null || ratio.low === null || ratio.high === null) return t("figures.verdict.too_few");
  const told = {
    ratio: share.format(ratio.ratio),
    low: share.format(ratio.low),
    high: share.format(ratio.high),
  };
  return t(`figures.verdict.${ratio.verdict}`, told);
}

function Row({ side, kind, axis }: { side: Side; kind: "coded" | "plain"; axis: Axis }) {
  const { t } = useWords();
  const { n, median, q1, q3 } = side.answer;
  const beside = [
    ...(side.left ? [t("figures.left_n", { n: side.left })] : []),
    ...(side.waiting ? [t("figures.waiting_n", { n: side.waiting })] : []),
    ...(side.while_closed ? [t("figures.closed_n", { n: side.while_closed })] : []),
  ];
  return (
    <div className={css.side}>
      <div className={css.sideName}>
        <b>{t(`figures.${kind}`)}</b> <span>{t("figures.answered_n", { n })}</span>
      </div>
      <Strip spread={side.answer} axis={axis} kind={kind} />
      <div className={css.told}>
        <b>{took(t, median)}</b>
        {median !== null && <span>{t("figures.middle_half", { q1: took(t, q1), q3: took(t, q3) })}</span>}
        {beside.length > 0 && <span className={css.beside}>{beside.join(" · ")}</span>}
      </div>
    </div>
  );
}
