"""The browser the journeys drive."""

from __future__ import annotations

DRAW = """word => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
  const pen = canvas.getContext("2d");
  pen.font = "32px sans-serif";
  pen.fillText(word, 0, 32);
  return canvas.toDataURL();
}"""


async def test_chinese_is_drawn_with_a_font_that_has_it(open_page) -> None:
    page = await open_page()
    assert await page.evaluate(DRAW, "码") != await page.evaluate(DRAW, "上")  # without a font both are the same box


async def test_a_phone_is_as_wide_as_a_phone_and_prefers_what_it_was_told(open_page) -> None:
    page = await open_page(phone=True, dark=True, locale="en")
    await page.set_content("<meta name=viewport content='width=device-width'>")
    asked = "[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]"
    assert await page.evaluate(asked) == [390, True, "en"]
