/**
 * What a canned reply could not fill in, named above the field; each name leads to its place in the text.
 */
import { Icon } from "../../../frame/Icon";
import { useWords } from "../../../words/words";
import css from "./Gaps.module.css";
import type { Gap } from "./gaps";

export function Gaps({ gaps, select }: { gaps: Gap[]; select(gap: Gap): void }) {
  const { t } = useWords();
  if (gaps.length === 0) return null;
  return (
    <p className={css.gaps} role="status">
      <Icon name="edit" /> {t("composer.gaps")}
      {gaps.map((gap) => (
        <button key={gap.from} type="button" className={css.gap} onClick={() => select(gap)}>
          {t(gap.word)}
        </button>
      ))}
    </p>
  );
}
