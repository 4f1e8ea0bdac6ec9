/**
 * The first page: a person at once, or a code that says what it is about.
 *
 * From top to bottom as somebody in a hurry needs it: what is under way, a person, 24H, the code box, the topics.
 */
import type { CustomerConversation, Entrance } from "@mashang/protocol";
import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App, Way } from "../model/app";
import { keepLanguage } from "../model/language";
import { type State, unreadIn } from "../model/state";
import { type Sentence, t } from "../words";
import { Account } from "./Account";
import { Announced } from "./Announced";
import { ClosedNotice, useClosed } from "./ClosedCard";
import { CodeBox } from "./CodeBox";
import { Icon } from "./Icon";
import { LargeSwitch } from "./LargeSwitch";
import { More } from "./More";
import { dayOf } from "./moments";
import { NoticeBar } from "./NoticeBar";
import { Proving } from "./Proving";
import { Suggesting } from "./Suggesting";

export type Begin = (
  entrance: Entrance,
  code?: string,
  text?: string,
  order?: string,
  way?: Way,
) => Promise<void>;

export function StartPage({ app, state }: { app: App; state: State }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [helping, help] = useState(false);
  const begin: Begin = async (entrance, code, text, order, way) => {
    setProblem(null);
    try {
      await app.open(entrance, code, text, order, way);
    } catch (error) {
      setProblem(error instanceof Refused ? error.message : t("start.unreachable"));
    }
  };
  const closed = useClosed(state.resting.closed);
  const asks = state.assistant !== null;
  const resting = closed || !state.resting.closed ? state.resting.topics : [];
  const open = state.conversations.filter((one) => one.status !== "closed");
  const earlier = state.conversations.filter((one) => one.status === "closed");
  const box = (
    <CodeBox
      app={app}
      topics={state.topics.filter(({ code }) => code !== DIRECT)}
      resting={resting}
      begin={begin}
      busy={state.opening}
    />
  );
  return (
    <div class="start">
      <Hero app={app} state={state} />
      <main class="start-main">
        <Announced app={app} state={state} />
        <NoticeBar app={app} notice={state.notice} />
        {open.map((one) => (
          <Ongoing key={one.id} app={app} state={state} conversation={one} />
        ))}
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {closed && <ClosedNotice closed={closed} />}
        {state.linked && box}
        <div class="entrances">
          {asks && (
            <Door
              mark={<Icon name="assistant" size={28} />}
              words={t(state.opening ? "start.opening" : "start.assistant")}
              hint={t("start.assistant_hint")}
              busy={state.opening}
              go={() => begin("assistant")}
            />
          )}
          <PersonEntrance begin={begin} busy={state.opening} closed={closed !== null} chosen={asks} />
        </div>
        <Direct begin={begin} busy={state.opening} resting={resting.includes(DIRECT)} />
        <Suggesting app={app} state={state} begin={begin} />
        <Proving
          app={app}
          state={state}
          order={state.order}
          drop={() => app.hear({ type: "open", order: "" })}
          lasting
        />
        {!state.linked && box}
        <Account app={app} state={state} />
        {earlier.length > 0 && <Earlier app={app} conversations={earlier} />}
        <Footer app={app} state={state} help={() => help(true)} />
        {helping && (
          <More app={app} close={() => help(false)}>
            {({ HelpSheet }) => <HelpSheet app={app} conversation={null} close={() => help(false)} />}
          </More>
        )}
      </main>
    </div>
  );
}

function Hero({ app, state }: { app: App; state: State }) {
  return (
    <header class="hero">
      <div class="hero-row">
        <h1 tabIndex={-1}>{state.site?.title}</h1>
        <LargeSwitch app={app} shape="small-action" />
        {app.host.folds && (
          <button type="button" class="round" onClick={() => app.host.say({ type: "minimise" })}>
            <Icon name="fold" />
            <span class="hidden">{t("fold")}</span>
          </button>
        )}
      </div>
      <p>{state.site?.greeting || t("start.greeting")}</p>
    </header>
  );
}

