"""A shop that calls its things by scripts: at the desk and at the customer's they are read, and never run.

The story is docs/journeys/0007-the-shop-behind-the-codes.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Frame, Page, expect

from tests.journeys.places import Desk, Shop
from tests.running import OpenPage, Product, running_from
from tests.selling import AZHEN, RogueShop, rogue

__all__ = ["rogue"]
pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror='window.ran=1'><script>window.ran=1</script>"
MONEY = {"amount": "108.00", "currency": "CNY"}
AT = "2026-11-21T08:00:00+08:00"


def lies(rogue: RogueShop, product: Product, number: str) -> None:
    """Answers signed as they must be, with a script wherever a shop may write what it likes."""
    told = json.loads((product.home / "demo-shop.json").read_text("utf-8"))
    rogue.keys = msgspec.structs.replace(rogue.keys, key_id=told["connector_key_id"], secret=told["connector_secret"])
    entry = {"at": AT, "action": "issued", "source": f"来源{EVIL}"}
    line = {
        "id": "l1", "product": f"商品{EVIL}", "quantity": 1, "price": MONEY, "issue_record": [entry],
        "delivery": {"kind": "parcel", "state": "issued", "at": AT},
    }  # fmt: skip
    order = {
        "number": number, "subject": AZHEN, "placed_at": AT, "status": "paid", "status_text": f"状态{EVIL}",
        "total": MONEY, "lines": [line], "anomaly": {"kind": "other", "text": f"异常{EVIL}", "since": AT},
        "payment": {"method": f"方式{EVIL}"[:64], "status": "paid"},
    }  # fmt: skip
    passed = {"at": AT, "text": f"轨迹{EVIL}", "place": "<b>上海</b>"}
    parcel = {"number": "YT1", "carrier": f"快递{EVIL}", "state": "in_transit", "events": [passed]}
    answers: dict[str, Any] = {
        f"/orders/{number}": order,
        f"/orders/{number}/shipments": {"shipments": [parcel]},
        f"/customers/{AZHEN}": {"subject": AZHEN, "name": f"名字{EVIL}", "tier": f"等级{EVIL}"[:64]},
        f"/customers/{AZHEN}/orders": {"orders": []},
        "/promotions": {"promotions": []},
        "/incidents": {"incidents": [{"id": "i1", "title": f"故障{EVIL}", "starts_at": AT}]},
        "/capabilities": {"contract": "1", "name": f"店{EVIL}", "shipments": True},
    }
    for path, answer in answers.items():
        rogue.says(path, json.dumps(answer).encode())
    product.sql(f"update shop set base_url = '{rogue.keys.base_url}'")


async def nothing_ran(at: Page | Frame) -> None:
    assert await at.evaluate("window.ran === undefined && !document.querySelector('img[src=x]')")


async def test_what_a_shop_calls_its_things_is_read_and_never_run(
    started_once: Path, open_page: OpenPage, rogue: RogueShop
) -> None:
    with running_from(started_once, MASHANG_ALLOW_PRIVATE_ADDRESSES="1") as product:
        aqiang = await Desk.enter(await open_page(), product, "aqiang")
        await aqiang.go_online()
        shop = await Shop.enter(await open_page(phone=True), product)
        await shop.sign_in("azhen")
        number = await shop.open_order("实体礼品卡")
        lies(rogue, product, number)
        await shop.page.get_by_role("button", name="咨询物流").click()
        await aqiang.accept("阿珍")
        for word in ("商品", "来源", "异常", "轨迹", "快递", "故障"):
            await expect(aqiang.context.get_by_text(f"{word}{EVIL}").first).to_be_visible()
        await nothing_ran(aqiang.page)

        chat = shop.widget.chat
        await chat.at.get_by_role("button", name=number).click()
        card = chat.at.get_by_role("dialog", name="订单详情")
        for word in ("商品", "来源", "异常", "轨迹", "快递", "状态"):
            await expect(card.get_by_text(f"{word}{EVIL}").first).to_be_visible()
        for frame in shop.page.frames:
            await nothing_ran(frame)
