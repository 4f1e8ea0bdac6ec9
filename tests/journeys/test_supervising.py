"""A desk that is worked by keys."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys import axe
from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser


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
