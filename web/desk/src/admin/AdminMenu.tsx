/**
 * The menu of the administration: its pages in groups that fold; the group one is in always stands open.
 *
 * Which others stand open is kept in this browser. On narrow screens the menu lies behind one button.
 *
 * Does not: know what is on a page (AdminPage does).
 */
import { Button, Drawer } from "antd";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { Icon, type IconName } from "../frame/Icon";
import type { Me } from "../server/shapes";
import { edits } from "../staff";
import { useWords, type WordKey } from "../words/words";
import css from "./AdminMenu.module.css";
import { useDemo } from "./DemoPage";
import { useWantGuide } from "./StartPage";

type Page = [path: string, word: WordKey, icon: IconName];

/** A group of pages; the one without a word needs no heading. */
interface Group {
  word?: WordKey;
  pages: Page[];
}

const GROUPS: Group[] = [
  { pages: [["start", "start.title", "flag"]] },
  {
    word: "admin.team",
    pages: [
      ["departments", "departments.title", "department"],
      ["hours", "hours.title", "clock"],
      ["people", "people.title", "people"],
    ],
  },
  {
    word: "admin.codes",
    pages: [
      ["topics", "topics.title", "code"],
      ["campaigns", "campaigns.title", "key"],
      ["offers", "offers.title", "bell"],
      ["figures", "figures.title", "board"],
      ["ending", "ending.title", "snooze"],
    ],
  },
  {
    word: "admin.answers",
    pages: [
      ["assistant", "assistant.title", "assistant"],
      ["assistant-figures", "resolution.title", "board"],
      ["playbooks", "playbooks.title", "department"],
      ["replies", "replies.title", "bolt"],
      ["macros", "macros.title", "transfer"],
      ["incidents", "incidents.title", "warning"],
      ["language-model", "model.title", "edit"],
    ],
  },
  {
    word: "admin.shop",
    pages: [
      ["sites", "sites.title", "site"],
      ["shops", "shops.title", "shop"],
      ["voice", "voice.title", "voice"],
    ],
  },
  {
    word: "admin.running",
    pages: [
      ["waits", "waits.title", "urgent"],
      ["blocks", "blocks.title", "block"],
      ["audit", "audit.title", "audit"],
      ["demo", "demo.title", "trash"],
    ],
  },
];

const KEPT = "mashang.admin-menu"; // the words of the groups one unfolded

export function AdminMenu({ me }: { me: Me }) {
  const { t } = useWords();
  const [path] = useLocation();
  const [shown, show] = useState(false);
  const groups = useGroups(me, path);
  const here = groups.find((group) => group.pages.some((page) => isAt(path, page)));
  const page = here?.pages.find((one) => isAt(path, one));
  const content = <Groups groups={groups} guide={me.guide} chosen={() => show(false)} />;
  return (
    <>
      <nav className={css.menu} aria-label={t("nav.admin")}>
        {content}
      </nav>
      <div className={css.narrow}>
        <Button type="text" icon={<Icon name="menu" />} aria-haspopup="dialog" onClick={() => show(true)}>
          <span className="for-readers">{t("nav.admin")}</span>
          {here?.word && <span className={css.group}>{t(here.word)} ·</span>}
          <b>{t(page?.[1] ?? "nav.admin")}</b>
        </Button>
      </div>
      <Drawer
        open={shown}
        onClose={() => show(false)}
        placement="left"
        size="min(300px, 85vw)"
        title={t("nav.admin")}
        styles={{ body: { padding: 8 } }}
        destroyOnHidden
      >
        <nav aria-label={t("nav.admin")}>{content}</nav>
      </Drawer>
    </>
  );
}

interface GroupsProps {
  groups: Group[];
  guide: boolean;
  chosen(): void;
}

function Groups({ groups, guide, chosen }: GroupsProps) {
  const [path] = useLocation();
  const [unfolded, fold] = useUnfolded();
  const menu = useCurrentInView(path);
  return (
    <div ref={menu} className={css.groups}>
      {groups.map((group) => {
        const { word, pages } = group;
        if (!word) return <Pages key="" pages={pages} chosen={chosen} />;
        const isHere = pages.some((page) => isAt(path, page));
        return (
          <Folding
            key={word}
            word={word}
            isHere={isHere}
            open={isHere || unfolded.includes(word)}
            turn={() => fold(word)}
          >
            <Pages pages={pages} chosen={chosen} />
          </Folding>
        );
      })}
      {!guide && <BringBack />}
    </div>
  );
}

interface FoldingProps {
  word: WordKey;
  isHere: boolean;
  open: boolean;
  turn(): void;
  children: ReactNode;
}

function Folding({ word, isHere, open, turn, children }: FoldingProps) {
  const { t } = useWords();
  const id = useId();
  return (
    <section>
      <button
        type="button"
        className={css.heading}
        aria-expanded={open}
        aria-controls={id}
        aria-disabled={isHere || undefined}
        onClick={isHere ? undefined : turn}
      >
        {t(word)} <Icon name="down" />
      </button>
      <div id={id} hidden={!open}>
        {children}
      </div>
    </section>
  );
}

function Pages({ pages, chosen }: { pages: Page[]; chosen(): void }) {
  const { t } = useWords();
  const [path] = useLocation();
  return (
    <ul>
      {pages.map((page) => {
        const [name, word, icon] = page;
        const current = isAt(path, page) ? "page" : undefined;
        return (
          <li key={name}>
            <Link href={`/admin/${name}`} className={css.item} aria-current={current} onClick={chosen}>
              <Icon name={icon} /> <span>{t(word)}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

const isAt = (path: string, [page]: Page) => path === `/admin/${page}` || path.startsWith(`/admin/${page}/`);

/** Without the guide that was put away, and without the demo where there is none. */
function useGroups(me: Me, path: string): Group[] {
  const demo = useDemo(edits(me)).data;
  const isThere = ([page]: Page) =>
    page === "start" ? me.guide : page !== "demo" || demo || path === "/admin/demo";
  return GROUPS.map(({ word, pages }) => ({ word, pages: pages.filter(isThere) }));
}

function useUnfolded(): [string[], (group: string) => void] {
  const [unfolded, set] = useState(() => (localStorage.getItem(KEPT) ?? "").split(" ").filter(Boolean));
  const turn = (group: string) => {
    const next = unfolded.includes(group) ? unfolded.filter((one) => one !== group) : [...unfolded, group];
    localStorage.setItem(KEPT, next.join(" "));
    set(next);
  };
  return [unfolded, turn];
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

/** In a low window the menu scrolls: the page one is on must be among what is seen. */
function useCurrentInView(path: string) {
  const menu = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current item follows the path
  useEffect(() => {
    menu.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [path]);
  return menu;
}
