/**
 * The sheets that are opened now and then, where a page has a place for them; they are fetched when they are wanted.
 */
import { useEffect, useState } from "preact/hooks";

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
