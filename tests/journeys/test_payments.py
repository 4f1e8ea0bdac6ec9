"""She has paid and the shop does not know it: the agent sees so, and so does she.

The story is docs/journeys/0007-the-shop-behind-the-codes.md, row 6.
"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.journeys.places import Desk, Shop

pytestmark = pytest.mark.browser


async def test_a_payment_the_shop_was_not_told_of_is_seen_and_its_notification_too(fresh_product, open_page) -> None:
    shop = await Shop.enter(await open_page(), fresh_product)
    await shop.sign_in("azhen")
    await shop.switch_fault("付款通知未到", on=True)
    at, ask = fresh_product.shop_url, shop.page.request
    placed = await ask.post(f"{at}/buy", form={"product": "feiyu-30", "quantity": "1"})
    number = placed.url.rpartition("/")[2]
    await ask.post(f"{at}/pay/{number}", form={"method": "alipay"})
    await shop.page.goto(f"{at}/orders/{number}")
    await expect(shop.page.get_by_text("待支付").first).to_be_visible()  # the shop does not know it
    chat = await shop.widget.open()
    await chat.enter("cz")
    xiaomei = await Desk.enter(await open_page(), fresh_product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("阿珍")
    await expect(xiaomei.context).to_contain_text(number)
    await expect(xiaomei.context).to_contain_text("店铺尚未收到付款通知")
    other = await Shop.enter(await open_page(), fresh_product)  # on the first page the open chat lies over the switch
    await other.switch_fault("付款通知未到", on=False)
    await expect(xiaomei.context).to_contain_text("与支付宝核对一致")  # by itself: the shop tells of its payment
    await expect(xiaomei.context).not_to_contain_text("店铺尚未收到付款通知")