interface PersonProps {
  begin: Begin;
  busy: boolean;
  closed: boolean;
  /** Beside the assistant: no machine stands before a person. */
  chosen: boolean;
}

function PersonEntrance({ begin, busy, closed, chosen }: PersonProps) {
  const [words, hint] = closed
    ? (["start.write", "start.write_hint"] as const)
    : ([chosen ? "start.person_chosen" : "start.person", "start.person_hint"] as const);
  return (
    <Door
      mark={<Icon name="headset" size={28} />}
      words={t(busy ? "start.opening" : words)}
      hint={t(hint)}
      busy={busy}
      go={() => begin("person")}
    />
  );
}

/** The server knows this code too where the operator made no topic of it: typed and scanned, it does the same. */
const DIRECT = "24H";

function Direct({ begin, busy, resting }: { begin: Begin; busy: boolean; resting: boolean }) {
  return (
    <Door
      shape="direct"
      mark={DIRECT}
      words={t("start.direct")}
      hint={t(resting ? "closed.topic" : "start.direct_hint")}
      busy={busy}
      go={() => begin("code", DIRECT)}
    />
  );
}

interface DoorProps {
  shape?: string;
  mark: ComponentChild;
  words: string;
  hint: string;
  busy: boolean;
  go: () => Promise<void>;
}

function Door({ shape = "", mark, words, hint, busy, go }: DoorProps) {
  return (
    <button type="button" class={`person ${shape}`} disabled={busy} onClick={() => void go()}>
      <span class="person-icon">{mark}</span>
      <span class="person-words">
        <strong>{words}</strong>
        <span>{hint}</span>
      </span>
      <span class="forward">
        <Icon name="back" size={20} />
      </span>
    </button>
  );
}

function Ongoing({
  app,
  state,
  conversation,
}: {
  app: App;
  state: State;
  conversation: CustomerConversation;
}) {
  const unread = unreadIn(conversation, state.talks[conversation.id]);
  return (
    <button type="button" class="ongoing" onClick={() => app.show(conversation.id)}>
      <span>
        <strong>{conversation.topic?.name ?? t("start.person")}</strong>
        <span class="ongoing-state">
          {t(ongoing(conversation), { agent: conversation.agent?.name ?? "" })}
        </span>
      </span>
      {unread > 0 && <span class="badge">{t("unread.count", { count: unread })}</span>}
      <span class="ongoing-go">{t("start.return")}</span>
    </button>
  );
}

function ongoing({ status, waiting }: CustomerConversation): Sentence {
  if (status === "waiting") return waiting?.is_message ? "start.ongoing_message" : "start.ongoing_waiting";
  return status === "assisted" ? "start.ongoing_assisted" : "start.ongoing_active";
}

function Earlier({ app, conversations }: { app: App; conversations: CustomerConversation[] }) {
  return (
    <section class="earlier" aria-labelledby="earlier">
      <h2 id="earlier">{t("earlier.title")}</h2>
      <ul>
        {conversations.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => app.show(one.id)}>
              <span>{one.topic ? `${one.topic.name} · ${one.topic.code}` : t("start.person")}</span>
              <time dateTime={one.opened_at}>{dayOf(one.opened_at)}</time>
              <Icon name="back" size={18} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Footer({ app, state, help }: { app: App; state: State; help: () => void }) {
  const other = state.locale === "en" ? "zh-CN" : "en";
  const showAgain = async () => (await import("../later")).showAgain(app);
  const choose = () => {
    keepLanguage(other);
    void app.setLocale(other);
  };
  return (
    <footer class="start-foot">
      <p class="safety">
        <Icon name="shield" size={20} />
        <span>{t("start.safety")}</span>
      </p>
      {state.help && (
        <button type="button" class="plain" onClick={help}>
          {t("start.help")}
        </button>
      )}
      {state.site?.demonstration && state.topics[0] && (
        <button type="button" class="plain" onClick={() => void app.attempt(showAgain)}>
          {t("how.ask")}
        </button>
      )}
      <button type="button" class="plain" lang={other} onClick={choose}>
        {t("language.other")}
      </button>
    </footer>
  );
}
