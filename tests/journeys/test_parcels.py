"""A parcel under way: the customer asks for it with WL, and reads the same track as whoever answers.

The story is docs/journeys/0007-the-shop-behind-the-codes.md.
"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.places import Desk, Shop

pytestmark = pytest.mark.browser
LATEST, BEFORE = "到达上海转运中心", "离开深圳转运中心"


async def test_the_customer_and_the_agent_read_the_same_track(product, open_page) -> None:
    aqiang = await Desk.enter(await open_page(), product, "aqiang")
    await aqiang.go_online()
    shop = await Shop.enter(await open_page(phone=True), product)
    await shop.sign_in("azhen")
    number = await shop.open_order("实体礼品卡")
    await shop.page.get_by_role("button", name="咨询物流").click()
    chat = shop.widget.chat
    await expect(chat.timeline.get_by_text("和您看到的是同一份物流")).to_be_visible()

    await aqiang.accept("阿珍")
    parcel = aqiang.context.get_by_role("region", name="物流")
    await expect(parcel).to_contain_text(LATEST)
    await expect(parcel).to_contain_text("运输中")
    await expect(aqiang.context.get_by_text("发货记录")).to_be_visible()
    tracked = await parcel.locator("code").inner_text()

    await chat.at.get_by_role("button", name=number).click()
    card = chat.at.get_by_role("dialog", name="订单详情")
    await expect(card.get_by_text("已寄出")).to_be_visible()
    seen = card.get_by_role("region", name=tracked)
    await expect(seen).to_contain_text(LATEST)
    await seen.locator("summary").click()
    await expect(seen.get_by_text(BEFORE)).to_be_visible()
    await parcel.locator("summary").click()
    await expect(parcel.get_by_text(BEFORE)).to_be_visible()
