/**
 * Administration: what the operator sets up and the supervisor may read, one page each.
 */
import { Redirect, Route, Switch, useLocation } from "wouter";
import { AssistantFigures } from "../figures/AssistantFigures";
import { FiguresPage } from "../figures/FiguresPage";
import { Icon } from "../frame/Icon";
import { IncidentsPage } from "../incidents/IncidentsPage";
import { PlaybooksPage } from "../playbooks/PlaybooksPage";
import type { Me } from "../server/shapes";
import { edits } from "../staff";
import { useWords } from "../words/words";
import { AdminMenu } from "./AdminMenu";
import css from "./AdminPage.module.css";
import { AssistantPage } from "./AssistantPage";
import { AuditPage } from "./AuditPage";
import { BlocksPage } from "./BlocksPage";
import { CampaignsPage } from "./CampaignsPage";
import { DemoPage } from "./DemoPage";
import { DepartmentsPage } from "./DepartmentsPage";
import { EndingPage } from "./EndingPage";
import { HoursPage } from "./HoursPage";
import { MacrosPage } from "./MacrosPage";
import { ModelPage } from "./ModelPage";
import { OffersPage } from "./OffersPage";
import { PeoplePage } from "./PeoplePage";
import { RepliesPage } from "./RepliesPage";
import { ShopsPage } from "./ShopsPage";
import { SitesPage } from "./SitesPage";
import { StartPage } from "./StartPage";
import { TopicsPage } from "./TopicsPage";
import { VoicePage } from "./VoicePage";
import { WaitsPage } from "./WaitsPage";

/** Nothing to change there, or supervisors change it too. */
const NOT_ONLY_THE_OPERATORS = new Set([
  "/admin/figures",
  "/admin/waits",
  "/admin/blocks",
  "/admin/audit",
  "/admin/replies",
  "/admin/macros",
  "/admin/incidents",
]);

export default function AdminPage({ me }: { me: Me }) {
  const { t } = useWords();
  const [path] = useLocation();
  const editable = edits(me);
  return (
    <div className={css.admin}>
      <AdminMenu me={me} />
      <div className={css.content}>
        {!editable && !NOT_ONLY_THE_OPERATORS.has(path) && (
          <p className={css.readonly} role="note">
            <Icon name="info" /> {t("admin.readonly")}
          </p>
        )}
        <Switch>
          <Route path="/admin/start">
            <StartPage shown={me.guide} />
          </Route>
          <Route path="/admin/departments">
            <DepartmentsPage editable={editable} />
          </Route>
          <Route path="/admin/hours">
            <HoursPage editable={editable} />
          </Route>
          <Route path="/admin/people">
            <PeoplePage editable={editable} me={me} />
          </Route>
          <Route path="/admin/topics">
            <TopicsPage editable={editable} />
          </Route>
          <Route path="/admin/campaigns">
            <CampaignsPage editable={editable} />
          </Route>
          <Route path="/admin/offers">
            <OffersPage editable={editable} />
          </Route>
          <Route path="/admin/ending">
            <EndingPage me={me} />
          </Route>
          <Route path="/admin/incidents">
            <IncidentsPage />
          </Route>
          <Route path="/admin/macros">
            <MacrosPage />
          </Route>
          <Route path="/admin/replies">
            <RepliesPage />
          </Route>
          <Route path="/admin/sites">
            <SitesPage editable={editable} />
          </Route>
          <Route path="/admin/shops">
            <ShopsPage editable={editable} />
          </Route>
          <Route path="/admin/assistant">
            <AssistantPage editable={editable} />
          </Route>
          <Route path="/admin/voice">
            <VoicePage editable={editable} />
          </Route>
          <Route path="/admin/playbooks/*?">
            <PlaybooksPage editable={editable} />
          </Route>
          <Route path="/admin/language-model">
            <ModelPage editable={editable} />
          </Route>
          <Route path="/admin/figures">
            <FiguresPage me={me} />
          </Route>
          <Route path="/admin/assistant-figures">
            <AssistantFigures />
          </Route>
          <Route path="/admin/waits">
            <WaitsPage me={me} />
          </Route>
          <Route path="/admin/blocks">
            <BlocksPage />
          </Route>
          <Route path="/admin/audit">
            <AuditPage />
          </Route>
          {editable && (
            <Route path="/admin/demo">
              <DemoPage />
            </Route>
          )}
          <Route>
            <Redirect to="/admin/departments" />
          </Route>
        </Switch>
      </div>
    </div>
  );
}
