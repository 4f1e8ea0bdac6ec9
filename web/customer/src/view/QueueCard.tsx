/**
 * The place in the queue, live; or, when nobody is there, that it is so and that nothing is lost.
 */
import type { Waiting } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";

const QUIET_MS = 8_000;

export function QueueCard({ waiting }: { waiting: Waiting | null }) {
  const sentence = waiting ? spoken(waiting) : t("queue.placing");
  const nobody = waiting !== null && waiting.agents_online === 0;
  return (
    <section class={nobody ? "queue nobody" : "queue"} aria-label={t("queue.label")}>
      {waiting && (
        <p class="queue-number">
          <span>{t("queue.number")}</span>
          <strong class="digits">{waiting.number}</strong>
        </p>
      )}
      <div class="queue-words">
        <p class="queue-ahead">{waiting ? headline(waiting) : t("queue.placing")}</p>
        <p class="quiet">{nobody ? t("queue.nobody_hint") : t("queue.hint")}</p>
      </div>
      <Announced sentence={sentence} />
    </section>
  );
}

function headline(waiting: Waiting): string {
  if (waiting.agents_online === 0) return t("queue.nobody");
  return waiting.ahead === 0 ? t("queue.next") : t("queue.ahead", { ahead: waiting.ahead });
}

function spoken(waiting: Waiting): string {
  return `${t("queue.number")} ${waiting.number}. ${headline(waiting)}`;
}

/** For those who listen: every change, but not one on top of another. */
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
