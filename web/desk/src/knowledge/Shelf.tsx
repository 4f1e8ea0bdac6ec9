/**
 * The frame of the knowledge's pages: a heading, what it is for, and what can be done.
 */
import type { ReactNode } from "react";
import css from "./Shelf.module.css";

interface ShelfProps {
  title: ReactNode;
  hint?: ReactNode;
  /** Above the title: the way back. */
  back?: ReactNode;
  ways?: ReactNode;
  children: ReactNode;
}

export function Shelf({ title, hint, back, ways, children }: ShelfProps) {
  return (
    <div className={css.scroll}>
      <section className={css.page}>
        {back}
        <header className={css.head}>
          <div className={css.what}>
            <h1 dir="auto">{title}</h1>
            {hint && <p>{hint}</p>}
          </div>
          <div className={css.ways}>{ways}</div>
        </header>
        {children}
      </section>
    </div>
  );
}
