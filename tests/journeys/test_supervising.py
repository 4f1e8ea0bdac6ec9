"""A supervisor's turn at the floor: the board, a whisper, joining, and a desk that is worked by keys."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys import axe
from tests.journeys.places import Chat, Desk, spaced

pytestmark = pytest.mark.browser


async def test_a_supervisor_sees_trouble_whispers_and_joins_in_the_customers_sight(product, open_page) -> None:
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await xiaomei.go_online()
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("cz")
    await expect(xiaomei.offers).to_have_count(1)
    await xiaomei.page.keyboard.press("a")
    await expect(xiaomei.field).to_be_visible()

    chen = await Desk.enter(await open_page(), product, "chen")
    await chen.page.keyboard.press("b")
    await expect(chen.page.get_by_role("heading", name="实时看板")).to_be_visible()
    assert await axe.findings(chen.page) == []
    waiting = await open_page(phone=True)
    await waiting.goto(product.url)
    await Chat(waiting).enter("sh")
    await expect(chen.page.get_by_role("listitem").filter(has_text="无人可接")).to_contain_text("售后")

    await chen.page.get_by_role("button", name="小美", exact=True).click()
    await chen.page.get_by_role("button", name="悄悄话").click()
    await chen.page.get_by_role("textbox", name="只有同事能看到").fill("先查渠道再答复")
    await chen.page.get_by_role("button", name=spaced("发送")).click()
    await expect(xiaomei.timeline.get_by_text("先查渠道再答复")).to_be_visible()

    await chen.page.get_by_role("link", name="访客").click()
    await expect(xiaomei.page.get_by_text("陈主管也在看")).to_be_visible()
    await chen.page.get_by_role("button", name="更多").last.click()
    await chen.page.get_by_role("menuitem", name="加入会话").click()
    await chen.page.get_by_role("dialog").get_by_role("button", name="加入会话").click()
    await expect(chat.timeline.get_by_text("主管 陈主管 加入会话")).to_be_visible()
    await chen.reply("我是主管，马上处理")
    await expect(chat.timeline.get_by_text("我是主管，马上处理")).to_be_visible()
    await expect(chat.timeline.get_by_text("先查渠道再答复")).to_have_count(0)
    await expect(xiaomei.page.get_by_text("陈主管已加入")).to_be_visible()


async def test_the_keys_stand_on_one_sheet_and_stay_still_while_one_writes(product, open_page) -> None:
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    page = xiaomei.page
    await expect(xiaomei.presence).to_be_checked()
    await page.keyboard.press("p")
    await expect(xiaomei.presence).not_to_be_checked()
    await page.keyboard.press("p")
    await expect(xiaomei.presence).to_be_checked()
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    await Chat(customer).enter("cz")
    await expect(xiaomei.offers).to_have_count(1)
    await page.keyboard.press("a")
    await expect(xiaomei.field).to_be_visible()
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="键盘快捷键")
    await expect(sheet.get_by_text("写内部备注")).to_be_visible()
    await page.keyboard.press("e")  # a dialog is open
    assert await axe.findings(page) == []
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await page.keyboard.press("n")
    note = page.get_by_role("textbox", name="备注内容")
    await expect(note).to_be_focused()
    await page.keyboard.type("jkadtepwb?")
    await expect(note).to_have_value("jkadtepwb?")
    await expect(xiaomei.presence).to_be_checked()
    await page.reload()
    await expect(page.get_by_role("textbox", name="备注内容")).to_have_value("jkadtepwb?")
    await page.locator("body").press("t")
    await expect(page.get_by_role("dialog").get_by_role("radio").first).to_be_attached()
