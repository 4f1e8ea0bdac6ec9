/**
 * The code box: a short code or a few words, or one of the topics below it.
 *
 * A code that is found leads straight on, a slip that can mean one thing too. Anything else is never the customer's
 * fault: what was typed stays, at most three topics are asked about (or all are offered), and a person is one tap away.
 */
import type { CodeAnswer, TopicButton } from "@mashang/protocol";
import { useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { t } from "../words";
import { TopicIcon } from "./Icon";
import type { Begin } from "./StartPage";

interface Props {
  app: App;
  topics: TopicButton[];
  begin: Begin;
  busy: boolean;
}

/** What has to be asked; every other answer leads straight on. */
type Question = Extract<CodeAnswer, { outcome: "ambiguous" | "expired" | "unknown" }>;
type Asked = { typed: string; answer: Question } | { problem: string } | null;

export function CodeBox({ app, topics, begin, busy }: Props) {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState<Asked>(null);
  const [asking, setAsking] = useState(false);
  const ask = async (event: Event) => {
    event.preventDefault();
    const text = typed.trim();
    if (text === "") return setAsked({ problem: t("code.empty") });
    setAsking(true);
    try {
      const answer = await app.findCode(text);
      if (isQuestion(answer)) setAsked({ typed: text, answer });
      else await begin(answer.topic ? "code" : "person", answer.topic?.code, text);
    } catch (error) {
      setAsked({ problem: error instanceof Refused ? error.message : t("start.unreachable") });
    } finally {
      setAsking(false);
    }
  };
  const question = asked && "answer" in asked ? asked : null;
  const offered = question?.answer.topics?.length ? question.answer.topics : topics;
  return (
    <section class="code" aria-labelledby="code-title">
      <h2 id="code-title">{t("code.title")}</h2>
      <p id="code-hint" class="quiet">
        {t("code.hint")}
      </p>
      <form class="code-form" onSubmit={ask}>
        <input
          value={typed}
          aria-labelledby="code-title"
          aria-describedby="code-hint code-answer"
          placeholder={topics[0] && t("code.placeholder", { code: topics[0].code, name: topics[0].name })}
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          enterkeyhint="go"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="action" disabled={busy || asking}>
          {asking ? t("code.asking") : t("code.go")}
        </button>
      </form>
      <div id="code-answer" role="alert">
        <Answer asked={asked} person={() => void begin("person", undefined, typed.trim())} />
      </div>
      <ul class="topics">
        {offered.map((topic) => (
          <li key={topic.code}>
            <TopicEntrance
              topic={topic}
              busy={busy}
              choose={() => void begin("code", topic.code, question?.typed)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function isQuestion(answer: CodeAnswer): answer is Question {
  return answer.outcome === "ambiguous" || answer.outcome === "expired" || answer.outcome === "unknown";
}

function Answer({ asked, person }: { asked: Asked; person: () => void }) {
  if (!asked) return null;
  if ("problem" in asked) return <p class="field-problem">{asked.problem}</p>;
  const { answer } = asked;
  return (
    <div class="code-answer">
      <p>{worded(asked.typed, answer)}</p>
      <button type="button" class="small-action" onClick={person}>
        {t(answer.outcome === "ambiguous" ? "code.none_of_these" : "code.person_instead")}
      </button>
    </div>
  );
}

function worded(typed: string, answer: Question): string {
  const [first, second] = answer.topics ?? [];
  switch (answer.outcome) {
    case "ambiguous":
      return second || !first ? t("code.ambiguous") : t("code.ambiguous_one", { name: first.name });
    case "expired": {
      const { code, name } = answer.topic;
      const over = t("code.expired", { code, name });
      return first ? t("code.expired_instead", { over, name: first.name }) : over;
    }
    default:
      return t("code.unknown", { typed: typed.length > 20 ? `${typed.slice(0, 20)}…` : typed });
  }
}

function TopicEntrance({ topic, busy, choose }: { topic: TopicButton; busy: boolean; choose: () => void }) {
  return (
    <button type="button" class="topic" disabled={busy} onClick={choose}>
      <span class="topic-icon">
        <TopicIcon icon={topic.icon} />
      </span>
      <span class="topic-name">{topic.name}</span>
      <span class="topic-code">{topic.code}</span>
    </button>
  );
}
