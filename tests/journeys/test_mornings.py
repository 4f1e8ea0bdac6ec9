"""A morning at the desk, from sign-in to sign-out: an agent's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser

WIDE = {"width": 1680, "height": 1050}


def _pane(desk: Desk, words: str) -> Locator:
    """The conversation in which something was said."""
    panes = desk.page.get_by_role("region", name=re.compile("^与 .+ 的会话$"))
    return panes.filter(has=desk.page.get_by_role("log").filter(has_text=words))


async def _asks(page: Page, product, words: str) -> Chat:
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter("sh")
    await chat.say(words)
    return chat


async def test_conversations_stand_side_by_side_and_no_draft_is_lost(product, open_page, screenshot: Path) -> None:
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    page, keys = aqiang.page, aqiang.page.keyboard
    await page.set_viewport_size(WIDE)
    await aqiang.go_online()
    first = await _asks(await open_page(phone=True), product, "第一件事")
    await aqiang.accept("第一件事")
    one = _pane(aqiang, "第一件事")
    await page.get_by_role("banner").click(position={"x": 5, "y": 5})
    await keys.press("s")
    await expect(one.get_by_role("button", name="固定在旁边")).to_have_attribute("aria-pressed", "true")
    second = await _asks(await open_page(phone=True), product, "第二件事")
    await expect(aqiang.offers).to_have_count(1)
    await keys.press("a")
    two = _pane(aqiang, "第二件事")
    await expect(two).to_be_visible()

    # Both drafts, each where it was begun; the keys change sides.
    await keys.press("r")
    await keys.type("给第二位的话")
    await keys.press("Control+[")
    await expect(one.get_by_role("textbox")).to_be_focused()
    await keys.type("给第一位的话")
    await one.locator("input[type=file]").set_input_files(screenshot)
    await expect(one.get_by_role("button", name="移除 payment.png")).to_be_visible()
    await expect(one.get_by_role("textbox")).to_have_value("给第一位的话")
    await expect(two.get_by_role("textbox")).to_have_value("给第二位的话")

    # What comes beside is counted there and read only when one goes there.
    await second.say("还在吗？")
    await expect(two.get_by_role("heading")).to_contain_text("1 条未读")
    assert await findings(page) == []
    await one.get_by_role("textbox").press("Control+]")
    await expect(two.get_by_role("heading")).not_to_contain_text("未读")

    await _puts_away_and_takes_back(aqiang, one, two)
    await one.get_by_role("textbox").press("Enter")
    await expect(first.picture("payment.png")).to_be_visible()
    await page.reload()
    await expect(two.get_by_role("textbox")).to_have_value("给第二位的话")
    await expect(one).to_be_visible()

    # A narrower window shows one of them; the other is a tab, by keyboard too.
    await page.set_viewport_size({"width": 1280, "height": 720})
    await expect(two).to_have_count(0)
    assert await findings(page) == []
    await keys.press("[")
    await expect(two.get_by_role("textbox")).to_have_value("给第二位的话")


async def _puts_away_and_takes_back(desk: Desk, one: Locator, two: Locator) -> None:
    """With its draft and its file, by keyboard."""
    keys = desk.page.keyboard
    await keys.press("Control+[")
    await one.get_by_role("log").focus()
    await keys.press("x")
    await expect(one).to_have_count(0)
    await expect(two).to_be_focused()
    await keys.press("s")
    await desk.page.get_by_role("link").filter(has_text="第一件事").focus()
    await keys.press("Enter")
    await expect(one.get_by_role("textbox")).to_have_value("给第一位的话")
    await expect(one.get_by_role("button", name="移除 payment.png")).to_be_visible()
