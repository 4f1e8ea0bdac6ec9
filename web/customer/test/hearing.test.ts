import { describe, expect, test } from "vitest";
import { written } from "../src/model/hearing";

describe("what was heard", () => {
  test.each([
    ["二九 N G，S F 八 B，Z T V W。", "29 N G，S F 8 B，Z T V W"],
    ["C Z。", "C Z"],
    ["D D 幺二三", "D D 123"],
    ["24H", "24H"],
  ])("a code that was read out is written as codes are: %s", (heard, box) => {
    expect(written(heard)).toBe(box);
  });

  test.each(["查单。", "一二三", "我一共买了两个 QB", " 西贼。", "为什么还没到？"])(
    "anything else stays as it was heard: %s",
    (heard) => {
      expect(written(heard)).toBe(heard.trim());
    },
  );
});
