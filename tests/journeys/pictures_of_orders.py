"""Pictures of the card of one's own order, in the widget and on the phone page; see `gallery`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.journeys.gallery import LONG, Gallery
from tests.journeys.pictures_of_an_order import KEY, PAID, PARCELS, _ago, _entry, _line, _offer, _pressed
from tests.journeys.places import Chat, Shop
from tests.journeys.test_never_identity import PHONE, enters, guesses

pytestmark = pytest.mark.browser


async def test_the_card_of_an_order(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "order"), await open_page()
    shop = await Shop.enter(page, fresh_product)
    await shop.sign_in("xiaolin")
    number = await shop.open_order("光影视频")
    chat = await shop.widget.open()
    await _opens(chat, number)
    await gallery.take(page, "card in the widget", still=True)
    await page.keyboard.press("Escape")
    await gallery.take(page, "strip in the widget", still=True)
    await chat.enter("km")
    await _opens(chat, number)
    await gallery.take(page, "card in a conversation", still=True)


def _acted(card: dict[str, Any]) -> None:
    """One sent again, one without a result, a refusal, a refund that is taken in; the payment is news to the shop."""
    card["lines"] = [
        _line(1, "云朵网盘 会员年卡", [_entry("issued", 95, **KEY), _entry("opened", 80), _entry("resent", 12, **KEY)]),
        _line(2, "光影视频 季卡", [_entry("issued", 95, key_masked="•••• 88AB")]),
        _line(3, "飞鱼加速器 30 天", [_entry("failed", 90, source="库存不足")], "failed"),
    ]
    card["payment"] = {"method": "alipay", "status": "pending"}
    card["paid"] = {**PAID, "amount": card["total"], "notified": False}
    card["actions"] = [
        _pressed("resend", "done", 12, "1", **KEY),
        _pressed("resend", "unknown", 3, "2", settled_at=None, by="customer", by_name=None),
        _pressed("resend", "refused", 7, "3", text="这个商品已经停售，补不了，请走退款。", by="customer", by_name=None),
        _pressed("refund", "accepted", 5, None, by_name="小美"),
    ]
    card["offers"] = [_offer("resend", "1", "limit"), _offer("resend", "2", "under_way"), _offer("resend", "3")]


def _under_way(card: dict[str, Any]) -> None:
    """Two parcels, one in trouble, one of which nothing is known; the shop does not answer now."""
    line = _line(1, f"{LONG}手工礼盒（{LONG}）", [_entry("issued", 95)])
    line["delivery"]["kind"] = "parcel"
    unknown = {"number": "JD0000000000000002", "carrier": "京东物流", "tracked_at": _ago(1), "reason": "asking"}
    card.update(lines=[line], shipments=[*PARCELS, unknown], stale=True, told_at=None, url=None)
    card["anomalies"] = [{"kind": "stuck", "text": f"{LONG}的包裹滞留在营业部", "since": _ago(60 * 50)}]
    card["offers"] = [_offer("refund", None)]


async def test_the_card_in_every_state(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "order"), await open_page()
    change: Callable[[dict[str, Any]], None] = _acted

    async def changed(route: Route) -> None:
        answer = await route.fetch()
        card = await answer.json()
        change(card)
        await route.fulfill(response=answer, json=card)

    await page.route("**/api/v1/customer/orders/QN*", changed)
    shop = await Shop.enter(page, fresh_product)
    await shop.sign_in("xiaolin")
    number = await shop.open_order("光影视频")
    chat = await shop.widget.open()
    await _opens(chat, number)
    await gallery.take(page, "card acted", still=True)
    payment = chat.at.get_by_role("heading", name="付款")
    await gallery.take(page, "card acted, below", top=payment, still=True)
    await chat.button("补发卡密").press("Enter")
    await gallery.take(page, "question", top=chat.at.get_by_role("group", name="补发卡密"), still=True)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    change = _under_way
    await _opens(chat, number)
    await expect(chat.at.get_by_text("京东物流")).to_be_visible()
    await gallery.take(page, "parcels", still=True)
    await chat.at.locator("summary").first.click()
    await gallery.take(page, "parcels, the whole track", top=chat.at.locator("summary").first, still=True)
    await page.keyboard.press("Escape")
    await _in_large_letters(page, gallery, chat, number)


async def _in_large_letters(page: Page, gallery: Gallery, chat: Chat, number: str) -> None:
    await chat.button("大字版").click()
    await _opens(chat, number)
    await gallery.take(page, "parcels in large letters", still=True)
    await page.unroute_all(behavior="ignoreErrors")


async def test_the_card_for_four_digits(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "order"), await open_page()
    owner = await Shop.enter(await open_page(), fresh_product)
    await owner.sign_in("azhen")
    number = await owner.open_order("话费")
    chat = await enters(page, fresh_product)
    await chat.button("验证身份").click()
    await guesses(chat, number, PHONE[-4:])
    await chat.at.get_by_role("button", name=f"订单 {number} 已验证").click()
    await expect(chat.at.get_by_role("dialog", name="订单详情")).to_contain_text("后四位只能查看订单状态")
    await gallery.take(page, "status only")


async def _opens(chat: Chat, number: str) -> None:
    await chat.at.get_by_role("button", name=number).click()
    await expect(chat.at.get_by_role("dialog", name="订单详情")).to_contain_text("合计")
