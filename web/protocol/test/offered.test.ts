import { expect, test } from "vitest";
import { aboveButtons } from "../offered";
import { entry } from "./entries";

const options = [
  { id: "article:a", label: "充值没有到账" },
  { id: "none", label: "都不是" },
];

test("what buttons say is not said above them again", () => {
  const said = {
    ...entry(1, 0, "您问的是？\n- 充值没有到账\n- 都不是"),
    assistant: { kind: "choices" as const, options },
  };
  expect(aboveButtons(said)).toBe("您问的是？");
});

test("words that nobody spelt out, and lists of their own, stay as they are", () => {
  const list = "先看：\n- 订单\n- 账号";
  expect(aboveButtons({ ...entry(1, 0, list), assistant: { kind: "ask" as const, options } })).toBe(list);
  expect(aboveButtons(entry(1, 0, list))).toBe(list);
});
