/**
 * The knowledge: the list of articles, and one article. Everybody who works here reads it; editors write.
 */
import { useState } from "react";
import { Route, Switch, useLocation } from "wouter";
import type { Me } from "../server/shapes";
import { ArticleList } from "./ArticleList";
import { ArticlePage } from "./ArticlePage";
import { DoctorPage } from "./DoctorPage";
import { GapsPage } from "./GapsPage";
import { PairPage } from "./PairPage";
import { useKnown } from "./queries";
import type { Article } from "./shapes";
import { TransferPage } from "./TransferPage";

const NEW = "new";

export default function KnowledgePage({ me }: { me: Me }) {
  const editable = me.permissions.includes("knowledge.edit");
  return (
    <Switch>
      {editable && <Route path="/knowledge/transfer" component={TransferPage} />}
      {editable && <Route path="/knowledge/gaps" component={GapsPage} />}
      {editable && <Route path="/knowledge/doctor" component={DoctorPage} />}
      {editable && (
        <Route path="/knowledge/doctor/:one/:other">
          {({ one, other }) => <PairPage key={`${one} ${other}`} one={one} other={other} />}
        </Route>
      )}
      <Route path="/knowledge/:id">{({ id }) => <OneArticle id={id} editable={editable} />}</Route>
      <Route>
        <ArticleList editable={editable} />
      </Route>
    </Switch>
  );
}

/** What began as a new article stays the same page once it has an address of its own. */
function OneArticle({ id, editable }: { id: string; editable: boolean }) {
  const [, go] = useLocation();
  const [begun, setBegun] = useState<string>();
  const known = useKnown();
  const begins = (article: Article) => {
    known(article);
    setBegun(article.id);
    go(`/knowledge/${article.id}`, { replace: true });
  };
  const isNew = editable && id === NEW;
  return (
    <ArticlePage
      key={isNew || id === begun ? NEW : id}
      id={isNew ? undefined : id}
      editable={editable}
      begun={begins}
    />
  );
}
