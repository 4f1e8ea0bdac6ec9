"""A card key that has not come, on a phone, by somebody who is not signed in: the status by four digits, the rest by a
one-time code, sent again inside the chat once, and the second time told when that was.

The story is docs/journeys/0008-asked-at-night.md.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.assisting import until_learnt
from tests.journeys.axe import findings
from tests.journeys.places import Chat
from tests.journeys.test_never_identity import proves_the_account
from tests.journeys.test_recharge_not_arrived import Buyer

pytestmark = pytest.mark.browser


async def test_a_card_is_sent_again_inside_the_chat_once_and_the_second_ask_says_when(product, open_page) -> None:
    await until_learnt(product)
    buyer = await Buyer.come(open_page, product, 7)
    number = await buyer.buys("feiyu-30", "alipay")
    page = await open_page(phone=True)
    await page.goto(product.url)
    chat = Chat(page)
    await chat.ask_the_assistant()
    await chat.say("买的卡密一直没收到")
    await expect(chat.timeline).to_contain_text("是哪一笔订单没有收到卡密")
    await chat.say(number)

    await expect(chat.timeline).to_contain_text("请先验证这笔订单是您的")
    await chat.timeline.get_by_role("button", name="验证身份").click()
    await expect(chat.at.get_by_role("textbox", name="订单号")).to_have_value(number)
    await chat.at.get_by_role("textbox", name="手机号后四位").fill("0007")
    await chat.button("验证").click()
    await expect(chat.timeline).to_contain_text("手机后四位只能看状态")
    await chat.timeline.get_by_role("button", name="验证身份").click()
    await expect(chat.button("一次性验证码")).to_have_attribute("aria-pressed", "true")
    await proves_the_account(chat, buyer.shop.page, product, "buyer7")

    await expect(chat.timeline).to_contain_text("预留的手机 139****0007，这个号码对吗")
    assert await findings(page) == []
    await chat.button("对，重新发送").click()
    await expect(chat.timeline).to_contain_text("已发送到 139****0007")
    await chat.button("收到了").click()
    await expect(chat.timeline).to_contain_text("请尽快兑换")

    await chat.say("买的卡密没收到")
    await expect(chat.timeline).to_contain_text(
        re.compile(r"已在 \d+月\d+日 \d\d:\d\d 重新发送过，发到 139\*\*\*\*0007")
    )
    await chat.button("找到了").click()
    await buyer.shop.page.goto(f"{product.shop_url}/orders/{number}")
    await expect(buyer.shop.page.locator(".record li.resent")).to_have_count(1)
