"""Pictures at the desk: dropped, pasted, several at once, and looked at large one after the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser

_TRANSFER = """([kinds, names]) => {
  const data = new DataTransfer();
  for (const name of names) {
    const bytes = Uint8Array.from(atob(window.picture), (one) => one.charCodeAt(0));
    data.items.add(new File([bytes], name, { type: "image/png" }));
  }
  const target = document.activeElement;
  for (const kind of kinds)
    target.dispatchEvent(kind === "paste"
      ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


async def _bring(page: Page, kinds: list[str], *names: str) -> None:
    """Files from outside the page, as the browser hands them over."""
    await page.evaluate(_TRANSFER, [kinds, list(names)])


async def test_several_pictures_are_dropped_and_pasted_and_looked_at_large(product, open_page, tmp_path: Path) -> None:
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("sh")
    desk = await Desk.enter(await open_page(), product, "aqiang")
    await desk.go_online()
    await desk.accept("访客")
    Image.new("RGB", (320, 240), "#1257d6").save(tmp_path / "one.png")
    encoded = (tmp_path / "one.png").read_bytes()
    await desk.page.evaluate("(bytes) => { window.picture = btoa(String.fromCharCode(...bytes)) }", list(encoded))

    await desk.field.focus()
    await _bring(desk.page, ["dragover"], "a.png")
    await expect(desk.page.get_by_text("松开即可添加附件")).to_be_visible()
    await _bring(desk.page, ["drop"], "a.png", "b.png")
    await _bring(desk.page, ["paste"], "c.png")
    for name in ("a.png", "b.png", "c.png"):
        await expect(desk.page.get_by_role("button", name=f"移除 {name}")).to_be_visible()
    await desk.act("发送")
    for name in ("a.png", "b.png", "c.png"):
        await expect(chat.picture(name)).to_be_visible()

    first = desk.timeline.get_by_role("button", name=re.compile("^查看大图")).first
    await desk.page.mouse.move(0, 0)  # off the button, whose hint would take the first Escape
    await expect(desk.page.get_by_role("tooltip")).to_be_hidden()
    await first.press("Enter")
    count = desk.page.get_by_text(re.compile(r"^1 / 3$"))
    await expect(count).to_be_visible()
    await desk.page.keyboard.press("ArrowRight")
    await expect(desk.page.get_by_text(re.compile(r"^2 / 3$"))).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_text(re.compile(r"^2 / 3$"))).to_be_hidden()
    await expect(first).to_be_focused()
