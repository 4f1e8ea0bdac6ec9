/**
 * The place in the queue, live, as one calm sentence; that nobody is there, and that nothing is lost; or, where a
 * message was left, that one need not stay.
 *
 * Where the wait is long or has no end in sight, leaving a message is offered here; the question before leaving
 * offers it to everybody.
 */
import type { Waiting } from "@mashang/protocol";
import { ticket } from "@mashang/protocol/ticket";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";
import { ClosedCard, useClosed } from "./ClosedCard";
import { expected } from "./expected";

const QUIET_MS = 30_000;
const SAID_MS = 5_000;
const LONG_MINUTES = 10;

interface Props {
  waiting: Waiting | null;
  /** The customer has written something. */
  said: boolean;
  leaveMessage: () => void;
  comeBack: () => void;
}

export function QueueCard({ waiting, said, leaveMessage, comeBack }: Props) {
  const closed = useClosed(waiting?.closed);
  if (waiting?.is_message) return <MessageCard waiting={waiting} said={said} comeBack={comeBack} />;
  if (waiting === null)
    return (
      <section class="queue" aria-label={t("queue.label")}>
        <p class="queue-ahead" role="status">
          {t("queue.placing")}
        </p>
      </section>
    );
  if (closed) return <ClosedCard closed={closed} number={waiting.number} leaveMessage={leaveMessage} />;
  const nobody = waiting.agents_online === 0;
  const word = waiting.estimate?.word;
  const number = t("queue.number", { number: ticket(waiting.number) });
  return (
    <section class={nobody ? "queue nobody" : "queue"} aria-label={t("queue.label")}>
      <p class="queue-ahead">{headline(waiting)}</p>
      {word && <p class="queue-word">{t(`queue.word_${word}`)}</p>}
      <p class="queue-hint">
        <span class="digits">{number}</span>
        <span class="quiet">{nobody ? t("queue.nobody_hint") : t("queue.hint")}</span>
      </p>
      {(nobody || (waiting.estimate?.high_minutes ?? 0) >= LONG_MINUTES) && (
        <button type="button" class="small-action queue-action" onClick={leaveMessage}>
          {t("message.leave")}
        </button>
      )}
      <Announced
        urgent={waiting.ahead === 0}
        sentence={[number, headline(waiting), word ? t(`queue.word_${word}`) : ""].join(" ").trim()}
      />
    </section>
  );
}

function MessageCard({ waiting, said, comeBack }: { waiting: Waiting; said: boolean; comeBack: () => void }) {
  return (
    <section class="queue" aria-label={t("queue.label")}>
      <div role="status">
        <p class="queue-ahead">{t(said ? "message.kept" : "message.write")}</p>
        <p class="quiet">{t(waiting.agents_online === 0 ? "message.hint_nobody" : "message.hint")}</p>
      </div>
      <button type="button" class="small-action queue-action" onClick={comeBack}>
        {t("message.come_back")}
      </button>
    </section>
  );
}
function headline(waiting: Waiting): string {
  if (waiting.agents_online === 0) return t("queue.nobody");
  const place = waiting.ahead === 0 ? t("queue.next") : t("queue.ahead", { ahead: waiting.ahead });
  return waiting.estimate ? t("queue.place_and_wait", { place, wait: expected(waiting.estimate) }) : place;
}

/** For those who listen: what is new, but not every step of a queue; that one is next, at once. Said, it is gone. */
function Announced({ sentence, urgent }: { sentence: string; urgent: boolean }) {
  const [said, say] = useState("");
  const last = useRef({ sentence: "", at: 0 });
  useEffect(() => {
    const { current } = last;
    say("");
    if (sentence === current.sentence) return;
    let timer = setTimeout(
      () => {
        last.current = { sentence, at: Date.now() };
        say(sentence);
        timer = setTimeout(() => say(""), SAID_MS);
      },
      urgent ? 0 : Math.max(0, current.at + QUIET_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [sentence, urgent]);
  return (
    <p class="hidden" role="status">
      {said}
    </p>
  );
}
