"""Pictures of the order beside a conversation, in every state it can have; see `gallery`.

What a shop, a payment provider or a parcel tracker says is written over the answer of the server, so that the
states stand beside each other that no shop has at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.journeys.gallery import LANGUAGES, LONG, SCHEMES, SIZES, Gallery
from tests.journeys.places import Desk, Shop, spaced

pytestmark = pytest.mark.browser
View = dict[str, Any]


def _ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def _pressed(action: str, state: str, minutes: float, line: str | None, **more: Any) -> View:
    made = {"id": f"{action}{minutes}{line}", "order_number": "QN", "line": line, "action": action, "round": 1}
    told = {"state": state, "asked_at": _ago(minutes), "settled_at": _ago(minutes), "by": "agent", "by_name": "阿华"}
    return {**made, **told, "text": "", "key_masked": None, "to_masked": None, **more}


def _offer(action: str, line: str | None, why_not: str | None = None) -> View:
    return {"action": action, "line": line, "round": 2, "why_not": why_not}


def _entry(action: str, minutes: float, **more: Any) -> View:
    return {"at": _ago(minutes), "action": action, "source": "自动发卡", **more}


def _line(place: int, product: str, record: list[View], state: str = "issued") -> View:
    delivery = {"kind": "card_key", "state": state, "at": _ago(90)}
    price = {"amount": "88.00", "currency": "CNY"}
    made = {"id": str(place), "product": product, "quantity": 1, "price": price}
    return {**made, "delivery": delivery, "issue_record": record}


KEY = {"key_masked": "•••• 7Q2K", "to_masked": "138****5678"}
TRACK = [
    {"at": _ago(60 * (2 + 5 * hour)), "text": f"快件已到达【杭州转运中心 {hour} 号库】，正在分拣", "place": "杭州"}
    for hour in range(9)
]
PARCELS = [
    {"number": "SF1234567890123", "carrier": "顺丰速运", "state": "in_transit", "lines": [], "events": TRACK,
     "tracked_at": _ago(5), "source": "kuaidi100"},
    {"number": "YT0000000000000001", "carrier": "圆通速递", "state": "problem", "lines": ["1"], "source": "shop",
     "tracked_at": _ago(60 * 26),
     "events": [{"at": _ago(60 * 50), "text": "收件地址不详，联系不上收件人，快件滞留在营业部", "place": "乌鲁木齐"}]},
]  # fmt: skip
PAID = {"provider": "alipay", "status": "paid", "paid_at": _ago(40), "reference_masked": "2026****1234"}


def _acted(view: View) -> None:
    """A resend that both know, a request without a result, a refusal, and a payment nobody told the shop of."""
    order = view["order"]
    order["lines"] = [
        _line(1, "云朵网盘 会员年卡", [_entry("issued", 95, **KEY), _entry("delivered", 94, to_masked="138****5678"),
                                 _entry("opened", 80), _entry("resent", 12, source="客服补发", **KEY)]),
        _line(2, "光影视频 季卡", [_entry("issued", 95, key_masked="•••• 88AB")]),
        _line(3, "飞鱼加速器 30 天", [_entry("failed", 90, source="库存不足")], "failed"),
    ]  # fmt: skip
    order["payment"] = {"method": "alipay", "status": "pending", "paid_at": None, "reference_masked": None}
    view["payment"] = {**PAID, "amount": order["total"], "notified": False}
    view["shipments"] = PARCELS
    view["actions"] = [
        _pressed("resend", "done", 12, "1", **KEY),
        _pressed("resend", "unknown", 3, "2", settled_at=None, by="customer", by_name=None),
        _pressed("reissue", "refused", 7, "3", text="这个商品已经停售，换不了，请走退款。", reason="用户说卡密无效"),
        _pressed("refund", "accepted", 5, None, by_name="小美"),
    ]
    view["offers"] = [
        _offer("resend", "1"), _offer("reissue", "1"), _offer("resend", "2", "under_way"),
        _offer("reissue", "2", "under_way"), _offer("resend", "3"), _offer("reissue", "3", "not_issued"),
        _offer("refund", None, "already_asked"),
    ]  # fmt: skip
    view["reveals"] = True


def _long(view: View) -> None:
    """A hundred lines with long names, one of two hundred entries; the amounts differ."""
    record = [_entry("opened", 1000 - place, source="用户在订单页查看") for place in range(200)]
    names = [f"{LONG}的全网通用超值充值大礼包（{place}）" for place in range(100)]
    view["order"]["lines"] = [_line(place, name, record if place == 0 else []) for place, name in enumerate(names)]
    view["order"]["payment"] = {"method": "alipay", "status": "paid", "paid_at": _ago(41)}
    view["payment"] = {**PAID, "amount": {"amount": "0.01", "currency": "CNY"}, "notified": True, "differs": True}
    view["offers"] = [_offer(action, str(place)) for place in range(100) for action in ("resend", "reissue")]
    view["actions"] = [_pressed("resend", "asked", 0.2, "57", settled_at=None, by_name=LONG)]


def _agreed(view: View) -> None:
    """Everybody says the same, and nothing can be pressed."""
    view["payment"] = {**PAID, "amount": view["order"]["total"], "notified": True}
    view["order"]["payment"] = {"method": "alipay", "status": "paid", "paid_at": _ago(41)}
    view["offers"] = [_offer("resend", line["id"], "not_serving") for line in view["order"]["lines"]]
    view["offers"].append(_offer("refund", None, "not_serving"))


def _silent(view: View) -> None:
    """The shop is away: what it told before, and what was done here."""
    number = view.pop("order")["number"]
    view.update(status="unanswered", missing=["account", "order", "payment"], reason="timed_out")
    view["claimed_order"] = {"number": number, "proved": False}
    view["issued"] = [{"line": "1", "entry": _entry("issued", 95, **KEY)}]
    view["actions"] = [_pressed("resend", "done", 12, "1", **KEY)]
    view["offers"] = []


STATES: dict[str, Callable[[View], None]] = {"acted": _acted, "long": _long, "agreed": _agreed, "silent": _silent}


class Overwritten:
    """A page whose server says of the context what `change` makes of it."""

    def __init__(self, page: Page) -> None:
        self.page: Page = page
        self.change: Callable[[View], None] = _acted

    async def begin(self) -> None:
        await self.page.route("**/api/v1/desk/conversations/*/context", self._answer)

    async def _answer(self, route: Route) -> None:
        response = await route.fetch()
        view = await response.json()
        self.change(view)
        await route.fulfill(response=response, json=view)


async def test_the_order_beside_a_conversation(fresh_product, open_page, pictures) -> None:
    gallery, page = Gallery(pictures, "order"), await open_page()
    shop = await Shop.enter(await open_page(), fresh_product)
    await shop.sign_in("xiaolin")
    await shop.open_order("光影视频")
    chat = await shop.widget.open()
    await chat.enter("km")
    xiaomei = await Desk.enter(await open_page(), fresh_product, "xiaomei")
    await xiaomei.go_online()
    await xiaomei.accept("小林")
    chen = await Desk.enter(page, fresh_product, "chen")
    await page.goto(xiaomei.page.url)
    await expect(chen.context).to_contain_text("发卡记录")
    await gallery.take(page, "plain")
    conversation = page.url
    said = Overwritten(page)
    await said.begin()
    for state, change in STATES.items():
        said.change = change
        await page.goto(f"{conversation}/context")
        await expect(chen.context.get_by_role("button", name="订单", exact=False).first).to_be_visible()
        await gallery.take(page, state)
    said.change = _acted
    await page.route("**/api/v1/desk/conversations/*/keys", _shown)
    for size in SIZES:
        if any(gallery.album.wants(f"{language[:2]}-{size}-{scheme}") for language in LANGUAGES for scheme in SCHEMES):
            await page.set_viewport_size(SIZES[size])
            await page.reload()
            await _dialogs(chen, gallery, size)


async def _shown(route: Route) -> None:
    await route.fulfill(json={"keys": ["XXXX-XXXX-XXXX-XXXX"], "hide_after_seconds": 3600})


async def _dialogs(chen: Desk, gallery: Gallery, size: str) -> None:
    page = chen.page
    for state, name in (("ask again", "再次补发"), ("ask reason", "换发")):
        await chen.context.get_by_role("button", name=spaced(name), exact=True).first.click()
        dialog = page.get_by_role("dialog", name=name)
        await expect(dialog).to_be_visible()
        if name == "换发":
            await dialog.get_by_role("button", name=spaced(name)).press("Enter")
            await expect(dialog.get_by_text("请填写此项")).to_be_visible()
        await gallery.take(page, state, sizes=[size])
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
    await chen.context.get_by_role("button", name="查看卡密").first.click()
    dialog = page.get_by_role("dialog", name="查看完整卡密")
    await expect(dialog).to_be_visible()
    await gallery.take(page, "reveal", sizes=[size])
    await dialog.get_by_role("radio", name="其他").check()
    await dialog.get_by_role("textbox", name="请写明原因").fill("用户投诉")
    await dialog.get_by_role("textbox", name="请写明原因").press("Enter")
    await expect(dialog.get_by_role("timer")).to_be_visible()
    await gallery.take(page, "revealed", sizes=[size])
    await dialog.get_by_role("button", name=spaced("隐藏")).press("Enter")
    await expect(dialog).to_be_hidden()
