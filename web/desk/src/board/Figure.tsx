import type { ReactNode } from "react";
import css from "./BoardPage.module.css";

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
        <b>{children}</b>
        {detail && <span className={css.detail}>{detail}</span>}
      </dd>
    </div>
  );
}
