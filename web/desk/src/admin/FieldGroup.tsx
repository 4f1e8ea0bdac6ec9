/**
 * Fields that belong together, under one heading with a word of what they are for.
 */
import { type ReactNode, useId } from "react";
import css from "./FieldGroup.module.css";

interface FieldGroupProps {
  title: string;
  hint?: string;
  children: ReactNode;
}

export function FieldGroup({ title, hint, children }: FieldGroupProps) {
  const id = useId();
  return (
    <section className={css.group} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint && <p>{hint}</p>}
      <div className={css.fields}>{children}</div>
    </section>
  );
}
