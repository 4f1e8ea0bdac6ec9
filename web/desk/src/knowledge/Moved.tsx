/**
 * Somebody else saved first: what they wrote beside what I wrote, and which of the two goes on.
 */
import { Button } from "antd";
import { useWords } from "../words/words";
import css from "./Article.module.css";
import { Difference } from "./Difference";
import { useArticle } from "./queries";
import type { Article } from "./shapes";
import type { Writing } from "./writing";

interface MovedProps {
  message: string;
  article: Article;
  writing: Writing;
  done(): void;
}

export function Moved({ message, article, writing, done }: MovedProps) {
  const { t } = useWords();
  const newest = useArticle(article.id).data ?? article;
  return (
    <div className={css.moved} role="alert">
      <p>{message}</p>
      <h2>{t("knowledge.moved.difference")}</h2>
      <Difference from={newest.texts} to={writing.draft.texts} />
      <div className={css.ways}>
        <Button
          onClick={() => {
            writing.onto(newest);
            done();
          }}
        >
          {t("knowledge.moved.mine")}
        </Button>
        <Button
          onClick={() => {
            writing.take(newest);
            done();
          }}
        >
          {t("knowledge.moved.theirs")}
        </Button>
      </div>
    </div>
  );
}
