/**
 * Above a draft made of a gap: that it is to be read, and which of the questions it did not take.
 *
 * It comes with the way here and stands in the page, so that on a phone nothing lies over the head of the draft.
 */
import { useHistoryState } from "wouter/use-browser-location";
import { type Tell, useWords } from "../words/words";
import css from "./Article.module.css";
import type { Filled } from "./gaps";

export function FromGap() {
  const { t } = useWords();
  const filled = useHistoryState<{ filled?: Filled } | null>()?.filled;
  if (!filled) return null;
  return (
    <div className={css.found} role="status">
      {[t("gaps.drafted"), ...leftOut(t, filled)].map((line) => (
        <p key={line} dir="auto">
          {line}
        </p>
      ))}
    </div>
  );
}

/** What cannot be told by the phrasings that are there. */
export function leftOut(t: Tell, { elsewhere, unusable }: Filled): string[] {
  const titles = [...new Set(elsewhere.map((one) => one.title))].join(" · ");
  return [
    ...(elsewhere.length ? [t("gaps.left_elsewhere", { n: elsewhere.length, titles })] : []),
    ...(unusable.length ? [t("gaps.left_unusable", { n: unusable.length })] : []),
  ];
}
