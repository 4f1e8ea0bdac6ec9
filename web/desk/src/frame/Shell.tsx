/**
 * What stays on every page behind the sign-in: the bar on top, warnings, offers, and the socket's notices.
 *
 * Does not: know what a page shows.
 */
import { App, Button } from "antd";
import { type ReactNode, useEffect } from "react";
import { useLocation } from "wouter";
import { KeySheet, keySheet } from "../keys/KeySheet";
import { useKeys, useShortcut } from "../keys/shortcuts";
import { useDesk } from "../live/DeskLine";
import type { Notice } from "../live/notices";
import type { Me } from "../server/shapes";
import { administers } from "../staff";
import { useWords } from "../words/words";
import { alertOf, useAlerts } from "../work/alerts";
import { OfferCards } from "../work/OfferCards";
import { SearchDialog } from "../work/search/SearchDialog";
import { searching } from "../work/search/searching";
import { AwayBanner } from "./AwayBanner";
import { ConnectionBanner } from "./ConnectionBanner";
import { Icon } from "./Icon";
import css from "./Shell.module.css";
import { TopBar } from "./TopBar";
import { offerGoneWord, wordFor } from "./told";
import { useTitle } from "./useTitle";
import { ZoneBanner } from "./ZoneBanner";

export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useWords();
  useTitle();
  useNotices();
  useMentioned();
  useMessages();
  useAlerts();
  useKeys();
  usePageKeys(me);
  return (
    <div className={css.shell}>
      <TopBar me={me} />
      {me.warnings?.includes("plain_http") && (
        <p className={css.warning} role="note">
          <Icon name="warning" /> {t("warning.plain_http")}
        </p>
      )}
      {me.warnings?.includes("proof_guessing") && (
        <p className={css.warning} role="note">
          <Icon name="warning" /> {t("warning.proof_guessing")}
        </p>
      )}
      <AwayBanner me={me} />
      <ZoneBanner />
      <ConnectionBanner />
      <OfferCards />
      <main className={css.page}>{children}</main>
      <SearchDialog />
      <KeySheet me={me} />
    </div>
  );
}

function useNotices() {
  const desk = useDesk();
  const { message } = App.useApp();
  const { t } = useWords();
  useEffect(() => {
    const tell = (event: Event) => {
      const { kind, text, names } = (event as CustomEvent<Notice>).detail;
      if (kind === "masked") void message.info(t("notice.masked"));
      if (kind === "back") void message.info(t("notice.back", { name: text }), 8);
      if (kind === "refused") void message.error(text);
      if (kind === "transfer_refused") {
        const word = wordFor("transfer_refused", text, undefined);
        if (word) void message.warning(t(word, { ...names }), 8);
      }
      if (kind === "offer_gone") {
        const word = offerGoneWord(text);
        if (word) void message.info(t(word));
      }
    };
    desk.notices.addEventListener("notice", tell);
    return () => desk.notices.removeEventListener("notice", tell);
  }, [desk, message, t]);
}

/** A note that names me rings; away from its conversation it also stands in a corner, with the way there. */
function useMentioned() {
  const desk = useDesk();
  const { notification } = App.useApp();
  const { t } = useWords();
  const [path, go] = useLocation();
  useEffect(() => {
    const tell = (event: Event) => {
      const { kind, text, conversation } = (event as CustomEvent<Notice>).detail;
      if (kind !== "mentioned") return;
      const key = `mentioned ${conversation}`;
      const open = () => {
        notification.destroy(key);
        go(`/c/${conversation}`);
      };
      alertOf("mention", t("mentions.told", { by: text }), "", open);
      if (path.startsWith(`/c/${conversation}`)) return;
      notification.info({
        key,
        title: t("mentions.told", { by: text }),
        duration: 15,
        actions: <Button onClick={open}>{t("mentions.open")}</Button>,
      });
    };
    desk.notices.addEventListener("notice", tell);
    return () => desk.notices.removeEventListener("notice", tell);
  }, [desk, notification, t, path, go]);
}

/** The keys that work on every page. */
function usePageKeys(me: Me) {
  const [, go] = useLocation();
  useShortcut("search", () => searching.set(true));
  useShortcut("sheet", () => keySheet.set(true));
  useShortcut("work", () => go("/"));
  useShortcut("board", () => go("/board"), administers(me));
}

/** Something new in a conversation of mine that I am not looking at. */
function useMessages() {
  const desk = useDesk();
  const { t } = useWords();
  const [path, go] = useLocation();
  useEffect(() => {
    const tell = (event: Event) => {
      const { kind, text, names, conversation } = (event as CustomEvent<Notice>).detail;
      if (kind !== "message") return;
      if (!document.hidden && path.startsWith(`/c/${conversation}`)) return;
      const title = t("alerts.message", { name: names?.customer ?? "" });
      alertOf("message", title, text, () => go(`/c/${conversation}`));
    };
    desk.notices.addEventListener("notice", tell);
    return () => desk.notices.removeEventListener("notice", tell);
  }, [desk, t, path, go]);
}
