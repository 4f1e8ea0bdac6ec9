/**
 * The code box: a short code or a few words, or one of the topics below it.
 *
 * A code that is found leads straight on. One that is not found is never the customer's fault: what was typed stays,
 * the nearest topics are offered, and a person is one tap away.
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

type Asked =
  | { typed: string; answer: Exclude<CodeAnswer, { outcome: "matched" }> }
  | { problem: string }
  | null;

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
      if (answer.outcome === "matched") await begin("code", answer.topic.code, text);
      else setAsked({ typed: text, answer });
    } catch (error) {
      setAsked({ problem: error instanceof Refused ? error.message : t("start.unreachable") });
    } finally {
      setAsking(false);
    }
  };
  const offered = asked && "answer" in asked && asked.answer.topics.length > 0 ? asked.answer.topics : topics;
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
            <TopicEntrance topic={topic} busy={busy} choose={() => void begin("code", topic.code)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Answer({ asked, person }: { asked: Asked; person: () => void }) {
  if (!asked) return null;
  if ("problem" in asked) return <p class="field-problem">{asked.problem}</p>;
  const typed = asked.typed.length > 20 ? `${asked.typed.slice(0, 20)}…` : asked.typed;
  return (
    <div class="code-answer">
      <p>{asked.answer.outcome === "ambiguous" ? t("code.ambiguous") : t("code.unknown", { typed })}</p>
      <button type="button" class="small-action" onClick={person}>
        {t("code.person_instead")}
      </button>
    </div>
  );
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
