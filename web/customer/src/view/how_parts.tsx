/**
 * What a code is, shown once: typed, understood, and whoever answers knows the order.
 *
 * It stands in nobody's way: it lasts eight seconds, takes no focus, is read out to nobody who did not go there, and
 * any key, tap or word ends it. Whoever asked to see it again keeps it until it is closed. Where the reader wants no
 * motion its three lines stand still.
 */
import "../styles/how.css";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import words from "../catalogue/how.json";
import type { App } from "../model/app";
import { useStore } from "../model/store";
import { Icon } from "./Icon";

const LASTS_MS = 8_000;
const LETTER_S = 0.5;
/** Pressed on the way to something else: whoever walks through the page by keyboard may walk into it. */
const PASSING = ["Tab", "Shift", "Control", "Alt", "Meta"];

export function demonstrate(app: App, again: boolean): void {
  const place = document.createElement("div");
  const before = document.activeElement as HTMLElement | null;
  const end = () => {
    if (!place.isConnected) return;
    const within = place.contains(document.activeElement);
    clearTimeout(timer);
    for (const leave of leaves) leave();
    render(null, place);
    place.remove();
    if (within)
      (before ?? document.querySelector<HTMLElement>("h1[tabindex]"))?.focus({ preventScroll: true });
  };
  const timer = again ? undefined : setTimeout(end, LASTS_MS);
  const leaves = [
    on("keydown", (event) => {
      if (event.key === "Escape") event.preventDefault(); // the chat stays open
      if (!PASSING.includes(event.key) && !place.contains(event.target as Node)) end();
      else if (event.key === "Escape") end();
    }),
    on("pointerdown", (event) => (again && place.contains(event.target as Node) ? undefined : end())),
    on("input", end),
    app.store.subscribe(() => (app.store.state.shown || app.store.state.proving) && end()),
  ];
  document.body.append(place);
  render(<How app={app} again={again} end={end} />, place);
}

function on<Key extends keyof WindowEventMap>(
  name: Key,
  hear: (event: WindowEventMap[Key]) => void,
): () => void {
  addEventListener(name, hear, true);
  return () => removeEventListener(name, hear, true);
}

interface Props {
  app: App;
  again: boolean;
  end: () => void;
}

function How({ app, again, end }: Props) {
  const { locale, topics } = useStore(app.store);
  const said = words[locale];
  const [topic] = topics;
  const close = useRef<HTMLButtonElement>(null);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  useEffect(() => {
    if (again) close.current?.focus({ preventScroll: true });
  }, [again]);
  if (!topic) return null;
  return (
    <aside class={`how ${still ? "still" : ""} ${again ? "again" : ""}`} aria-label={said["how.title"]}>
      <div class="how-head">
        <strong>{said["how.title"]}</strong>
        <button type="button" class="small-action" ref={close} onClick={end}>
          {said[again ? "how.done" : "how.skip"]}
        </button>
      </div>
      <ul>
        <li>
          <span class="how-box">
            {[...topic.code].map((letter, at) => (
              <i key={at} style={{ animationDelay: `${1 + at * LETTER_S}s` }}>
                {letter}
              </i>
            ))}
          </span>
          {said["how.code"]}
        </li>
        <li>
          <Icon name="check" />
          <span>
            {said["how.found"]} <b>{topic.name}</b>
          </span>
        </li>
        <li>
          <Icon name="order" />
          {said["how.order"]}
        </li>
        <li>
          <Icon name="headset" />
          {said["how.person"]}
        </li>
      </ul>
    </aside>
  );
}
