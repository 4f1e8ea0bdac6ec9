"""A customer who will not wait leaves a message, and is answered all the same."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.axe import findings
from tests.journeys.fitting import misfits
from tests.journeys.places import Chat, Desk

pytestmark = pytest.mark.browser


async def test_a_message_that_was_left_is_answered(product, open_page) -> None:
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat, found = Chat(page), {}
    await chat.enter("sh")
    await expect(chat.queue).to_contain_text("现在没有客服在线")
    await chat.button("不想等？改为留言").click()
    await expect(chat.queue).to_contain_text("请写下您的问题")
    await chat.say("订单一直没到账，请尽快处理。")
    await expect(chat.queue).to_contain_text("留言已保存")
    found["message"] = await findings(page) + await misfits(page)
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    await aqiang.go_online()
    await expect(aqiang.offers).to_contain_text("留言，用户不在线等候")
    found["the offer of a message"] = await findings(aqiang.page)
    await page.close()
    await aqiang.accept("访客")
    await aqiang.reply("已经为您补发。")
    await expect(aqiang.timeline).to_contain_text("用户留言后离开")
    assert {state: lines for state, lines in found.items() if lines} == {}

    page = await page.context.new_page()
    await page.goto(product.url)
    await expect(Chat(page).timeline.get_by_text("已经为您补发。")).to_be_visible()
