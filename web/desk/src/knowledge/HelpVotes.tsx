/**
 * How the readers of the help centre took an article, and what those had searched whom it did not help.
 */
import { useQuery } from "@tanstack/react-query";
import { get } from "../server/http";
import { useWords } from "../words/words";
import css from "./Article.module.css";
import { knowledgeKey } from "./queries";
import type { Article } from "./shapes";

interface Votes {
  days: number;
  reads: number;
  helpful: number;
  unhelpful: number;
  unhelpful_now: number;
  wanted: string[];
}

export function HelpVotes({ article }: { article: Article }) {
  const { t } = useWords();
  const votes = useQuery({
    queryKey: [...knowledgeKey, "votes", article.id],
    queryFn: () => get<Votes>(`/desk/knowledge/articles/${article.id}/votes`),
    enabled: article.published_version != null,
  }).data;
  if (!votes) return null;
  const { wanted, ...counted } = votes;
  const anybody = counted.reads + counted.helpful + counted.unhelpful > 0;
  return (
    <p className={css.votes}>
      {t(anybody ? "knowledge.votes" : "knowledge.votes.none", counted)}
      {counted.unhelpful > 0 && ` ${t("knowledge.votes.now", { n: counted.unhelpful_now })}`}
      {wanted.length > 0 && (
        <span dir="auto">
          {t("knowledge.votes.wanted")}{" "}
          {wanted.map((one) => t("knowledge.votes.words", { words: one })).join(" ")}
        </span>
      )}
    </p>
  );
}
