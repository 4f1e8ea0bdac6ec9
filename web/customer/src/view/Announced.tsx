/**
 * Where incidents are announced: what draws them comes when there is one, into a place that is there to be listened to.
 */
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import type { State } from "../model/state";

type Parts = typeof import("./incident_parts");

let fetched: Parts | undefined;

export function Announced({ app, state }: { app: App; state: State }) {
  const [parts, setParts] = useState(fetched);
  const wanted = state.incidents.length > 0;
  useEffect(() => {
    if (wanted)
      import("./incident_parts").then(
        (came) => {
          fetched = came;
          setParts(came);
        },
        () => undefined,
      );
  }, [wanted]);
  return <div role="status">{parts && <parts.Incidents app={app} state={state} />}</div>;
}
