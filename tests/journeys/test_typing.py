"""Writing as people do: with an input method, pasting pictures, moving ones, too much, and too fast.

Nothing that was typed is ever lost to a refusal: it stays where it was, with the reason beside it.
"""

from __future__ import annotations

import asyncio
import base64
import io
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page, expect

from tests.journeys.cable import Cable
from tests.journeys.places import Chat, Desk, spaced
from tests.running import Product, running_from

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


@pytest.fixture
def product(started_once: Path) -> Iterator[Product]:
    """One that soon has enough of somebody who says much at once."""
    with running_from(started_once, MASHANG_MESSAGE_RATE="0.5") as started:
        yield started


async def test_writing_as_people_do_loses_no_word(product, open_page, tmp_path) -> None:
    page = await open_page(phone=True)
    hers, desk = Cable(page), await open_page()
    his = Cable(desk)
    await hers.lay()
    await his.lay()
    await page.goto(product.url)
    chat = Chat(page)
    await chat.at.get_by_role("button", name="功能使用").tap()
    await expect(chat.field).to_be_visible()
    xiaoya = await Desk.enter(desk, product, "xiaoya")
    await xiaoya.go_online()
    await xiaoya.accept("访客")
    await _enter_in_an_input_method_sends_nothing(chat, xiaoya)
    await _a_pasted_picture_is_sent(chat, xiaoya)
    await _a_moving_picture_keeps_moving_for_both(chat, xiaoya, tmp_path / "wave.gif")
    await _too_long_a_text_stays_whole(chat, xiaoya)
    await _what_is_refused_for_its_haste_stays_and_can_be_sent_again(chat, xiaoya, hers, his)


async def _enter_in_an_input_method_sends_nothing(chat: Chat, xiaoya: Desk) -> None:
    await compose(page_of(chat), chat.field, "ni'hao", "你好")
    await expect(chat.field).to_have_value("你好")
    await chat.field.press("Enter")
    await expect(xiaoya.timeline.get_by_text("你好", exact=True)).to_be_visible()
    await expect(chat.timeline.get_by_text("ni'hao")).to_have_count(0)

    await compose(xiaoya.page, xiaoya.field, "zai", "在的")
    await expect(xiaoya.field).to_have_value("在的")
    await xiaoya.field.press("Enter")
    await expect(chat.timeline.get_by_text("在的", exact=True)).to_be_visible()
    await expect(xiaoya.timeline.get_by_text("zai")).to_have_count(0)


async def _a_pasted_picture_is_sent(chat: Chat, xiaoya: Desk) -> None:
    await chat.field.evaluate(_PASTE, picture())
    await expect(chat.timeline.get_by_role("img", name=re.compile("^图片"))).to_have_count(1)
    await expect(xiaoya.timeline.get_by_role("button", name=re.compile("^查看大图"))).to_have_count(1)
    await xiaoya.field.evaluate(_PASTE, picture())
    await expect(xiaoya.page.get_by_role("button", name=re.compile("^移除"))).to_be_visible()
    await xiaoya.act("发送")
    await expect(chat.timeline.get_by_role("img", name=re.compile("^图片"))).to_have_count(2)


async def _a_moving_picture_keeps_moving_for_both(chat: Chat, xiaoya: Desk, path: Path) -> None:
    red, blue = (Image.new("RGB", (160, 120), colour) for colour in ("#d00000", "#0000d0"))
    red.save(path, save_all=True, append_images=[blue], duration=150, loop=0)
    await chat.send_file(path)
    for shown in (xiaoya.picture(path.name), chat.picture(path.name).and_(chat.at.locator("button img"))):
        await _moves(shown)


async def _moves(shown: Locator) -> None:
    """Photographed until it was seen both red and blue."""
    await expect(shown).to_have_js_property("complete", value=True)
    seen: set[str] = set()
    for _ in range(60):
        middle = Image.open(io.BytesIO(await shown.screenshot())).convert("RGB").resize((1, 1)).getpixel((0, 0))
        assert isinstance(middle, tuple)
        seen.add("red" if middle[0] > middle[2] else "blue")
        if len(seen) == 2:
            return
    assert seen == {"red", "blue"}


async def _too_long_a_text_stays_whole(chat: Chat, xiaoya: Desk) -> None:
    for page, field in ((page_of(chat), chat.field), (xiaoya.page, xiaoya.field)):
        await field.focus()
        await page.keyboard.insert_text("长" * 8001)  # as pasting does
        await expect(page.get_by_role("alert").filter(has_text="8001 / 8000 字")).to_be_visible()
        await field.press("Enter")
        await expect(field).to_have_value("长" * 8001)
        await field.press("Backspace")
        await expect(page.get_by_text("8001 / 8000 字")).to_have_count(0)
        await field.fill("")
    await expect(chat.timeline.get_by_text("长长")).to_have_count(0)
    await expect(xiaoya.timeline.get_by_text("长长")).to_have_count(0)


async def _what_is_refused_for_its_haste_stays_and_can_be_sent_again(
    chat: Chat, xiaoya: Desk, hers: Cable, his: Cable
) -> None:
    hers.crowd(40)
    await chat.say("我很急")
    await expect(chat.timeline.get_by_role("alert")).to_have_text(re.compile("操作太频繁，请 . 秒后再试"))
    hers.crowd(0)
    await page_of(chat).reload()
    await expect(chat.timeline.get_by_text("我很急", exact=True)).to_be_visible()
    arrived = xiaoya.timeline.get_by_text("我很急", exact=True)
    await again_until(arrived, lambda: chat.button("重新发送").click(timeout=300))
    await expect(chat.timeline.get_by_text("我很急", exact=True)).to_have_count(1)

    his.crowd(400)
    await xiaoya.reply("马上就好")
    await expect(xiaoya.timeline.get_by_role("alert")).to_contain_text("没有发出：操作太频繁")
    his.crowd(0)
    await xiaoya.timeline.get_by_role("button", name="改一改").click()
    await expect(xiaoya.field).to_have_value("马上就好")
    await xiaoya.field.press("Enter")
    arrived = chat.timeline.get_by_text("马上就好", exact=True)
    await again_until(arrived, lambda: xiaoya.timeline.get_by_role("button", name=spaced("重试")).click(timeout=300))


def page_of(chat: Chat) -> Page:
    assert isinstance(chat.at, Page)
    return chat.at


async def again_until(arrived: Locator, again: Callable[[], Awaitable[None]]) -> None:
    """Try again, as people do, until it has arrived."""
    async with asyncio.timeout(60):
        while not await arrived.count():
            with suppress(PlaywrightError):  # just sent, and no longer to be pressed
                await again()
