import { afterEach, describe, expect, test, vi } from "vitest";
import { record, written } from "../src/model/hearing";

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

describe("a recording", () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each(["made", "begun"])("that cannot be %s leaves no microphone open", async (when) => {
    const stop = vi.fn();
    const refuse = () => {
      throw new DOMException("no such kind", "NotSupportedError");
    };
    vi.stubGlobal("window", globalThis);
    vi.stubGlobal("navigator", {
      mediaDevices: { getUserMedia: async () => ({ getTracks: () => [{ stop }] }) },
    });
    vi.stubGlobal(
      "MediaRecorder",
      class {
        start = refuse;
        constructor() {
          if (when === "made") refuse();
        }
      },
    );
    const problem = vi.fn();
    const ear = { listening: vi.fn(), soFar: vi.fn(), working: vi.fn(), heard: vi.fn(), problem };
    record(
      async () => "",
      ear,
      () => "service",
    );
    await vi.waitFor(() => expect(problem).toHaveBeenCalledWith("no_microphone"));
    expect(stop).toHaveBeenCalled();
  });
});
