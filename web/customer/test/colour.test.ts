import { describe, expect, test } from "vitest";
import { inkOn as loaderInk } from "../src/loader/look";
import { contrast, css, fillOf, inkOn, parseColour, readableOn, tint } from "../src/model/colour";

const WHITE = parseColour("#ffffff");
const NIGHT = parseColour("#1c232d");
const CHOSEN = [
  "#1257d6",
  "#117a4e",
  "#ffd400",
  "#ff6a00",
  "#ffffff",
  "#000000",
  "#7f7f7f",
  "#00bcd4",
  "#e91e63",
];

describe("a colour the shop chose", () => {
  test.each(CHOSEN)("%s carries words that can be read", (colour) => {
    const fill = fillOf(parseColour(colour));
    expect(contrast(fill, inkOn(fill))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(CHOSEN)("%s as text can be read by day and by night, also on its own tint", (colour) => {
    const chosen = parseColour(colour);
    for (const surface of [WHITE, NIGHT]) {
      const soft = tint(chosen, surface, 0.15);
      expect(contrast(readableOn(chosen, soft), soft)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("every colour has an ink on the button that can be read", () => {
    const steps = Array.from({ length: 18 }, (_, step) => step * 15);
    const grounds = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => [r, g, b])));
    const hex = (ground: number[]) => `#${ground.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    const unreadable = grounds
      .map(hex)
      .filter((ground) => contrast(parseColour(ground), parseColour(loaderInk(ground))) < 4.5);
    expect(unreadable).toEqual([]);
  });

  test("something that is not a colour becomes the product's own", () => {
    expect(css(parseColour("red; background: url(x)"))).toBe(css(parseColour("#1257d6")));
  });
});
