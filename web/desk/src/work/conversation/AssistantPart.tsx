/** What the assistant offered below its words: the article they are from, the answers to choose from, and the one chosen. */
import type { AssistantPart as Part } from "@mashang/protocol";
import { Link } from "wouter";
import { Icon } from "../../frame/Icon";
import { useWords } from "../../words/words";
import css from "./AssistantPart.module.css";

interface AssistantPartProps {
  part: Part;
  /** The option that the customer took; null: none of them. */
  chosen: string | null;
}

export function AssistantPart({ part, chosen }: AssistantPartProps) {
  const { t } = useWords();
  const { article, options = [], worded } = part;
  if (!article && options.length === 0) return null;
  return (
    <div className={css.part}>
      {article && worded && <span>{t("assistant.worded")} </span>}
      {article && (
        <Link href={`/knowledge/${article.id}`}>
          <Icon name="file" /> <span dir="auto">{article.title}</span>
        </Link>
      )}
      {options.length > 0 && (
        <ul className={css.options} aria-label={t("assistant.options")}>
          {options.map(({ id, label }) => (
            <li key={id} data-chosen={id === chosen} dir="auto">
              {id === chosen && <Icon name="check" />}
              {id === chosen && <span className="for-readers">{t("assistant.chosen")}</span>} {label}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
