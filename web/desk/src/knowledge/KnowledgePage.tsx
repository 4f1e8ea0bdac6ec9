/**
 * The knowledge: the list of articles, and one article. Everybody who works here reads it; editors write.
 */
import { Route, Switch } from "wouter";
import type { Me } from "../server/shapes";
import { ArticleList } from "./ArticleList";
import { ArticlePage } from "./ArticlePage";
import { DoctorPage } from "./DoctorPage";
import { GapsPage } from "./GapsPage";
import { NewArticle } from "./NewArticle";
import { PairPage } from "./PairPage";
import { TransferPage } from "./TransferPage";

export default function KnowledgePage({ me }: { me: Me }) {
  const editable = me.permissions.includes("knowledge.edit");
  return (
    <Switch>
      {editable && <Route path="/knowledge/new" component={NewArticle} />}
      {editable && <Route path="/knowledge/transfer" component={TransferPage} />}
      {editable && <Route path="/knowledge/gaps" component={GapsPage} />}
      {editable && <Route path="/knowledge/doctor" component={DoctorPage} />}
      {editable && (
        <Route path="/knowledge/doctor/:one/:other">
          {({ one, other }) => <PairPage key={`${one} ${other}`} one={one} other={other} />}
        </Route>
      )}
      <Route path="/knowledge/:id">{({ id }) => <ArticlePage key={id} id={id} editable={editable} />}</Route>
      <Route>
        <ArticleList editable={editable} />
      </Route>
    </Switch>
  );
}
