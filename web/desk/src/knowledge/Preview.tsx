/**
 * Markdown as the help centre will show it: the server makes both.
 */
import { Spin } from "antd";
import { useEffect, useState } from "react";
import { sentence } from "../frame/States";
import { useWords } from "../words/words";
import css from "./Article.module.css";
import { usePreview } from "./queries";

const PAUSE = 350;

export function Preview({ body }: { body: string }) {
  const { t } = useWords();
  const query = usePreview(useSettled(body));
  if (!body.trim()) return <p className={css.faint}>{t("knowledge.preview.empty")}</p>;
  if (query.error)
    return (
      <p className={css.refusal} role="alert">
        {sentence(t, query.error)}
      </p>
    );
  if (!query.data) return <Spin />;
  return (
    <div
      className={css.read}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the server wrote it, tag by tag, from a list of allowed ones
      dangerouslySetInnerHTML={{ __html: query.data.html }}
    />
  );
}

/** The value once nothing was typed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
