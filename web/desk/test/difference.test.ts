import { describe, expect, it } from "vitest";
import { difference } from "../src/knowledge/difference";

const told = (former: string, latter: string) =>
  difference(former, latter)
    .map(({ kind, text }) => `${{ same: " ", out: "-", in: "+" }[kind]}${text}`)
    .join("|");

describe("the difference of two texts", () => {
  it("keeps what both have and marks the rest", () => {
    expect(told("a\nb\nc", "a\nc\nd")).toBe(" a|-b| c|+d");
    expect(told("", "a")).toBe("+a");
    expect(told("a", "")).toBe("-a");
    expect(told("a\n\nb", "a\n\nb")).toBe(" a| | b");
  });

  it("is told also of texts too long to compare line by line", () => {
    const long = Array.from({ length: 2000 }, (_, n) => String(n)).join("\n");
    expect(difference(long, long).every(({ kind }) => kind === "same")).toBe(true);
    expect(difference(long, `${long}\nx`)).toHaveLength(4001);
  });
});
