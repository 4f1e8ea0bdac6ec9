/**
 * Beside the form of a code: which other codes and everyday words it is easily mistaken for, and beside the code that
 * is to follow, how long that one lasts. It forbids nothing.
 */
import { useQuery } from "@tanstack/react-query";
import { Form } from "antd";
import { useEffect, useState } from "react";
import { Icon } from "../frame/Icon";
import { post } from "../server/http";
import { useWords } from "../words/words";
import type { Topic, TopicWarning } from "./shapes";
import css from "./TopicWarnings.module.css";

const STILL_MS = 350;

type Sketch = Pick<Topic, "code" | "name" | "aliases" | "expires_at" | "successor"> & { id: string };

interface Props {
  id?: string | undefined;
  /** Only what is to be known of what follows; otherwise all but that. */
  following?: boolean;
}

export function TopicWarnings({ id = "", following = false }: Props) {
  const { t, locale } = useWords();
  const sketch = useStill({
    id,
    code: Form.useWatch<string | undefined>("code") ?? "",
    name: Form.useWatch<string | undefined>("name") ?? "",
    aliases: Form.useWatch<string[] | undefined>("aliases") ?? [],
    expires_at: Form.useWatch<string | null | undefined>("expires_at") ?? null,
    successor: Form.useWatch<string | null | undefined>("successor") ?? null,
  });
  const query = useQuery({
    queryKey: ["topic-lint", locale, sketch],
    queryFn: () => post<TopicWarning[]>("/admin/topics/lint", sketch),
    enabled: sketch.code.length > 1,
    placeholderData: (before) => before,
  });
  const told = sketch.code.length > 1 ? (query.data ?? []) : [];
  const warnings = told.filter(({ field }) => (field === "successor") === following);
  return (
    <div aria-live="polite">
      {warnings.length > 0 && (
        <section className={css.warnings}>
          <h3>
            <Icon name="warning" /> {t(following ? "topic.warnings.following" : "topic.warnings")}
          </h3>
          <ul>
            {warnings.map(({ kind, message }) => (
              <li key={kind + message}>{message}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** What is typed, once it has been left alone for a moment. */
function useStill(sketch: Sketch): Sketch {
  const [still, setStill] = useState(sketch);
  const now = JSON.stringify(sketch);
  useEffect(() => {
    const timer = setTimeout(() => setStill(JSON.parse(now) as Sketch), STILL_MS);
    return () => clearTimeout(timer);
  }, [now]);
  return still;
}
