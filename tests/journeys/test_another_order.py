"""Two orders and a further matter in one chat, on a phone: the talk turns to each, and comes back to what was open.

The story is docs/journeys/0008-asked-at-night.md.
"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.assisting import until_learnt
from tests.journeys.axe import findings
from tests.journeys.test_recharge_not_arrived import Buyer

pytestmark = pytest.mark.browser


async def test_the_talk_turns_to_another_order_and_back_from_another_matter(product, open_page) -> None:
    await until_learnt(product)
    buyer = await Buyer.come(lambda: open_page(phone=True), product, 8)
    page = buyer.shop.page
    first, second = [await buyer.buys("feiyu-30", "alipay") for _ in range(2)]
    recharged = await buyer.buys("phone-50", "alipay", "13900000008")

    chat = await buyer.complains("卡密没收到", first)
    await expect(chat.timeline).to_contain_text("预留的手机 139****0008，这个号码对吗")
    await chat.say(f"那订单 {second} 呢")
    await expect(chat.timeline).to_contain_text(f"好的，来看订单 {second}。")
    await expect(chat.timeline.get_by_text("预留的手机 139****0008，这个号码对吗")).to_have_count(2)

    await chat.say("还有我的充值没到账")
    await expect(chat.timeline).to_contain_text("是哪一笔订单没有到账？")
    await chat.say(recharged)
    await expect(chat.timeline).to_contain_text(f"订单 {recharged} 显示")
    await chat.button("看到了").tap()
    await expect(chat.timeline).to_contain_text("回到“卡密没收到”")
    assert await findings(page) == []

    await chat.button("对，重新发送").tap()
    await expect(chat.timeline).to_contain_text("已发送到 139****0008")
    for number, times in ((first, 0), (second, 1)):
        await page.goto(f"{product.shop_url}/orders/{number}")
        await expect(page.locator(".record li.resent")).to_have_count(times)
