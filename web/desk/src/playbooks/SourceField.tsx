/**
 * The text of a playbook, with the numbers of its lines beside it; those that are wrong stand out.
 */
import { type RefObject, useRef } from "react";
import { useWords } from "../words/words";
import css from "./Playbooks.module.css";

interface SourceProps {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  change(text: string): void;
  wrong: number[];
  readOnly: boolean;
}

export function SourceField({ field, text, change, wrong, readOnly }: SourceProps) {
  const { t } = useWords();
  const numbers = useRef<HTMLPreElement>(null);
  const follow = () => {
    if (numbers.current && field.current) numbers.current.scrollTop = field.current.scrollTop;
  };
  return (
    <div className={css.source}>
      <pre className={css.numbers} ref={numbers} aria-hidden="true">
        {text.split("\n").map((_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <span key={at} data-wrong={wrong.includes(at + 1) || undefined}>
            {at + 1}
          </span>
        ))}
      </pre>
      <textarea
        ref={field}
        className={css.text}
        aria-label={t("playbooks.source")}
        aria-invalid={wrong.length > 0}
        value={text}
        readOnly={readOnly}
        spellCheck={false}
        autoCapitalize="off"
        wrap="off"
        onChange={(event) => change(event.target.value)}
        onScroll={follow}
      />
    </div>
  );
}
