/** What opens the menu, what it finds, and where words are put. */
import { describe, expect, it } from "vitest";
import { fitting } from "../src/server/replies";
import { gapsIn } from "../src/work/conversation/writing/gaps";
import { replaced, typedAt } from "../src/work/conversation/writing/typed";

describe("typing a sign", () => {
  it.each([
    ["/", "/", ""],
    ["您好 /DZ", "/", "dz"],
    ["一行\n/到账", "/", "到账"],
    ["\uff0f退", "/", "退"],
    ["\u3001tk", "/", "tk"],
    ["问 @阿强", "@", "阿强"],
  ])("%j opens a menu", (text, sign, query) => {
    expect(typedAt(text, text.length)).toMatchObject({ sign, query });
  });

  it.each(["https://a", "2026/11/22", "苹果\u3001香蕉", "a@b.cn", "/dz 好了", "/a/b", ""])(
    "%j opens none",
    (text) => {
      expect(typedAt(text, text.length)).toBeNull();
    },
  );

  it("looks at what stands before the caret only", () => {
    expect(typedAt("/dz 您好", 3)).toEqual({ sign: "/", from: 0, to: 3, query: "dz" });
  });
});

describe("putting words in", () => {
  it("replaces what was typed and keeps what stands around it", () => {
    const typed = typedAt("好的 /dz，谢谢", 6);
    expect(typed && replaced("好的 /dz，谢谢", typed, "马上到账")).toEqual({
      text: "好的 马上到账，谢谢",
      caret: 7,
    });
  });

  it("puts them at the end when the text has changed meanwhile", () => {
    expect(replaced("别的话", { sign: "/", from: 0, to: 3, query: "dz" }, "到账").text).toBe("别的话到账");
  });

  it("finds the gaps that were left, and no other braces", () => {
    const gaps = gapsIn("订单 {{order}} 的 {{x}}，{{customer}}");
    expect(gaps.map(({ name, from }) => [name, from])).toEqual([
      ["order", 3],
      ["customer", 21],
    ]);
  });
});

describe("finding a reply", () => {
  const reply = (shortcut: string, title: string, text = "", initials = "") => ({
    shortcut,
    title,
    text,
    initials,
  });
  const all = [
    reply("tk", "退款时效", "原路退回", "tksx"),
    reply("dz", "到账时间", "十分钟内到账", "dzsj"),
    reply("cz", "充值说明", "一般十分钟", "czsm"),
    reply("tksq", "退款申请", "请填写", "tksq"),
  ];
  const found = (query: string) => fitting(all, query).map(({ shortcut }) => shortcut);

  it("by the exact shortcut first, then by its beginning", () => expect(found("tk")).toEqual(["tk", "tksq"]));
  it("by the title's initials", () => expect(found("dzs")).toEqual(["dz"]));
  it("by words of the title before words of the text", () => expect(found("到账")).toEqual(["dz"]));
  it("by words of the text", () => expect(found("十分钟")).toEqual(["dz", "cz"]));
  it("not at all", () => expect(found("xyz")).toEqual([]));
});
