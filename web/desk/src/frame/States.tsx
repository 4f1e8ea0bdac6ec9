/**
 * The three moods of anything that is loaded: on its way, failed with a way to try again, and empty.
 */
import { Button, Spin } from "antd";
import type { ReactNode } from "react";
import { EmptyFile, Unreachable } from "../server/http";
import { type Tell, useWords } from "../words/words";
import { Icon, type IconName } from "./Icon";
import css from "./States.module.css";

export function Loading() {
  const { t } = useWords();
  return (
    <div className={css.state} role="status">
      <Spin />
      <span className="for-readers">{t("state.loading")}</span>
    </div>
  );
}

export function sentence(t: Tell, error: unknown): string {
  if (error instanceof Unreachable) return t("error.unreachable");
  if (error instanceof EmptyFile) return t("error.empty_file");
  return error instanceof Error && error.message ? error.message : t("error.unknown");
}

export function Trouble({ error, again }: { error: unknown; again(): void }) {
  const { t } = useWords();
  return (
    <div className={css.state} role="alert">
      <span className={css.bad}>
        <Icon name="alert" size={24} />
      </span>
      <p className={css.title}>{sentence(t, error)}</p>
      <Button onClick={again}>{t("do.retry")}</Button>
    </div>
  );
}

interface NothingProps {
  icon: IconName;
  title: string;
  hint?: string;
  children?: ReactNode;
}

export function Nothing({ icon, title, hint, children }: NothingProps) {
  return (
    <div className={css.state}>
      <span className={css.mark}>
        <Icon name={icon} size={24} />
      </span>
      <p className={css.title}>{title}</p>
      {hint && <p className={css.hint}>{hint}</p>}
      {children}
    </div>
  );
}
