/**
 * What keeps many customers waiting, or will soon: its title, until when, and its text folded under both.
 *
 * Each is put away for good by whoever has read it. It goes by itself when its time is over, and what was announced is
 * simply there when it starts.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { App } from "../model/app";
import { Drawer } from "../model/secrets";
import type { Incident, State } from "../model/state";
import { Icon } from "./Icon";
import { announcing } from "./incident_words";
import { comingDay, sameDay, timeOf } from "./moments";

const LOOK_AGAIN_MS = 20_000;
const AT_ONCE = 2;
const MOST_REMEMBERED = 50;
const drawer = new Drawer(() => localStorage);

export function Incidents({ app, state }: { app: App; state: State }) {
  const [all, showAll] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const [away, putAway] = useAway(app, state.customer?.id ?? "");
  const now = useNow(state);
  const shown = state.incidents.filter(
    ({ id, ends_at }) => !away.includes(id) && !(ends_at && Date.parse(ends_at) <= now),
  );
  const dismiss = (id: string) => {
    putAway(id);
    requestAnimationFrame(() =>
      (list.current?.querySelector("button") ?? document.querySelector("h1"))?.focus({ preventScroll: true }),
    );
  };
  if (shown.length === 0) return null;
  const seen = all ? shown : shown.slice(0, AT_ONCE);
  return (
    <section class="incidents" aria-label={announcing("label")}>
      <ul ref={list}>
        {seen.map((one) => (
          <li key={one.id}>
            <Words incident={one} announced={Date.parse(one.starts_at) > now} />
            <button type="button" class="round" onClick={() => dismiss(one.id)}>
              <Icon name="close" size={18} />
              <span class="hidden">{announcing("dismiss", { title: one.title })}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length > seen.length && (
        <button type="button" class="small-action" onClick={() => showAll(true)}>
          {announcing("more", { count: shown.length - seen.length })}
        </button>
      )}
    </section>
  );
}

function Words({ incident, announced }: { incident: Incident; announced: boolean }) {
  const { title, text } = incident;
  const head = (
    <span class="incident-head">
      <strong dir="auto">
        <span class="incident-kind">{announcing(announced ? "announced" : "now")}</span>
        {title}
      </strong>
      <span class="incident-when">{whenOf(incident)}</span>
    </span>
  );
  if (!text) return <div class="incident">{head}</div>;
  return (
    <details class="incident">
      <summary>
        {head}
        <Icon name="fold" size={18} />
      </summary>
      <p dir="auto">{text}</p>
    </details>
  );
}

/** In the customer's own time; a day is said again where it is another. */
function whenOf({ starts_at, ends_at }: Incident): string {
  const said = { day: comingDay(starts_at), from: timeOf(starts_at) };
  if (!ends_at) return announcing("since", said);
  const until = sameDay(starts_at, ends_at) ? timeOf(ends_at) : `${comingDay(ends_at)} ${timeOf(ends_at)}`;
  return announcing("span", { ...said, until });
}

/** The server's clock, looked at now and then. */
function useNow(state: State): number {
  const [, look] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => look(Date.now()), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return Date.now() + state.ahead;
}

/** What this visitor has put away in this browser. */
function useAway(app: App, customer: string): [string[], (id: string) => void] {
  const key = `mashang:${app.siteKey}:read:${customer}`;
  const [away, set] = useState(() => drawer.get(key)?.split(" ") ?? []);
  return [
    away,
    (id) => {
      const now = [...away, id].slice(-MOST_REMEMBERED);
      set(now);
      drawer.set(key, now.join(" "));
    },
  ];
}
