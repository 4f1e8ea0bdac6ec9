"""An agent looks for what was said before, for who said it, and keeps the desk in order."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser


async def test_half_a_sentence_leads_back_to_where_it_was_said(product, open_page) -> None:
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("sh")
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    await aqiang.go_online()
    await aqiang.accept("访客")
    await chat.say("我想把 STEAM 礼品卡退掉")
    for number in range(1, 13):
        await chat.say(f"第 {number} 句")
    await aqiang.close()
    await aqiang.page.goto(f"{product.url}/desk")

    # By keyboard alone: /, half of the sentence, down and up again, Enter.
    page = aqiang.page
    await expect(aqiang.presence).to_be_visible()
    await page.keyboard.press("/")
    field = page.get_by_role("combobox", name="查找")
    await expect(field).to_be_focused()
    await field.fill("ｓｔｅａｍ 品卡退")
    hit = page.get_by_role("option")
    await expect(hit).to_contain_text("我想把 STEAM 礼品卡退掉")
    assert await findings(page) == []
    await page.keyboard.press("ArrowDown")
    await expect(hit).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    found = aqiang.timeline.locator("[data-wanted]")
    await expect(found).to_contain_text("我想把 STEAM 礼品卡退掉")
    await expect(found).to_be_focused()
    await expect(found).to_be_in_viewport()

    # Nothing of it for somebody of another department.
    xiaomei = await Desk.enter(await open_page(), product, "xiaomei")
    await expect(xiaomei.presence).to_be_visible()
    await xiaomei.page.keyboard.press("Control+k")
    await xiaomei.page.get_by_role("combobox", name="查找").fill("礼品卡")
    await expect(xiaomei.page.get_by_text("没有找到", exact=True)).to_be_visible()
    await xiaomei.page.keyboard.press("Escape")
    await expect(xiaomei.page.get_by_role("dialog")).to_be_hidden()
