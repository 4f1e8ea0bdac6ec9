"""From the computer to the phone in the middle of a consultation, and what was said as a text to keep."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat

pytestmark = pytest.mark.browser
WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; V1986A Build/QP1A.190711.020; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/80.0.3987.99 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.2.1860(0x28000234) Process/tools"
)


async def test_a_consultation_goes_on_on_the_phone_and_is_kept_as_text(product, open_page, tmp_path) -> None:
    page, found = await open_page(), {}
    await page.goto(product.url)
    chat = Chat(page)
    await chat.enter("sh")
    await chat.say("我在电脑上问的")
    link = await _link(chat)
    found["the link"] = await findings(page)

    phone = await open_page(phone=True, user_agent=WECHAT)
    await phone.goto(link)
    await expect(phone.get_by_text("您将以“访客”的身份继续。")).to_be_visible()
    assert "continue" not in phone.url
    found["the question"] = await findings(phone)
    await phone.get_by_role("button", name="在这里继续").click()
    other = Chat(phone)
    await expect(other.timeline.get_by_text("我在电脑上问的")).to_be_visible()
    await expect(page.get_by_text("已在另一台设备上继续，这里照常可用。")).to_be_visible()
    await other.say("我到手机上了")
    await _shows_a_text_to_copy(other, phone, found)

    await page.keyboard.press("Escape")
    await expect(chat.button("更多")).to_be_focused()
    await expect(chat.timeline.get_by_text("我到手机上了")).to_be_visible()
    assert "我：我到手机上了\n" in await _saved(chat, page, tmp_path)

    await chat.button("更多").click()
    await chat.button("换设备继续").click()
    await chat.button("结束那边").click()
    await expect(page.get_by_text("那边已结束。")).to_be_visible()
    await expect(other.code).to_be_visible()
    await phone.goto(link)
    await expect(phone.get_by_text("这个链接已经用过了")).to_be_visible()
    await phone.get_by_role("button", name="先不继续").click()
    await expect(other.code).to_be_visible()
    assert {state: lines for state, lines in found.items() if lines} == {}
    secret = link.partition("#continue=")[2].partition("&")[0]
    assert secret not in "\n".join(product.said)


async def _link(chat: Chat) -> str:
    await chat.button("更多").click()
    await chat.button("换设备继续").click()
    await expect(chat.at.get_by_role("img", name=re.compile("二维码"))).to_be_visible()
    return await chat.at.get_by_role("textbox", name="继续咨询的链接").input_value()


async def _shows_a_text_to_copy(chat: Chat, page: Page, found: dict[str, list[str]]) -> None:
    """WeChat's browser saves no files: the text is shown, and copied."""
    await chat.button("更多").click()
    await chat.button("保存聊天记录").click()
    await expect(chat.at.get_by_role("textbox", name="文字版聊天记录")).to_have_value(re.compile("我在电脑上问的"))
    await expect(chat.button("保存为文件")).to_have_count(0)
    found["the transcript"] = await findings(page)
    await page.evaluate("document.addEventListener('copy', () => (window.copied = String(getSelection() || '1')))")
    await chat.button("复制全部").click()
    await expect(chat.at.get_by_text(re.compile("已复制全部内容|请长按文字"))).to_be_visible()
    await chat.button("关闭").click()


async def _saved(chat: Chat, page: Page, folder: Path) -> str:
    await chat.button("更多").click()
    await chat.button("保存聊天记录").click()
    async with page.expect_download() as saving:
        await chat.button("保存为文件").click()
    saved = await saving.value
    assert re.fullmatch(r"售后维权-\d{4}-\d\d-\d\d\.txt", saved.suggested_filename)
    await saved.save_as(folder / "saved.txt")
    await chat.button("关闭").click()
    return (folder / "saved.txt").read_bytes().decode()
