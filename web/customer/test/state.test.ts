import type { CustomerConversation } from "@mashang/protocol";
import { expect, test } from "vitest";
import { newest } from "../src/model/state";

const conversation = (id: string, head: number, status: "active" | "closed"): CustomerConversation => ({
  id,
  head,
  status,
  department: { id: "d", name: "D" },
  unread: 0,
  read: 0,
  staff_read: 0,
  opened_at: "2026-11-21T08:00:00Z",
});

test("a list that was read before a conversation ended does not open it again", () => {
  const ended = conversation("a", 7, "closed");
  expect(newest([ended], [conversation("a", 6, "active")])).toEqual([ended]);
});

test("a list that was read later counts, and so does what only it knows", () => {
  const later = [conversation("a", 8, "active"), conversation("b", 1, "active")];
  expect(newest([conversation("a", 7, "closed")], later)).toEqual(later);
});
