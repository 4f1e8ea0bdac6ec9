/**
 * Codes that stand first for this customer, each with its reason, and the way to have none of it.
 *
 * The reason is the server's sentence. Whoever wants none is asked no more, and finds the way back in the same place.
 */
import { useEffect, useRef } from "preact/hooks";
import type { App } from "../model/app";
import type { State } from "../model/state";
import { TopicIcon } from "./Icon";
import type { Begin } from "./StartPage";
import { suggestedTo } from "./Suggesting";
import { suggesting } from "./suggest_words";

interface Props {
  app: App;
  state: State;
  begin: Begin;
}

export function Suggestions({ app, state, begin }: Props) {
  const { unwanted } = state.suggested;
  const topics = suggestedTo(state);
  const other = useRef<HTMLButtonElement>(null);
  const chosen = useRef(false);
  // The button that was pressed is gone; the one that takes it back stands there instead.
  useEffect(() => {
    if (chosen.current) other.current?.focus();
    chosen.current = false;
  }, [unwanted]);
  const want = async (wanted: boolean) => {
    chosen.current = true;
    await app.attempt(async () => {
      await app.api.wantOffers(wanted);
      app.host.say({ type: "offers", wanted }); // the page remembers it for whoever is not signed in there
      if (wanted) await app.start();
      else app.store.patch({ suggested: { topics: [], unwanted: true } });
    });
    if (!other.current) document.querySelector("h1")?.focus(); // there is nothing to suggest
  };
  if (unwanted)
    return (
      <p class="unsuggested quiet">
        <span role="status">{suggesting("none")}</span>
        <button type="button" class="small-action" ref={other} onClick={() => void want(true)}>
          {suggesting("back")}
        </button>
      </p>
    );
  return (
    <section class="suggested" aria-labelledby="suggested">
      <div class="suggested-head">
        <h2 id="suggested">{suggesting("title")}</h2>
        <button type="button" class="small-action" ref={other} onClick={() => void want(false)}>
          {suggesting("stop")}
        </button>
      </div>
      <ul>
        {topics.map((one) => (
          <li key={one.code}>
            <button
              type="button"
              disabled={state.opening}
              onClick={() =>
                void begin("code", one.code, undefined, one.order ?? undefined, { medium: "suggestion" })
              }
            >
              <span class="topic-icon">
                <TopicIcon icon={one.icon} />
              </span>
              <span class="suggested-words">
                <strong>{one.name}</strong>
                <span>{one.reason}</span>
              </span>
              <span class="topic-code">{one.code}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
