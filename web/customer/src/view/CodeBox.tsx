/**
 * The code box: a short code or a few words, or one of the topics below it.
 *
 * A code that is found leads straight on, a slip that can mean one thing too. Anything else is never the customer's
 * fault: what was typed stays, at most three topics are asked about (or all are offered), and a person is one tap away.
 */
import type { CodeAnswer, OrderChoice, OwnCode, TopicButton } from "@mashang/protocol";
import type { ComponentChild } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { t } from "../words";
import { TopicIcon } from "./Icon";
import { dayOf } from "./moments";
import { Proving } from "./Proving";
import type { Begin } from "./StartPage";
import { Voice } from "./Voice";

interface Props {
  app: App;
  topics: TopicButton[];
  /** Codes whose people are not there now. */
  resting: string[];
  begin: Begin;
  busy: boolean;
}

/** What has to be asked or said; every other answer leads straight on. */
type Question = CodeAnswer;
type Asked = { typed: string; answer: Question } | { problem: string } | null;

export function CodeBox({ app, topics, resting, begin, busy }: Props) {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState<Asked>(null);
  const [asking, setAsking] = useState(false);
  const { linked } = app.store.state;
  const told = asked && "answer" in asked ? asked : null;
  const question = told && isQuestion(told.answer) ? told : null;
  /** What a link filled in leads straight on, and waits for the tap. */
  const ready = linked && told && !question && told.typed === typed.trim() ? told : null;
  useEffect(() => {
    if (!linked) return;
    setTyped(linked.text);
    setAsked(linked.answer ? { typed: linked.text, answer: linked.answer } : null);
  }, [linked]);
  /** What stands in the box was heard, though perhaps mended by hand. */
  const spoken = useRef(false);
  const box = useRef<HTMLInputElement>(null);
  const type = (text: string) => {
    setTyped(text);
    if (text === "") spoken.current = false;
  };
  const heard = (words: string) => {
    spoken.current = true;
    setTyped(`${typed} ${words}`.trim());
    box.current?.focus();
  };
  const ask = async (text: string) => {
    if (text === "") return setAsked({ problem: t("code.empty") });
    setAsking(true);
    try {
      const answer = ready ? ready.answer : await app.findCode(text);
      if (answer.outcome === "reference" && answer.about === "prove") app.identity.ask(null);
      if (answer.outcome === "one_time") {
        type(""); // nobody else needs to read it, and no conversation begins with it
        setAsked({ typed: "", answer });
      } else if (isQuestion(answer)) setAsked({ typed: text, answer });
      else if ("conversation" in answer && answer.conversation) await app.goOn(answer.conversation, text);
      else {
        const topic = topicOf(answer);
        const medium = linked?.text === text ? linked.medium : spoken.current ? "voice" : null;
        const way = medium ? { medium } : undefined;
        await begin(topic ? "code" : "person", topic?.code, text, orderIn(answer), way);
      }
    } catch (error) {
      setAsked({ problem: error instanceof Refused ? error.message : t("start.unreachable") });
    } finally {
      setAsking(false);
    }
  };
  const { customer, standing } = app.store.state;
  const proved = customer?.proved ? "account" : (standing?.orders.join() ?? "");
  const before = useRef(proved);
  useEffect(() => {
    const isNew = proved !== "" && proved !== before.current;
    before.current = proved;
    const waits = question?.answer.outcome === "reference" && question.answer.about === "prove";
    if (isNew && waits) void ask(question.typed); // that was what the answer had been waiting for
  }, [proved]);
  const { ended } = app.store.state;
  useEffect(() => {
    if (ended === null) return;
    app.store.patch({ ended: null });
    setTyped(ended);
    void ask(ended);
  }, [ended]);
  const named = question ? topicsIn(question.answer) : [];
  const offered = ready ? [] : named.length > 0 ? named : topics;
  const about = question?.answer.outcome === "reference" ? question.answer : null;
  return (
    <section class="code" aria-labelledby="code-title">
      <h2 id="code-title">{t("code.title")}</h2>
      <p id="code-hint" class="quiet">
        {t("code.hint")}
      </p>
      <form
        class="code-form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask(typed.trim());
        }}
      >
        <input
          ref={box}
          value={typed}
          aria-labelledby="code-title"
          aria-describedby="code-hint code-answer"
          placeholder={topics[0] && t("code.placeholder", { code: topics[0].code, name: topics[0].name })}
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          enterkeyhint="go"
          onInput={(event) => type(event.currentTarget.value)}
        />
        <Voice app={app} heard={heard} />
        <button type="submit" class="action" disabled={busy || asking}>
          {asking ? t("code.asking") : t("code.go")}
        </button>
      </form>
      <div id="code-answer" role="alert">
        {ready ? (
          <p class="code-answer code-ready">
            {t("code.ready", { name: topicOf(ready.answer)?.name ?? ready.typed })}
          </p>
        ) : (
          <Answer
            asked={told ? question : asked}
            person={() => void begin("person", undefined, typed.trim())}
            over={(own) => (
              <Proving
                app={app}
                state={app.store.state}
                order={null}
                over={{ own, again: () => ask(typed.trim()) }}
              />
            )}
          />
        )}
      </div>
      {about?.orders && about.orders.length > 1 && (
        <ul class="own-orders">
          {about.orders.map((order) => (
            <li key={order.number}>
              <OwnOrder
                order={order}
                busy={busy}
                choose={() => void begin("code", about.topic.code, question?.typed, order.number)}
              />
            </li>
          ))}
        </ul>
      )}
      <ul class="topics">
        {offered.map((topic) => (
          <li key={topic.code}>
            <TopicEntrance
              topic={topic}
              resting={resting.includes(topic.code)}
              busy={busy}
              choose={() => void begin("code", topic.code, question?.typed)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function isQuestion(answer: CodeAnswer): boolean {
  switch (answer.outcome) {
    case "matched":
    case "person":
      return false;
    case "minted":
      return answer.standing === "not_yours" || (answer.own !== undefined && answer.own.state !== "live");
    case "reference":
      return answer.about !== "one" && answer.about !== "unanswered";
    default:
      return true;
  }
}

/** The order that the answer found among the customer's own. */
function orderIn(answer: CodeAnswer): string | undefined {
  if (answer.outcome === "minted") return answer.own?.order_number ?? undefined;
  return answer.outcome === "reference" ? answer.orders?.[0]?.number : undefined;
}

function topicOf(answer: CodeAnswer): TopicButton | undefined {
  return "topic" in answer ? answer.topic : undefined;
}

/** What an answer names; one that lists all there are adds nothing to what stands here. */
function topicsIn(answer: CodeAnswer): TopicButton[] {
  if (answer.outcome === "reference") return [answer.topic];
  return answer.outcome === "ambiguous" || answer.outcome === "expired" ? (answer.topics ?? []) : [];
}

interface AnswerProps {
  asked: Asked;
  person: () => void;
  /** One's own that is not good now, in words. */
  over: (own: OwnCode) => ComponentChild;
}

function Answer({ asked, person, over }: AnswerProps) {
  if (!asked) return null;
  if ("problem" in asked) return <p class="field-problem">{asked.problem}</p>;
  const { answer } = asked;
  const own = "own" in answer ? answer.own : null;
  return (
    <div class="code-answer">
      {own ? over(own) : <p>{worded(asked.typed, answer)}</p>}
      <button type="button" class="small-action" onClick={person}>
        {t(answer.outcome === "ambiguous" ? "code.none_of_these" : "code.person_instead")}
      </button>
    </div>
  );
}

function worded(typed: string, answer: Question): string {
  switch (answer.outcome) {
    case "ambiguous": {
      const [first, second] = answer.topics;
      return second || !first ? t("code.ambiguous") : t("code.ambiguous_one", { name: first.name });
    }
    case "expired": {
      const { code, name } = answer.topic;
      const over = t("code.expired", { code, name });
      const [first] = answer.topics ?? [];
      return first ? t("code.expired_instead", { over, name: first.name }) : over;
    }
    case "reference":
      return t(`code.reference_${answer.about}`, { digits: answer.digits });
    case "minted":
      return t("code.minted_not_yours");
    case "misread":
      return t("code.misread");
    case "one_time":
      return t("event.one_time_code_hidden");
    default:
      return t("code.unknown", { typed: typed.length > 20 ? `${typed.slice(0, 20)}…` : typed });
  }
}

function OwnOrder({ order, busy, choose }: { order: OrderChoice; busy: boolean; choose: () => void }) {
  return (
    <button type="button" class="own-order" disabled={busy} onClick={choose}>
      <span>
        <strong>{order.title}</strong>
        <span class="quiet">
          <span class="digits">{order.number}</span> · {dayOf(order.placed_at)} · {order.status_text}
        </span>
      </span>
    </button>
  );
}

interface TopicProps {
  topic: TopicButton;
  resting: boolean;
  busy: boolean;
  choose: () => void;
}

function TopicEntrance({ topic, resting, busy, choose }: TopicProps) {
  return (
    <button type="button" class="topic" disabled={busy} onClick={choose}>
      <span class="topic-icon">
        <TopicIcon icon={topic.icon} />
      </span>
      <span class="topic-name">
        {topic.name}
        {resting && <small class="topic-resting">{t("closed.topic")}</small>}
      </span>
      <span class="topic-code">{topic.code}</span>
    </button>
  );
}
