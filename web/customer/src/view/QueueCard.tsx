/**
 * The place in the queue, live, as one calm sentence; or, when nobody is there, that it is so and that nothing is lost.
 */
import type { Waiting } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";
import { expected } from "./expected";

const QUIET_MS = 30_000;

export function QueueCard({ waiting }: { waiting: Waiting | null }) {
  if (waiting === null)
    return (
      <section class="queue" aria-label={t("queue.label")}>
        <p class="queue-ahead" role="status">
          {t("queue.placing")}
        </p>
      </section>
    );
  const nobody = waiting.agents_online === 0;
  const word = waiting.estimate?.word;
  const number = t("queue.number", { number: waiting.number });
  return (
    <section class={nobody ? "queue nobody" : "queue"} aria-label={t("queue.label")}>
      <p class="queue-ahead">{headline(waiting)}</p>
      {word && <p class="queue-word">{t(`queue.word_${word}`)}</p>}
      <p class="queue-hint">
        <span class="digits">{number}</span>
        <span class="quiet">{nobody ? t("queue.nobody_hint") : t("queue.hint")}</span>
      </p>
      <Announced
        sentence={[number, headline(waiting), word ? t(`queue.word_${word}`) : ""].join(" ").trim()}
      />
    </section>
  );
}

function headline(waiting: Waiting): string {
  if (waiting.agents_online === 0) return t("queue.nobody");
  const place = waiting.ahead === 0 ? t("queue.next") : t("queue.ahead", { ahead: waiting.ahead });
  return waiting.estimate ? t("queue.place_and_wait", { place, wait: expected(waiting.estimate) }) : place;
}

/** For those who listen: what is new, but not every step of a queue that moves. */
function Announced({ sentence }: { sentence: string }) {
  const [said, say] = useState(sentence);
  const saidAt = useRef(Date.now());
  useEffect(() => {
    if (sentence === said) return;
    const wait = Math.max(0, saidAt.current + QUIET_MS - Date.now());
    const timer = setTimeout(() => {
      saidAt.current = Date.now();
      say(sentence);
    }, wait);
    return () => clearTimeout(timer);
  }, [sentence, said]);
  return (
    <p class="hidden" role="status">
      {said}
    </p>
  );
}
