/**
 * One article: for editors to write, for everybody else to read and to propose phrasings for.
 */
import { Loading, Nothing, Trouble } from "../frame/States";
import { Refused } from "../server/http";
import { useWords } from "../words/words";
import { ArticleEditor } from "./ArticleEditor";
import { ArticleReader } from "./ArticleReader";
import { useArticle } from "./queries";
import { draftOf } from "./shapes";

export function ArticlePage({ id, editable }: { id: string; editable: boolean }) {
  const { t } = useWords();
  const query = useArticle(id);
  if (query.isPending) return <Loading />;
  if (query.error instanceof Refused && query.error.status === 404)
    return <Nothing icon="book" title={t("knowledge.gone")} />;
  if (!query.data) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (!editable) return <ArticleReader article={query.data} />;
  return <ArticleEditor article={query.data} kept={draftOf(query.data)} />;
}
