/** The card of an order over the page, once its piece has come. */
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import type { State } from "../model/state";
import { t } from "../words";

type Parts = typeof import("./order_parts");

let fetched: Parts | null = null;

export function OrderOpened({ app, state, order }: { app: App; state: State; order: string }) {
  const [parts, setParts] = useState(fetched);
  useEffect(() => {
    if (parts) return;
    let left = false;
    import("./order_parts").then(
      (came) => {
        fetched = came;
        if (!left) setParts(came);
      },
      () =>
        !left &&
        app.store.patch({ looking: null, notice: { kind: "problem", text: t("start.unreachable") } }),
    );
    return () => {
      left = true;
    };
  }, [app, parts]);
  return parts && <parts.OrderSheet key={order} app={app} state={state} order={order} />;
}
