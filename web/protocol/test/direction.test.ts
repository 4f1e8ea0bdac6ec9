import { expect, test } from "vitest";
import { setApart } from "../direction";

test.each(["小美", "O'Neill, 2nd", "订单 QN2026", ""])("%j is left as it is", (text) => {
  expect(setApart(text)).toBe(text);
});

test.each(["\u202egpj.exe", "שלום", "محمد", "a\u2067b", "\u200f1"])("%j is set apart", (text) => {
  expect(setApart(text)).toBe(`\u2068${text}\u2069`);
});
