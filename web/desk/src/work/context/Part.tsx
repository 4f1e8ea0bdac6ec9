/**
 * One part of the panel under its title, which folds it; whoever folded it finds it folded with the next customer.
 */
import { type ReactNode, useId } from "react";
import { Icon } from "../../frame/Icon";
import { useStore } from "../../live/store";
import css from "./ContextPanel.module.css";
import { fold, folds } from "./folds";

interface PartProps {
  name: string;
  title: string;
  /** What is worth knowing of it also while it is folded. */
  brief?: ReactNode;
  /** As long as nobody touched it. */
  folded?: boolean;
  children: ReactNode;
}

export function Part({ name, title, brief, folded = false, children }: PartProps) {
  const open = useStore(folds)[name] ?? !folded;
  const body = useId();
  return (
    <section className={css.card}>
      <h3>
        <button
          type="button"
          className={css.fold}
          aria-expanded={open}
          aria-controls={body}
          onClick={() => fold(name, !open)}
        >
          <Icon name={open ? "up" : "down"} />
          <span>{title}</span>
          {brief}
        </button>
      </h3>
      <div id={body} hidden={!open}>
        {open && children}
      </div>
    </section>
  );
}
