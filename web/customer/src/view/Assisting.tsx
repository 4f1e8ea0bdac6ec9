/**
 * What stands below words of the assistant: it comes as a piece of its own, for most shops' customers never need it.
 * Until it is there, and where it cannot be fetched, the words say all there is.
 */
import type { AssistantPart, ConversationStatus } from "@mashang/protocol";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app";

type Parts = typeof import("./assistant_parts");

export interface AssistingProps {
  app: App;
  conversation: string;
  seq: number;
  part: AssistantPart;
  /** What the customer said next. */
  answer: string | null;
  status: ConversationStatus;
}

let fetched: Parts | null = null;

export function Assisting(props: AssistingProps) {
  const [parts, setParts] = useState(fetched);
  useEffect(() => {
    if (!parts)
      import("./assistant_parts").then(
        (came) => {
          fetched = came;
          setParts(came);
        },
        () => undefined,
      );
  }, [parts]);
  return parts && <parts.AssistantPart {...props} />;
}
