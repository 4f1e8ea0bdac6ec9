/**
 * Administration: what the operator sets up and the supervisor may read, one page each.
 */
import { useEffect, useRef } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { FiguresPage } from "../figures/FiguresPage";
import { Icon, type IconName } from "../frame/Icon";
import { useWidth } from "../look/useWidth";
import type { Me } from "../server/shapes";
import { edits } from "../staff";
import { useWords, type WordKey } from "../words/words";
import css from "./AdminPage.module.css";
import { AuditPage } from "./AuditPage";
import { BlocksPage } from "./BlocksPage";
import { CampaignsPage } from "./CampaignsPage";
import { DemoPage, useDemo } from "./DemoPage";
import { DepartmentsPage } from "./DepartmentsPage";
import { EndingPage } from "./EndingPage";
import { HoursPage } from "./HoursPage";
import { MacrosPage } from "./MacrosPage";
import { OffersPage } from "./OffersPage";
import { PeoplePage } from "./PeoplePage";
import { RepliesPage } from "./RepliesPage";
import { ShopsPage } from "./ShopsPage";
import { SitesPage } from "./SitesPage";
import { StartPage, useWantGuide } from "./StartPage";
import { TopicsPage } from "./TopicsPage";
import { VoicePage } from "./VoicePage";
import { WaitsPage } from "./WaitsPage";

const PAGES: [path: string, word: WordKey, icon: IconName][] = [
  ["start", "start.title", "flag"],
  ["departments", "departments.title", "department"],
  ["hours", "hours.title", "clock"],
  ["people", "people.title", "people"],
  ["topics", "topics.title", "code"],
  ["campaigns", "campaigns.title", "key"],
  ["offers", "offers.title", "bell"],
  ["figures", "figures.title", "board"],
  ["ending", "ending.title", "snooze"],
  ["replies", "replies.title", "bolt"],
  ["macros", "macros.title", "transfer"],
  ["sites", "sites.title", "site"],
  ["shops", "shops.title", "shop"],
  ["voice", "voice.title", "voice"],
  ["waits", "waits.title", "urgent"],
  ["blocks", "blocks.title", "block"],
  ["audit", "audit.title", "audit"],
  ["demo", "demo.title", "trash"],
];

/** A new matter begins with these: the team, the codes, what is answered, where from, what happened. */
const BEGINS = new Set(["departments", "topics", "replies", "sites", "waits"]);

/** Nothing to change there, or supervisors change it too. */
const NOT_ONLY_THE_OPERATORS = new Set([
  "/admin/figures",
  "/admin/waits",
  "/admin/blocks",
  "/admin/audit",
  "/admin/replies",
  "/admin/macros",
]);

export default function AdminPage({ me }: { me: Me }) {
  const { t } = useWords();
  const [path] = useLocation();
  const editable = edits(me);
  const menu = useCurrentInView(path);
  const demo = useDemo(editable).data;
  const shown = PAGES.filter(
    ([page]) => (page !== "demo" || demo || path === "/admin/demo") && (page !== "start" || me.guide),
  );
  return (
    <div className={css.admin}>
      <nav ref={menu} className={css.menu} aria-label={t("nav.admin")}>
        {shown.map(([page, word, icon]) => (
          <Link
            key={page}
            href={`/admin/${page}`}
            className={css.item}
            data-begins={BEGINS.has(page)}
            aria-current={path === `/admin/${page}` ? "page" : undefined}
          >
            <Icon name={icon} /> <span>{t(word)}</span>
          </Link>
        ))}
        {!me.guide && <BringBack />}
      </nav>
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
          <Route path="/admin/voice">
            <VoicePage editable={editable} />
          </Route>
          <Route path="/admin/figures">
            <FiguresPage me={me} />
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

/** The guide was put away; here it is found again. */
function BringBack() {
  const { t } = useWords();
  const want = useWantGuide();
  return (
    <button type="button" className={css.back} disabled={want.isPending} onClick={() => want.mutate(true)}>
      <Icon name="flag" /> <span>{t("start.bring_back")}</span>
    </button>
  );
}

/** On narrow screens the menu scrolls sideways: the page one is on must be among what is seen. */
function useCurrentInView(path: string) {
  const menu = useRef<HTMLElement>(null);
  const width = useWidth();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current item follows the path, the menu the width
  useEffect(() => {
    menu.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path, width]);
  return menu;
}
