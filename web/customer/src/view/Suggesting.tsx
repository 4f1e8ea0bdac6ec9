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

/** The order of this page has its own place right below: it is not told twice. */
export const suggestedTo = ({ order, suggested }: State) =>
  suggested.topics.filter((one) => !one.order || one.order !== order);

export function Suggesting(props: Props) {
  const { unwanted } = props.state.suggested;
  const topics = suggestedTo(props.state);
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
  if (!parts) return <div style={{ height: unwanted ? 44 : 56 + 80 * topics.length }} />;
  return <parts.came.Suggestions {...props} />;
}
