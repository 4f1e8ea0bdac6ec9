/**
 * What the assistant told whoever answers now, above the timeline: why it handed over, what is known, tried and shown.
 *
 * Whoever folds it finds it folded with the next conversation. It scrolls within itself, so that a small screen still
 * shows the last words.
 */
import { useId } from "react";
import { Icon } from "../../frame/Icon";
import { useStore } from "../../live/store";
import type { Conversation } from "../../server/shapes";
import { clock } from "../../words/telling";
import { useWords } from "../../words/words";
import { fold, folds } from "../context/folds";
import css from "./HandedOver.module.css";

const PART = "handed_over";

export function HandedOver({ conversation }: { conversation: Conversation }) {
  const { t, locale } = useWords();
  const open = useStore(folds)[PART] ?? true;
  const [title, body] = [useId(), useId()];
  const told = conversation.handed_over;
  if (!told) return null;
  return (
    <section className={css.box} aria-labelledby={title}>
      <h3>
        <button
          type="button"
          id={title}
          className={css.fold}
          aria-expanded={open}
          aria-controls={body}
          onClick={() => fold(PART, !open)}
        >
          <Icon name="assistant" />
          <span>{t("handed_over.title")}</span>
          <time dateTime={told.at}>{clock(locale, told.at)}</time>
          <Icon name={open ? "up" : "down"} />
        </button>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what may scroll must be reachable by keyboard */}
      <ul id={body} className={css.lines} hidden={!open} tabIndex={0} aria-labelledby={title}>
        {told.lines.map((line) => (
          <li key={line} dir="auto">
            {line}
          </li>
        ))}
      </ul>
    </section>
  );
}
