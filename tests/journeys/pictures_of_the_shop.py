"""Pictures of the demo shop's pages, and of the widget on them; see `gallery`."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.journeys.gallery import LONG, Gallery
from tests.journeys.pages import SHOP, SHOP_OF_A_MEMBER
from tests.journeys.places import Shop

pytestmark = pytest.mark.browser


async def test_the_shop(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "shop"), await open_page()
    shop = await Shop.enter(page, fresh_product)
    for state, stop in SHOP.items():
        await page.goto(fresh_product.shop_url + stop.path)
        await expect(shop.widget.button).to_be_visible()
        await gallery.take(page, state)
    await page.goto(fresh_product.shop_url + "/sign-in")
    await page.get_by_label("用户名或手机号").fill("xiaolin")
    await page.get_by_label("密码", exact=True).fill("wrong")
    await page.locator("main").get_by_role("button", name="登录").click()
    await gallery.take(page, "sign-in refused", still=True)
    await sign_up(page, fresh_product.shop_url)
    await page.goto(fresh_product.shop_url + "/orders")
    await gallery.take(page, "no orders")
    await shop.widget.open()
    await gallery.take(page, "widget long name", still=True)
    await shop.widget.chat.button("收起").click()
    await shop.sign_out()
    await shop.sign_in("azhen")
    await shop.open_order("实体礼品卡")
    await gallery.take(page, "order parcel")
    await shop.sign_out()
    await _a_member_looks_around(shop, gallery)


async def sign_up(page: Page, shop_url: str) -> None:
    """A new customer with a long name."""
    await page.goto(shop_url + "/sign-up")
    await page.get_by_label("用户名").fill("longname")
    await page.get_by_label("怎么称呼您").fill(LONG)
    await page.get_by_label("手机号", exact=True).fill("13700001111")
    await page.get_by_label("密码").fill("a long enough one")
    await page.locator("main").get_by_role("button", name="注册").click()
    await expect(page.get_by_role("button", name="退出")).to_be_visible()


async def _a_member_looks_around(shop: Shop, gallery: Gallery) -> None:
    page = shop.page
    await shop.sign_in("xiaolin")
    for state, stop in SHOP_OF_A_MEMBER.items():
        await page.goto(shop.product.shop_url + stop.path)
        await gallery.take(page, state)
    await shop.open_order("飞鱼加速器")
    await gallery.take(page, "order")
    await shop.open_order("云朵网盘")
    await gallery.take(page, "order anomaly")
    chat = await shop.widget.open()
    await gallery.take(page, "widget start", still=True)
    await chat.enter("km")
    await chat.say("付款半小时了，卡密还没收到。")
    await gallery.take(page, "widget queue", still=True)
    await chat.end()
    await page.goto(shop.product.shop_url + "/p/phone-50")
    await page.get_by_label("要充值的手机号").fill("13800138567")
    await page.get_by_role("button", name="立即购买").click()
    await gallery.take(page, "pay")
    await page.get_by_role("button", name="确认支付").click()
    await gallery.take(page, "paid", still=True)
    await _what_the_shop_reported_is_offered(shop, gallery)


async def _what_the_shop_reported_is_offered(shop: Shop, gallery: Gallery) -> None:
    page, at = shop.page, shop.product.shop_url
    await page.request.post(f"{at}/back/faults", form={"fault": "not_issued", "on": "1"})
    placed = await page.request.post(f"{at}/buy", form={"product": "feiyu-30", "quantity": "1"})
    await page.request.post(f"{at}/pay/{placed.url.rpartition('/')[2]}", form={"method": "alipay"})
    line = page.locator(".offer")
    while not await line.is_visible():  # until the shop has told, and the page may ask
        async with page.expect_response("**/customer/offers"):
            await page.goto(f"{at}/orders")
        await page.wait_for_load_state("networkidle")
    await gallery.take(page, "offered", still=True)


async def test_the_placements(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "placement"), await open_page()
    shop = await Shop.enter(page, fresh_product)
    for place in ("side-tab", "top-link", "inline"):
        await page.goto(f"{fresh_product.shop_url}/contact?place={place}")
        await page.wait_for_function("document.querySelector('body > div, [data-mashang-inline]')")
        await gallery.take(page, place)
    await page.goto(f"{fresh_product.shop_url}/contact?place=side-tab")
    await shop.widget.button.click()
    await expect(shop.widget.chat.code).to_be_visible()
    await gallery.take(page, "side-tab open", still=True)
