/**
 * The bar on top: the mark, the two halves of the desk, presence, and the person's own menu.
 */

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown, type MenuProps } from "antd";
import { Link, useLocation } from "wouter";
import { keySheet } from "../keys/KeySheet";
import { type LookChoice, useLook } from "../look/Look";
import mark from "../look/mark.svg";
import { get, post } from "../server/http";
import { keys } from "../server/queries";
import type { Counters, Me } from "../server/shapes";
import { administers } from "../staff";
import { type Locale, useWords } from "../words/words";
import { searching } from "../work/search/searching";
import { sound, useSound } from "../work/sound";
import { Icon } from "./Icon";
import { MentionsButton } from "./MentionsButton";
import { PresenceSwitch } from "./PresenceSwitch";
import { sentence } from "./States";
import css from "./TopBar.module.css";

export function TopBar({ me }: { me: Me }) {
  const { t } = useWords();
  const [path] = useLocation();
  const inAdmin = path.startsWith("/admin");
  return (
    <header className={css.bar}>
      <Link href="/" className={css.brand} aria-label={t("title")}>
        <img src={mark} alt="" width={28} height={28} />
        <span className={css.name}>{t("brand")}</span>
      </Link>
      <nav className={css.nav} aria-label={t("nav.label")}>
        <Link href="/" className={css.link} aria-current={atWork(path) ? "page" : undefined}>
          <Icon name="message" /> <span>{t("nav.work")}</span>
        </Link>
        <Link
          href="/knowledge"
          className={css.link}
          aria-current={path.startsWith("/knowledge") ? "page" : undefined}
        >
          <Icon name="book" /> <span>{t("nav.knowledge")}</span>
        </Link>
        {administers(me) && (
          <>
            <Link href="/board" className={css.link} aria-current={path === "/board" ? "page" : undefined}>
              <Icon name="board" /> <span>{t("nav.board")}</span>
            </Link>
            <Link href="/admin/departments" className={css.link} aria-current={inAdmin ? "page" : undefined}>
              <Icon name="settings" /> <span>{t("nav.admin")}</span>
            </Link>
          </>
        )}
      </nav>
      <SearchButton />
      <MentionsButton />
      <PresenceSwitch me={me} />
      <PersonMenu me={me} />
    </header>
  );
}

const atWork = (path: string) => path === "/" || path.startsWith("/c/");

function SearchButton() {
  const { t } = useWords();
  return (
    <Button
      className={css.search}
      icon={<Icon name="search" />}
      aria-label={t("search.title")}
      aria-keyshortcuts="/ Control+K"
      onClick={() => searching.set(true)}
    >
      <span className={css.searchWord}>{t("search.open")}</span>
      <kbd className={css.key} aria-hidden>
        /
      </kbd>
    </Button>
  );
}

function PersonMenu({ me }: { me: Me }) {
  const { t } = useWords();
  const menu = usePersonMenu();
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={menu}
      getPopupContainer={(button) => button.parentElement ?? document.body}
    >
      <Button type="text" className={css.person}>
        <span className={css.avatar} aria-hidden>
          {[...me.name][0]}
        </span>
        <span className={css.personName} aria-hidden>
          {me.name}
        </span>
        <span className="for-readers">{t("me.menu", { name: me.name })}</span>
        <Icon name="down" size={10} />
      </Button>
    </Dropdown>
  );
}

function usePersonMenu(): MenuProps {
  const { t, locale, speak } = useWords();
  const { choice, choose } = useLook();
  const audible = useSound();
  const signOut = useSignOut();
  const [, go] = useLocation();
  const looks: [LookChoice, string][] = [
    ["system", t("look.system")],
    ["light", t("look.light")],
    ["dark", t("look.dark")],
  ];
  return {
    selectedKeys: [choice, locale],
    items: [
      { key: "account", icon: <Icon name="user" />, label: t("me.account"), onClick: () => go("/account") },
      {
        key: "sound",
        icon: <Icon name={audible ? "bell" : "bellOff"} />,
        label: audible ? t("sound.on") : t("sound.off"),
        onClick: () => sound.turn(!audible),
      },
      {
        key: "keys",
        icon: <Icon name="keyboard" />,
        label: t("keys.title"),
        onClick: () => keySheet.set(true),
      },
      { type: "divider" },
      {
        key: "look",
        type: "group",
        label: t("look.title"),
        children: looks.map(([key, label]) => ({ key, label, onClick: () => choose(key) })),
      },
      {
        key: "language",
        type: "group",
        label: t("language.title"),
        children: (["zh-CN", "en"] as Locale[]).map((key) => ({
          key,
          label: t(`language.${key}`),
          onClick: () => speak(key),
        })),
      },
      { type: "divider" },
      { key: "out", icon: <Icon name="out" />, label: t("me.sign_out"), onClick: signOut },
    ],
  };
}

/** Who still serves somebody is asked first: the conversations go back into the queue, or one stays. */
function useSignOut() {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const leave = useLeave();
  return async () => {
    const counters = await get<Counters>("/desk/counters").catch(() => undefined);
    if (!counters?.mine) return leave();
    modal.confirm({
      title: t("leave.title", { n: counters.mine }),
      content: t("leave.hint"),
      okText: t("leave.go"),
      cancelText: t("leave.stay"),
      onOk: () => post("/desk/leave").then(leave, (error: unknown) => void message.error(sentence(t, error))),
    });
  };
}

function useLeave() {
  const cache = useQueryClient();
  const [, go] = useLocation();
  return async () => {
    await post("/staff/sign-out").catch(() => undefined);
    go("/");
    cache.clear();
    await cache.resetQueries({ queryKey: keys.me });
    location.reload();
  };
}
