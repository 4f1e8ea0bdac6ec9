/**
 * One article: for editors to write, for everybody else to read and to propose phrasings for.
 *
 * A new one has no id. It exists from its first save, or its first picture, on; this page then is that article's,
 * with all that is being typed on it.
 */
import { Loading, Nothing, Trouble } from "../frame/States";
import { Refused } from "../server/http";
import { useWords } from "../words/words";
import { ArticleEditor } from "./ArticleEditor";
import { ArticleReader } from "./ArticleReader";
import { useArticle } from "./queries";
import { type Article, draftOf, NEW_ARTICLE } from "./shapes";

interface Props {
  id?: string | undefined;
  editable: boolean;
  begun?(article: Article): void;
}

export function ArticlePage({ id, editable, begun }: Props) {
  const { t } = useWords();
  const query = useArticle(id);
  if (id === undefined) return <ArticleEditor kept={NEW_ARTICLE} begun={begun} />;
  if (query.isPending) return <Loading />;
  if (query.error instanceof Refused && query.error.status === 404)
    return <Nothing icon="book" title={t("knowledge.gone")} />;
  if (!query.data) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (!editable) return <ArticleReader article={query.data} />;
  return <ArticleEditor article={query.data} kept={draftOf(query.data)} />;
}
