/**
 * Going on elsewhere: a code for the phone's camera, the same link to send oneself, and what was continued, to end it.
 */
import type { Continued, ContinueLink } from "@mashang/protocol";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../model/api";
import type { App } from "../model/app";
import { copy } from "../model/saving";
import { t } from "../words";
import { timeOf } from "./moments";
import { more } from "./more_words";
import { Sheet } from "./Sheet";

interface Props {
  app: App;
  /** Which one opens there; null: none, the code box with `code`. */
  conversation: string | null;
  code?: string;
  /** How often it was continued elsewhere, as the timeline says: the list is fetched again when it changes. */
  times: number;
  close: () => void;
  children?: ComponentChildren;
}

export function ContinueSheet({ app, conversation, code, times, close, children }: Props) {
  const [link, setLink] = useState<ContinueLink | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const began = useRef(times);
  const used = times > began.current;
  const make = () => {
    setProblem(null);
    setLink(null);
    began.current = times;
    app.api
      .continueLink(conversation, code)
      .then(setLink, (error: Error) =>
        setProblem(error instanceof Refused ? error.message : t("start.unreachable")),
      );
  };
  useEffect(make, [conversation]);
  return (
    <Sheet title={more("more.continue")} close={close}>
      {problem && (
        <p class="problem" role="alert">
          {problem}{" "}
          <button type="button" class="small-action" onClick={make}>
            {t("retry")}
          </button>
        </p>
      )}
      <p role="status">{used ? more("continue.done") : link || problem ? "" : more("more.loading")}</p>
      {link && !used && (
        <>
          <p>{more("continue.by_picture")}</p>
          <img class="continue-picture" src={link.picture} alt={more("continue.picture")} />
          <p>{more("continue.by_link")}</p>
          <Address url={link.url} label={more("continue.link")} />
          <p class="quiet">{more("continue.once", { time: timeOf(link.expires_at) })}</p>
        </>
      )}
      {(link || used) && (
        <button type="button" class="small-action" onClick={make}>
          {more("continue.remade")}
        </button>
      )}
      {children}
      <Elsewhere app={app} times={times} />
    </Sheet>
  );
}

/** An address to copy. */
export function Address({ url, label }: { url: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  return (
    <div class="continue-link">
      <input ref={field} readOnly value={url} aria-label={label} />
      <button type="button" class="action" onClick={() => void copy(url, field.current).then(setCopied)}>
        {more(copied ? "continue.copied" : "continue.copy")}
      </button>
    </div>
  );
}

function Elsewhere({ app, times }: { app: App; times: number }) {
  const [there, setThere] = useState<Continued[]>([]);
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    app.api.continued().then(setThere, () => undefined); // told again when the sheet is opened again
  }, [times]);
  const end = async (one: Continued) => {
    if (!(await app.attempt(() => app.api.endContinued(one.id)))) return;
    setThere(there.filter((other) => other !== one));
    setEnded(true);
  };
  return (
    <>
      {there.length > 0 && (
        <section class="elsewhere" aria-labelledby="elsewhere">
          <h3 id="elsewhere">{more("continue.elsewhere")}</h3>
          <ul>
            {there.map((one) => (
              <li key={one.id}>
                <span>{more("continue.since", { time: timeOf(one.began_at) })}</span>
                <button type="button" class="small-action" onClick={() => void end(one)}>
                  {more("continue.end")}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="quiet" role="status">
        {ended && more("continue.ended")}
      </p>
    </>
  );
}
