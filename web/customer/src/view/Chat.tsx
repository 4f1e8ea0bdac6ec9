/**
 * The frame around everything: which page is shown, the shop's colour, and what holds on every page.
 */
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import { css, fillOf, inkOn, parseColour, readableOn, tint } from "../model/colour";
import { type State, unreadOf } from "../model/state";
import { useStore } from "../model/store";
import { t } from "../words";
import { Icon } from "./Icon";
import { useMore } from "./More";
import { StartPage } from "./StartPage";
import { Talking } from "./Talking";

const AT_REST_MS = 2_000;

export function Chat({ app }: { app: App }) {
  const state = useStore(app.store);
  useColour(state.site?.colour);
  useTitle(state.site?.title, unreadOf(state));
  useLayoutEffect(() => {
    document.documentElement.classList.toggle("large-text", state.large);
  }, [state.large]);
  useSettling(app, state.site !== null);
  useFolding(app);
  useBackButton(app, state.shown);
  const shown = state.conversations.find((one) => one.id === state.shown);
  if (state.followed) return <Followed app={app} followed={state.followed} />;
  if (state.phase === "failed" && state.failure) {
    return <Failed text={state.failure.text} retry={state.failure.final ? null : () => void app.start()} />;
  }
  if (state.phase === "starting" || !state.site) return <Starting />;
  if (shown)
    return (
      <Talking
        key={shown.id}
        page={{ app, state, conversation: shown }}
        meanwhile={(retry) => (retry ? <Failed text={t("start.unreachable")} retry={retry} /> : <Starting />)}
      />
    );
  return <StartPage app={app} state={state} />;
}

function Followed({ app, followed }: { app: App; followed: NonNullable<State["followed"]> }) {
  const [attempt, again] = useState(0);
  const [failed, fail] = useState(false);
  const parts = useMore(() => fail(true), attempt);
  const retry = () => {
    fail(false);
    again(attempt + 1);
  };
  if (parts) return <parts.ContinueHere app={app} followed={followed} />;
  return failed ? <Failed text={t("start.unreachable")} retry={retry} /> : <Starting />;
}

function Starting() {
  return (
    <main class="curtain" aria-busy="true">
      <span class="spinner" />
      <p role="status">{t("start.loading")}</p>
    </main>
  );
}

function Failed({ text, retry }: { text: string; retry: (() => void) | null }) {
  return (
    <main class="curtain">
      <Icon name="headset" size={40} />
      <p role="alert">{text}</p>
      {retry && (
        <button type="button" class="action" onClick={retry}>
          {t("retry")}
        </button>
      )}
    </main>
  );
}

/** The shop's colour, made readable for light and dark. */
function useColour(colour: string | undefined): void {
  useEffect(() => {
    if (!colour) return;
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const paint = () => {
      const chosen = parseColour(colour);
      const surface = parseColour(dark.matches ? "#1c232d" : "#ffffff");
      const soft = tint(chosen, surface, dark.matches ? 0.2 : 0.1);
      const fill = fillOf(chosen);
      const style = document.documentElement.style;
      style.setProperty("--brand", css(fill));
      style.setProperty("--on-brand", css(inkOn(fill)));
      style.setProperty("--brand-soft", css(soft));
      style.setProperty("--brand-text", css(readableOn(chosen, soft)));
    };
    paint();
    dark.addEventListener?.("change", paint);
    return () => dark.removeEventListener?.("change", paint);
  }, [colour]);
}

/** What nobody waits for comes when the page has been at rest for a while. */
function useSettling(app: App, there: boolean): void {
  useEffect(() => {
    if (!there) return;
    const settle = () =>
      import("../later").then(
        ({ settleIn }) => settleIn(app),
        () => undefined,
      );
    const timer = setTimeout(settle, AT_REST_MS);
    return () => clearTimeout(timer);
  }, [app, there]);
}

/** A tab in the background shows that there is news. */
function useTitle(title: string | undefined, unread: number): void {
  useEffect(() => {
    if (title) document.title = unread > 0 ? `(${unread}) ${title}` : title;
  }, [title, unread]);
}

/** Esc folds the chat away unless something in front of it takes the key first. */
function useFolding(app: App): void {
  useEffect(() => {
    if (!app.host.folds) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) {
        app.host.say({ type: "minimise" });
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [app]);
}

/**
 * On a phone's full page the system's back gesture leads from a conversation to the start. Before the conversation is
 * painted, so that nobody sees it who could not yet go back from it.
 */
function useBackButton(app: App, shown: string | null): void {
  useLayoutEffect(() => {
    if (app.host.framed) return;
    const inside = history.state === "conversation";
    if (shown && !inside) history.pushState("conversation", "");
    const onBack = () => history.state !== "conversation" && app.show(null);
    window.addEventListener("popstate", onBack);
    return () => window.removeEventListener("popstate", onBack);
  }, [app, shown]);
}
