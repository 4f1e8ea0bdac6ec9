"""An agent looks for what was said before, for who said it, and keeps the desk in order."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.axe import findings
from tests.journeys.places import Chat, Desk, Office, spaced

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


async def test_somebody_who_insults_is_kept_out_with_a_reason_and_let_in_again(product, open_page) -> None:
    customer = await open_page(phone=True)
    await customer.goto(product.url)
    chat = Chat(customer)
    await chat.enter("sh")
    await chat.say("第一句")
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    await aqiang.go_online()
    await aqiang.accept("访客")
    await aqiang.context.get_by_role("link", name="用户主页和全部历史").click()
    page = aqiang.page
    await page.get_by_role("textbox", name="下次接待时同事需要知道的事").fill("说话难听，先请主管看")
    await page.get_by_role("button", name="添加备注").click()
    await expect(page.get_by_text("说话难听，先请主管看")).to_be_visible()
    assert await findings(page) == []
    await page.get_by_role("button", name=spaced("屏蔽")).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name=spaced("屏蔽")).click()
    await expect(dialog.get_by_text("请填写此项")).to_be_visible()
    await dialog.get_by_label("原因（仅同事可见）").fill("多次辱骂")
    assert await findings(page) == []
    await dialog.get_by_role("button", name=spaced("屏蔽")).click()
    await expect(page.get_by_text("已屏蔽")).to_be_visible()
    await expect(page.get_by_role("button", name="解除屏蔽")).to_have_count(0)

    # The customer is told politely, and why is not.
    await chat.button("继续咨询").click()
    await expect(customer.get_by_text("您暂时无法在这里咨询")).to_be_visible()
    await expect(customer.get_by_text("辱骂")).to_have_count(0)

    chen = await Desk.enter(await open_page(), product, "chen")
    await chen.page.get_by_role("link", name="管理").click()
    await Office(chen.page).go_to("屏蔽名单")
    await expect(chen.page.get_by_role("cell", name="多次辱骂")).to_be_visible()
    assert await findings(chen.page) == []
    await chen.page.get_by_role("button", name=re.compile("^解除屏蔽")).click()
    await expect(chen.page.get_by_text("没有被屏蔽的用户")).to_be_visible()
    await chat.button("继续咨询").click()
    await expect(chat.field).to_be_visible()
