/**
 * Proof, order, codes that end soon and the question about the visitor, where a page has a place for them.
 *
 * Most customers have nothing to prove, so these come when they are wanted; a page that cannot fetch them now is a page
 * without them, and asks again the next time.
 */
import type { OwnCode } from "@mashang/protocol";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import type { State } from "../model/state";

type Parts = typeof import("./proof_parts");
interface Props {
  app: App;
  state: State;
  /** The order this is about; "" when nobody has named one; null: no place for an order. */
  order: string | null;
  drop?: (() => void) | undefined;
  /** Whether a join that was made is still spoken of, and codes that end soon are. */
  lasting?: boolean;
  /** A code of one's own that was typed and is not good now; `again` asks what it means now. */
  over?: { own: OwnCode; again: () => Promise<void> };
}

let fetched: Parts | null = null;

export function Proving({ app, state, order, drop, lasting = false, over }: Props) {
  const joined = lasting && (state.standing?.joined.length ?? 0) > 0;
  const due = lasting && (state.standing?.due.length ?? 0) > 0;
  const parts = useParts(
    order !== null || !!state.looking || state.proving !== null || state.joining || joined || due || !!over,
  );
  if (!parts) return null;
  if (over) return <parts.OverCode app={app} {...over} />;
  return (
    <>
      {(state.joining || joined) && <parts.JoinQuestion app={app} state={state} />}
      {due && <parts.EndingCodes app={app} state={state} order={order} />}
      {order !== null && !(state.proving && !drop) && (
        <parts.OrderStrip app={app} state={state} order={order} drop={drop} />
      )}
      {state.proving && <parts.ProofSheet app={app} state={state} />}
      {state.looking && <parts.OrderOpened app={app} state={state} order={state.looking} />}
    </>
  );
}

function useParts(wanted: boolean): Parts | null {
  const [parts, setParts] = useState(fetched);
  useEffect(() => {
    if (!wanted || parts) return;
    let left = false;
    import("./proof_parts").then(
      (came) => {
        fetched = came;
        if (!left) setParts(came);
      },
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [wanted, parts]);
  return parts;
}
