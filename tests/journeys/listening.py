"""What a screen reader would say by itself: everything that appears in a live region, in order.

Does not: know how a voice says it; a region that is off says nothing, and what was there before one listens neither.
"""

from __future__ import annotations

from playwright.async_api import Page

_LISTEN = """(() => {
  if (window.__said) return;
  const said = (window.__said = []);
  const live = (node) => {
    const from = node.nodeType === 1 ? node : node.parentElement;
    const at = from?.closest("[aria-live], [role=status], [role=alert], [role=log]");
    return at && at.getAttribute("aria-live") !== "off" && !at.closest("[aria-busy=true]");
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      const nodes = type === "characterData" ? [target] : [...addedNodes];
      for (const node of nodes) if (live(node) && node.textContent.trim()) said.push(node.textContent.trim());
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
})()"""


async def listen(page: Page) -> None:
    """From now on, over reloads too."""
    await page.add_init_script(_LISTEN)
    await page.evaluate(_LISTEN)


async def hears(page: Page, words: str) -> None:
    """Wait until something with these words was said."""
    said = "(words) => window.__said.some((one) => one.includes(words))"
    await page.wait_for_function(said, arg=words, timeout=60_000)


async def times_said(page: Page, words: str) -> int:
    """How often it was said up to now."""
    count: int = await page.evaluate("(words) => window.__said.filter((one) => one.includes(words)).length", words)
    return count
