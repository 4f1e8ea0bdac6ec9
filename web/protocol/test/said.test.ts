import { expect, test } from "vitest";
import { unasked } from "./said";

test.each([
  ["<p>保存</p>"],
  ["<p>Save</p>"],
  ['<button aria-label="Close" />'],
  ['<img alt={big ? "Large" : t("small")} />'],
  ["<p>{busy ? `Saving $" + "{n}` : null}</p>"],
  ['<p>{name || "nobody"}</p>'],
  ['const f = () => message.error("It failed")'],
  ["const f = () => new Date().toLocaleTimeString()"],
  ["const f = (n) => new Intl.NumberFormat().format(n)"],
])("words outside the catalogue are found: %s", (text) => {
  expect(unasked("a.tsx", text)).toHaveLength(1);
});

test.each([
  ['<p className="quiet" id="hint">{t("save")}</p>'],
  ['<a href="/desk">{kind === "phone" ? t("a") : t("b")}</a>'],
  ["<p>{count} · {name}</p>"],
  ['<Tag color="red">{t(`event.$' + "{name}`)}</Tag>"],
  ["new Intl.NumberFormat(locale()).format(n)"],
])("what asks the catalogue, and what nobody reads, is not: %s", (text) => {
  expect(unasked("a.tsx", text)).toEqual([]);
});
