"""Asks axe-core what is wrong with a page for people who see, hear or move differently.

Does not: replace looking at the page, or using it with the keyboard.
"""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page

from tests.running import ROOT

_AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """() => axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})"""

# What moves is looked at when it is there: colours half-way are nobody's.
_STILL = """async () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { transition: none !important }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const ends = (one) => one.playState === "running" && one.effect.getComputedTiming().endTime < Infinity;
  for (let quiet = 0; quiet < 3; quiet++) {
    await new Promise((go) => requestAnimationFrame(go));
    for (const one of document.getAnimations().filter(ends)) {
      one.finish();
      quiet = 0;
    }
  }
}"""


async def findings(page: Page) -> list[str]:
    """One line for each thing axe finds, in every frame; both with light and dark colours."""
    found = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {line}" for line in await _once(page)]
    await page.emulate_media(color_scheme="light")
    return found


async def _once(page: Page) -> list[str]:
    """In each frame on its own: axe cannot reach into a frame of another origin."""
    lines = []
    for frame in page.frames:
        await frame.evaluate(_STILL)
        await frame.evaluate(_AXE.read_text("utf-8"))
        lines += _lines(await frame.evaluate(_RUN))
    return lines


def _lines(result: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]} {_why(node)}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return " / ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])
