/**
 * Hearing what somebody says, in one of two ways: by the browser's own recogniser, or as a recording that our server
 * has turned into text. Whatever happens ends in exactly one `heard` or `problem`, and the microphone is off then.
 *
 * A recogniser is asked to work on the device where it says that it can (`available`, `processLocally`); older ones
 * know neither and decide for themselves where.
 */
import type { Locale, VoiceWay } from "@mashang/protocol";
import words from "../catalogue/voice.json";

export type Problem = "refused" | "no_microphone" | "nothing" | "service" | "unreachable";

export interface Ear {
  /** It is heard now; `local`: nothing leaves the device. */
  listening(local: boolean): void;
  /** What is understood so far. */
  soFar(text: string): void;
  working(): void;
  heard(text: string): void;
  /** A sentence of the server's own, or one of our problems. */
  problem(why: Problem | { text: string }): void;
}

export interface Hearing {
  /** Everything was said. */
  done(): void;
  /** Forget it: nothing more is told. */
  cancel(): void;
}

/** The longest that is listened to. */
export const LONGEST_MS = 30_000;
/** A recogniser that does not end by itself when it was told to. */
const ENDS_WITHIN_MS = 5_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const BITS_A_SECOND = 32_000;

interface Recogniser {
  lang: string;
  interimResults: boolean;
  processLocally?: boolean;
  start(): void;
  stop(): void;
  abort(): void;
  onstart: (() => void) | null;
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
}

interface RecogniserClass {
  new (): Recogniser;
  available?(options: { langs: string[]; processLocally: boolean }): Promise<string>;
}

function recogniserClass(): RecogniserClass | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = window as unknown as Record<string, RecogniserClass>;
  return SpeechRecognition ?? webkitSpeechRecognition;
}

/** The first of these ways that this browser, and the page around us, have for us. */
export function wayHere(ways: readonly VoiceWay[]): VoiceWay | undefined {
  const { featurePolicy } = document as { featurePolicy?: { allowsFeature(name: string): boolean } };
  if (!window.isSecureContext || featurePolicy?.allowsFeature("microphone") === false) return undefined;
  return ways.find((way) =>
    way === "recogniser"
      ? recogniserClass()
      : "MediaRecorder" in window && typeof navigator.mediaDevices?.getUserMedia === "function",
  );
}

const PROBLEMS: Record<string, Problem> = {
  "not-allowed": "refused",
  "audio-capture": "no_microphone",
  "no-speech": "nothing",
  network: "service",
  "service-not-allowed": "service",
  "language-not-supported": "service",
};

const DIGITS: Record<string, string> = words.digits;
const ONE_DIGIT = new RegExp(`[${Object.keys(DIGITS).join("")}]`, "g");
const SIGNS = "\\s,.\\u3001\\u3002\\uff0c\\-";
const READ_OUT = new RegExp(`^(?=.*[A-Za-z])[A-Za-z0-9${SIGNS}${Object.keys(DIGITS).join("")}]+$`);
const ENDING = new RegExp(`[${SIGNS}]+$`);

/** A code that was read out is written as codes are: its digits are digits, and no full stop is behind it. */
export function written(heard: string): string {
  const text = heard.trim();
  if (!READ_OUT.test(text)) return text;
  return text.replace(ONE_DIGIT, (digit) => DIGITS[digit] ?? digit).replace(ENDING, "");
}

export function recognise(locale: Locale, ear: Ear): Hearing {
  const Recognition = recogniserClass() as RecogniserClass;
  const lang = locale === "en" ? "en-US" : "zh-CN";
  let recogniser: Recogniser | null = null;
  let said = "";
  let ended = false;
  const end = (tell: () => void) => {
    if (ended) return;
    ended = true;
    clearTimeout(longest);
    clearTimeout(last);
    tell();
  };
  const finish = () => end(() => (said ? ear.heard(written(said)) : ear.problem("nothing")));
  let last: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    if (ended) return;
    recogniser?.stop();
    last = setTimeout(() => {
      finish();
      recogniser?.abort();
    }, ENDS_WITHIN_MS);
  };
  const longest = setTimeout(stop, LONGEST_MS);
  const start = (local: boolean) => {
    if (ended) return;
    const one = new Recognition();
    recogniser = one;
    one.lang = lang;
    one.interimResults = true;
    if (local) one.processLocally = true;
    one.onstart = () => ear.listening(local);
    one.onresult = ({ results }) => {
      said = Array.from(results, (result) => result[0]?.transcript ?? "")
        .join("")
        .trim();
      if (!ended) ear.soFar(said);
    };
    one.onerror = ({ error }) => {
      if (said) finish();
      else end(() => ear.problem(PROBLEMS[error] ?? "nothing"));
    };
    one.onend = finish;
    try {
      one.start();
    } catch {
      end(() => ear.problem("service"));
    }
  };
  const asked = Recognition.available?.({ langs: [lang], processLocally: true });
  if (asked)
    asked.then(
      (answer) => start(answer === "available"),
      () => start(false),
    );
  else start(false);
  return {
    done: stop,
    cancel: () =>
      end(() => {
        recogniser?.abort();
      }),
  };
}

/** `send` turns a recording into text, or throws. */
export function record(
  send: (sound: Blob, cancelled: AbortSignal) => Promise<string>,
  ear: Ear,
  whyNot: (error: unknown) => Problem | { text: string },
): Hearing {
  const cancelled = new AbortController();
  let stream: MediaStream | null = null;
  let recorder: MediaRecorder | null = null;
  let longest: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(longest);
    if (recorder?.state === "recording") recorder.stop();
  };
  const isOver = () => cancelled.signal.aborted;
  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  const begin = async () => {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    if (isOver()) return close();
    const parts: Blob[] = [];
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported?.(kind));
    const one = new MediaRecorder(stream, {
      audioBitsPerSecond: BITS_A_SECOND,
      ...(mimeType ? { mimeType } : {}),
    });
    recorder = one;
    one.ondataavailable = ({ data }) => parts.push(data);
    one.onerror = () => {
      close();
      if (!isOver()) ear.problem("no_microphone");
      cancelled.abort();
    };
    one.onstop = () => {
      close();
      if (!isOver()) void told(new Blob(parts, { type: one.mimeType }));
    };
    one.start();
    longest = setTimeout(stop, LONGEST_MS);
    ear.listening(false);
  };
  const told = async (sound: Blob) => {
    ear.working();
    try {
      const text = await send(sound, cancelled.signal);
      if (isOver()) return;
      if (text) ear.heard(written(text));
      else ear.problem("nothing");
    } catch (error) {
      if (!isOver()) ear.problem(whyNot(error));
    }
  };
  begin().catch((error: unknown) => {
    close(); // it may have come, and only the recorder not
    if (isOver()) return;
    const name = error instanceof Error || error instanceof DOMException ? error.name : "";
    ear.problem(name === "NotAllowedError" || name === "SecurityError" ? "refused" : "no_microphone");
  });
  return {
    done: stop,
    cancel: () => {
      cancelled.abort();
      stop();
    },
  };
}
