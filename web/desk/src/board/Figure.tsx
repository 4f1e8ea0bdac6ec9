import type { ReactNode } from "react";
import css from "./BoardPage.module.css";

/** Nothing to see: the eye passes over it, so that what is not nothing stands out. */
export const isNothing = (value: ReactNode) => [value].flat()[0] === 0 || value === "–";

/** One number of a line, with what it is above it. */
export function Figure({
  word,
  children,
  detail,
}: {
  word: string;
  children: ReactNode;
  detail?: string | undefined;
}) {
  return (
    <div className={css.figure}>
      <dt>{word}</dt>
      <dd>
        <b data-nothing={isNothing(children)}>{children}</b>
        {detail && <span className={css.detail}>{detail}</span>}
      </dd>
    </div>
  );
}
