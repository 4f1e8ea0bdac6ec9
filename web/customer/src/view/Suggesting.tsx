/**
 * Where codes are suggested: what draws them comes when there is something to suggest, and its place is kept.
 */
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import type { State } from "../model/state";
import type { Begin } from "./StartPage";

type Parts = typeof import("./suggest_parts");
interface Props {
  app: App;
  state: State;
  begin: Begin;
}

export function Suggesting(props: Props) {
  const { topics, unwanted } = props.state.suggested;
  const [parts, setParts] = useState<{ came: Parts } | null>(null);
  const wanted = unwanted || topics.length > 0;
  useEffect(() => {
    if (wanted)
      import("./suggest_parts").then(
        (came) => setParts({ came }),
        () => undefined,
      );
  }, [wanted]);
  if (!wanted) return null;
  if (!parts) return <div style={{ height: unwanted ? 44 : 116 + 64 * topics.length }} />;
  return <parts.came.Suggestions {...props} />;
}
