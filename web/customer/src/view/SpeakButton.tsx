/**
 * The microphone beside a box, and what is heard while it is on.
 *
 * What was heard goes into the box as text and never further by itself. Everything that can go wrong ends in one
 * sentence with a way to say it again; what stands in the box is never touched by it.
 */
import type { VoiceWay } from "@mashang/protocol";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused, refusalIn, Unreachable } from "../model/api";
import type { App } from "../model/app";
import {
  type Ear,
  type Hearing,
  LONGEST_MS,
  type Problem,
  recognise,
  record,
  wayHere,
} from "../model/hearing";
import { spoken, type VoiceSentence } from "./voice_words";

type At =
  | { step: "starting" | "working" }
  | { step: "listening"; note: VoiceSentence; text: string; since: number }
  | { step: "problem"; text: string; other: VoiceWay | undefined };

export function SpeakButton({ app, heard }: { app: App; heard: (text: string) => void }) {
  const { voice, locale, visible } = app.store.state;
  const [at, setAt] = useState<At | null>(null);
  const [told, tell] = useState("");
  const hearing = useRef<Hearing | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const way = wayHere(voice);
  const close = () => {
    hearing.current?.cancel();
    hearing.current = null;
    setAt(null);
  };
  const dismiss = () => {
    close();
    button.current?.focus();
  };
  const begin = (chosen: VoiceWay) => {
    hearing.current?.cancel();
    tell("");
    setAt({ step: "starting" });
    const ear = earOf(chosen);
    hearing.current =
      chosen === "recogniser"
        ? recognise(locale, ear)
        : record((sound, end) => sent(app, sound, end), ear, whyNot);
  };
  const earOf = (chosen: VoiceWay): Ear => ({
    listening: (local) => {
      const note = chosen === "recording" ? "recorded" : local ? "recognised_here" : "recognised";
      setAt({ step: "listening", note, text: "", since: Date.now() });
    },
    soFar: (text) => setAt((now) => (now?.step === "listening" ? { ...now, text } : now)),
    working: () => setAt({ step: "working" }),
    heard: (text) => {
      setAt(null);
      tell(spoken("heard"));
      heard(text);
    },
    problem: (why) => {
      const text = typeof why === "string" ? spoken(why) : why.text;
      setAt({ step: "problem", text, other: why === "service" ? otherWay(voice, chosen) : chosen });
    },
  });
  useEffect(() => close, []);
  useEffect(() => {
    const hidden = () => document.visibilityState === "hidden" && close();
    document.addEventListener("visibilitychange", hidden);
    if (!visible) close();
    return () => document.removeEventListener("visibilitychange", hidden);
  }, [visible]);
  if (!way) return null;
  return (
    <>
      <button
        type="button"
        class="round speak"
        ref={button}
        aria-expanded={at !== null}
        title={spoken("label")}
        onClick={() => (at ? dismiss() : begin(way))}
      >
        <svg class="icon" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path d="M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21M8.5 21h7" />
        </svg>
        <span class="hidden">{spoken("label")}</span>
      </button>
      <span class="hidden" role="status">
        {told}
      </span>
      {at && <Panel at={at} done={() => hearing.current?.done()} again={begin} close={dismiss} />}
    </>
  );
}

interface PanelProps {
  at: At;
  done: () => void;
  again: (way: VoiceWay) => void;
  close: () => void;
}

function Panel({ at, done, again, close }: PanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  const problem = at.step === "problem" ? at : null;
  const listening = at.step === "listening" ? at : null;
  useEffect(() => panel.current?.querySelector("button")?.focus({ preventScroll: true }), [at.step]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex box in the older browsers
    <div
      class={`speak-panel ${at.step}`}
      role="group"
      aria-label={spoken("label")}
      ref={panel}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      {problem ? (
        <p class="field-problem" role="alert">
          {problem.text}
        </p>
      ) : (
        <p class="speak-words">
          {listening && <i class="speak-pulse" aria-hidden="true" />}
          <span role="status">
            {spoken(listening ? "listening" : at.step === "working" ? "working" : "label")}
          </span>
          {listening && <Left since={listening.since} />}
        </p>
      )}
      {listening && (
        <p class="speak-heard" dir="auto">
          {listening.text || <span class="quiet">{spoken(listening.note)}</span>}
        </p>
      )}
      <p class="speak-ways">
        {listening && (
          <button type="button" class="action" onClick={done}>
            {spoken("done")}
          </button>
        )}
        {problem?.other && (
          <button type="button" class="small-action" onClick={() => problem.other && again(problem.other)}>
            {spoken("again")}
          </button>
        )}
        <button type="button" class="small-action" onClick={close}>
          {spoken(problem ? "close" : "cancel")}
        </button>
      </p>
    </div>
  );
}

/** Seconds that are left; not read out. */
function Left({ since }: { since: number }) {
  const [now, tick] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((LONGEST_MS - (now - since)) / 1000));
  return (
    <span class="speak-left" aria-hidden="true">
      {spoken("left", { seconds })}
    </span>
  );
}

function otherWay(ways: readonly VoiceWay[], than: VoiceWay): VoiceWay | undefined {
  return wayHere(ways.filter((way) => way !== than));
}

async function sent(app: App, sound: Blob, cancelled: AbortSignal, again = true): Promise<string> {
  const form = new FormData();
  form.append("file", sound, "voice");
  const giveUp = new AbortController();
  cancelled.addEventListener("abort", () => giveUp.abort());
  const { status, text } = await app.api.exchange("POST", "/customer/voice", form, app.api.session, giveUp);
  if (status === 401 && again) {
    await app.api.renew();
    return sent(app, sound, cancelled, false);
  }
  if (status >= 300) throw refusalIn(status, text);
  return (JSON.parse(text) as { text: string }).text;
}

function whyNot(error: unknown): Problem | { text: string } {
  if (error instanceof Refused) return { text: error.message };
  return error instanceof Unreachable ? "unreachable" : "nothing";
}
