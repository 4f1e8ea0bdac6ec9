/**
 * The conversation as text: to read, to copy, and to save where the browser saves files.
 */
import type { CustomerConversation } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { copy, savesFiles, saveText } from "../model/saving";
import { t } from "../words";
import { more } from "./more_words";
import { Sheet } from "./Sheet";

interface Props {
  app: App;
  conversation: CustomerConversation;
  close: () => void;
}

export function TranscriptSheet({ app, conversation, close }: Props) {
  const { text, problem, load } = useTranscript(app, conversation.id);
  const [told, tell] = useState<"save.copied" | "save.copy_yourself" | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const saves = savesFiles();
  const copyAll = async () =>
    tell((await copy(text ?? "", field.current)) ? "save.copied" : "save.copy_yourself");
  return (
    <Sheet title={more("more.save")} close={close}>
      {problem && (
        <p class="problem" role="alert">
          {problem}{" "}
          <button type="button" class="small-action" onClick={load}>
            {t("retry")}
          </button>
        </p>
      )}
      {text === null && !problem && <p role="status">{more("more.loading")}</p>}
      {text !== null && (
        <>
          {!saves && <p class="quiet">{more("save.hint")}</p>}
          <textarea class="transcript" ref={field} readOnly aria-label={more("save.label")} value={text} />
          <p class="quiet" role="status">
            {told && more(told)}
          </p>
          <div class="pair">
            <button
              type="button"
              class={saves ? "action quiet-action" : "action"}
              onClick={() => void copyAll()}
            >
              {more("save.copy")}
            </button>
            {saves && (
              <button type="button" class="action" onClick={() => saveText(text, nameOf(conversation))}>
                {more("save.do")}
              </button>
            )}
          </div>
        </>
      )}
    </Sheet>
  );
}

function nameOf({ opened_at, topic }: CustomerConversation): string {
  const opened = new Date(opened_at);
  const day = [opened.getFullYear(), opened.getMonth() + 1, opened.getDate()];
  const about = (topic?.name ?? t("start.person")).replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40);
  return `${about}-${day.map((part) => String(part).padStart(2, "0")).join("-")}.txt`;
}

function useTranscript(app: App, conversation: string) {
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = () => {
    setProblem(null);
    app.api
      .transcript(conversation)
      .then(setText, (error: Error) =>
        setProblem(error instanceof Refused ? error.message : t("start.unreachable")),
      );
  };
  useEffect(load, [conversation]);
  return { text, problem, load };
}
