/** For those who listen: what comes in, politely, once, and without what is only older. */
import type { Entry } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { MOST_READ_OUT, newsIn } from "../model/news";
import type { Talk } from "../model/state";
import { t } from "../words";
import { happened } from "./EventLine";

const KEPT = 4;

export function News({ talk }: { talk: Talk }) {
  const told = useRef<number | null>(null);
  const [lines, setLines] = useState<{ key: number; text: string }[]>([]);
  const last = talk.entries[talk.entries.length - 1]?.seq;
  useEffect(() => {
    if (last === undefined || talk.loading === "first") return;
    const news = told.current === null ? [] : newsIn(talk.entries, told.current);
    told.current = Math.max(last, told.current ?? 0);
    const text = news.length > MOST_READ_OUT ? t("unread.count", { count: news.length }) : read(news);
    if (text) setLines((held) => [...held, { key: last, text }].slice(-KEPT));
  }, [last, talk.loading]);
  return (
    <div class="hidden" aria-live="polite" aria-atomic="false">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}

function read(news: Entry[]): string {
  return news.map(worded).filter(Boolean).join("\n");
}

function worded(entry: Entry): string {
  if (entry.event) return happened(entry.event) ?? "";
  const { author, file } = entry;
  const name = author.name ?? t(author.kind === "assistant" ? "assistant" : "author.staff");
  const text = file ? (file.picture ? t("picture.alt", { name: file.name }) : file.name) : (entry.text ?? "");
  const offered = entry.assistant?.options?.map(({ label }) => `\n${label}`).join("") ?? "";
  return t("news.said", { name, text: text + offered });
}
