/**
 * A new article: it exists from its first save, or its first picture, on; phrasings and versions come then.
 */
import { useLocation } from "wouter";
import { ArticleEditor } from "./ArticleEditor";
import { NEW_ARTICLE } from "./shapes";

export function NewArticle() {
  const [, go] = useLocation();
  return <ArticleEditor kept={NEW_ARTICLE} saved={({ id }) => go(`/knowledge/${id}`, { replace: true })} />;
}
