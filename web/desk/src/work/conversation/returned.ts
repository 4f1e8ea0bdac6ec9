/**
 * The way back for a message that could not be sent: from its bubble into the composer of its conversation.
 */
import type { Draft } from "../drafts";

const hearers = new Map<string, (draft: Draft) => void>();

export const returned = {
  hear(conversation: string, hear: (draft: Draft) => void): () => void {
    hearers.set(conversation, hear);
    return () => void hearers.delete(conversation);
  },
  give(conversation: string, draft: Draft): void {
    hearers.get(conversation)?.(draft);
  },
};
