"""Does everything stay on the screen, and is it large enough to hit?  At 320 px, at 200 % and as it is."""

from __future__ import annotations

from playwright.async_api import Page

TOO_WIDE = """() => {
  const out = [...document.querySelectorAll("body *")].filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    const seen = width > 1 && getComputedStyle(one).visibility !== "hidden";
    return seen && (left < -1 || right > document.documentElement.clientWidth + 1);
  });
  return out.map((one) => `too wide: ${one.className || one.tagName}`);
}"""
# WCAG 2.2: 24 px; what a thumb is led to first, 44.  A link within a sentence is as high as its line.
TOO_SMALL = """() => {
  const buttons = [...document.querySelectorAll("button, input:not([hidden]), textarea")].filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    const least = one.matches(".action, .person, .send, .round, .topic, .small-action") ? 44 : 24;
    return width > 0 && (Math.round(width) < least || Math.round(height) < least);
  });
  return buttons.map((one) => `too small: ${one.className} ${one.textContent.slice(0, 20)}`);
}"""
# A conversation scrolls its own words; where the page around it scrolls, too, its head may be pushed out of sight.
SCROLLS_AWAY = """() => {
  const { scrollHeight, clientHeight } = document.documentElement;
  const away = document.querySelector(".conversation") && scrollHeight > clientHeight + 1;
  return away ? [`the page around the conversation scrolls by ${scrollHeight - clientHeight}`] : [];
}"""

DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"


async def misfits(page: Page) -> list[str]:
    """One line for each thing that leaves the screen or is too small, at three widths; 195 px is 390 at 200 %."""
    before = page.viewport_size or {"width": 390, "height": 844}
    found: list[str] = await page.evaluate(SCROLLS_AWAY)  # as it is: enlarged, what has no room must be scrolled to
    for width, height in ((before["width"], before["height"]), (320, 568), (195, 422)):
        await page.set_viewport_size({"width": width, "height": height})
        for question in (TOO_WIDE, TOO_SMALL):
            found += [f"{width} px: {line}" for line in await page.evaluate(question)]
    await page.set_viewport_size(before)
    await page.evaluate(DRAWN)  # what scrolled back to its place does not move under a finger any more
    return found
