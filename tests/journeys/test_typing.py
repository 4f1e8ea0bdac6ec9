"""Writing as people do: Enter picks a word in an input method before it sends, and a picture is pasted."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser

# As Ctrl+V does with a picture in the clipboard, which a test may not fill.
_PASTE = """(field, encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


async def compose(page: Page, field: Locator, letters: str, word: str) -> None:
    """Type letters into an input method, press Enter while it shows its choice, and take the word."""
    await field.focus()
    keyboard = await page.context.new_cdp_session(page)
    await keyboard.send("Input.imeSetComposition", {"text": letters, "selectionStart": 2, "selectionEnd": 2})
    picks = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}  # what a browser reports of an input method
    await keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **picks})
    await keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **picks})
    await keyboard.send("Input.insertText", {"text": word})


def picture() -> str:
    out = io.BytesIO()
    Image.effect_noise((120, 80), 80).convert("RGB").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


async def test_enter_in_an_input_method_sends_nothing_and_a_pasted_picture_is_sent(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.at.get_by_role("button", name="功能使用").tap()
    await expect(chat.field).to_be_visible()
    xiaoya = await Desk.enter(await open_page(), product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.accept("访客")

    await compose(page, chat.field, "ni'hao", "你好")
    await expect(chat.field).to_have_value("你好")
    await chat.field.press("Enter")
    await expect(xiaoya.timeline.get_by_text("你好", exact=True)).to_be_visible()
    await expect(chat.timeline.get_by_text("ni'hao")).to_have_count(0)

    await compose(xiaoya.page, xiaoya.field, "zai", "在的")
    await expect(xiaoya.field).to_have_value("在的")
    await xiaoya.field.press("Enter")
    await expect(chat.timeline.get_by_text("在的", exact=True)).to_be_visible()
    await expect(xiaoya.timeline.get_by_text("zai")).to_have_count(0)

    await chat.field.evaluate(_PASTE, picture())
    await expect(chat.timeline.get_by_role("img", name=re.compile("^图片"))).to_have_count(1)
    await expect(xiaoya.timeline.get_by_role("button", name=re.compile("^查看大图"))).to_have_count(1)
    await xiaoya.field.evaluate(_PASTE, picture())
    await expect(xiaoya.page.get_by_role("button", name=re.compile("^移除"))).to_be_visible()
    await xiaoya.act("发送")
    await expect(chat.timeline.get_by_role("img", name=re.compile("^图片"))).to_have_count(2)
