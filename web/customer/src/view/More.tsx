/**
 * What is opened now and then, where a page has a place for it; it is fetched when it is wanted.
 */
import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";
import { t } from "../words";

type Parts = typeof import("./more_parts");

let fetched: Parts | null = null;

/** null while they come, and for good where they cannot be fetched: `failed` is called then. */
export function useMore(failed: () => void, attempt = 0): Parts | null {
  const [parts, setParts] = useState(fetched);
  useEffect(() => {
    if (parts) return;
    let left = false;
    import("./more_parts").then(
      (came) => {
        fetched = came;
        if (!left) setParts(came);
      },
      () => !left && failed(),
    );
    return () => {
      left = true;
    };
  }, [parts, attempt]);
  return parts;
}

interface Props {
  app: App;
  /** It cannot be opened now, and the customer was told. */
  close: () => void;
  children: (parts: Parts) => ComponentChild;
}

export function More({ app, close, children }: Props) {
  const parts = useMore(() => {
    app.store.patch({ notice: { kind: "problem", text: t("start.unreachable") } });
    close();
  });
  return parts && <>{children(parts)}</>;
}
