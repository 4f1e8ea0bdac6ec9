/** In which state something written is, in a word: published, withdrawn, in use. */
import type { ReactNode } from "react";
import css from "./Chip.module.css";

interface Props {
  tone?: "good" | "warn" | undefined;
  children: ReactNode;
}

export function Chip({ tone, children }: Props) {
  return (
    <span className={css.chip} data-tone={tone}>
      {children}
    </span>
  );
}
