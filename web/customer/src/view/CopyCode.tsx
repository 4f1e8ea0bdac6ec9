/**
 * A code, and one tap to copy it, with a result that is seen, read out and moves nothing.
 *
 * It stands on the first page and in conversations, so its few words are its own.
 *
 * Where the browser copies nothing (old web views, plain http) the code is left selected, to be copied by hand.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import "../styles/copy.css";
import words from "../catalogue/copy.json";
import { copy } from "../model/saving";
import { locale } from "../words";

const SEEN_MS = 3_000;
const SHEETS = "M8.5 8.5V4.5h11v11h-4M4.5 8.5h11v11h-11z";
const TICK = "m5 12.5 4.5 4.5L19 7.5";

export function CopyCode({ code }: { code: string }) {
  const [result, setResult] = useState<"copied" | "by_hand" | null>(null);
  const said = useRef<HTMLElement>(null);
  useEffect(() => {
    if (result !== "copied") return;
    const timer = setTimeout(() => setResult(null), SEEN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const told = words[locale()];
  const press = async () => {
    setResult(null);
    const done = await copy(code);
    if (!done && said.current) getSelection()?.selectAllChildren(said.current);
    setResult(done ? "copied" : "by_hand");
  };
  return (
    <span class="copy-code">
      <strong class="digits" ref={said}>
        {code}
      </strong>
      <button type="button" onClick={() => void press()}>
        <svg class="icon" width="18" height="18" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path d={result === "copied" ? TICK : SHEETS} />
        </svg>
        <span class="hidden">
          {told.copy} {code}
        </span>
      </button>
      <span role="status">{result && told[result]}</span>
    </span>
  );
}
