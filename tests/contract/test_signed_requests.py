"""What the connector contract says of the wire: every request is signed once, and nothing readable travels."""

from __future__ import annotations

import asyncio
from typing import Any

from mashang.kit import clock
from mashang.shops import signing
from mashang.shops.http import HttpShop
from tests.selling import XIAOLIN, DemoShop, every_order

OWNER = XIAOLIN


def ways(shop: HttpShop) -> dict[str, dict[str, str]]:
    """Headers that must be refused, by what is wrong with them."""
    good = shop.sign("GET", "/incidents")
    return {
        "nothing": {signing.NONCE: "n" * 20},
        "no signature": {**good, signing.SIGNATURE: ""},
        "another scheme": {**good, signing.SIGNATURE: good[signing.SIGNATURE].replace("v1=", "v2=")},
        "another key": {**good, signing.KEY: "stranger"},
        "another nonce": {**good, signing.NONCE: "m" * 20},
        "another time": {**good, signing.TIMESTAMP: str(int(good[signing.TIMESTAMP]) + 1)},
        "a time that is none": {**good, signing.TIMESTAMP: "now"},
        "another path": shop.sign("GET", "/promotions"),
        "a query": shop.sign("GET", "/incidents?a=b"),
        "another method": shop.sign("POST", "/incidents"),
        "a body": shop.sign("GET", "/incidents", b"{}"),
        "another secret": shop.sign("GET", "/incidents", secret="another"),
        "too old": shop.sign("GET", "/incidents", now=clock.now().replace(year=2020)),
    }


async def test_the_shop_refuses_every_signature_that_is_not_right(connected: HttpShop) -> None:
    answers = {
        wrong: await connected.ask("GET", "/incidents", signed=signed) for wrong, signed in ways(connected).items()
    }
    assert {wrong for wrong, answer in answers.items() if answer.status != 401} == set()


async def test_a_request_is_answered_once(connected: HttpShop) -> None:
    signed = connected.sign("GET", "/incidents")
    answers = [(await connected.ask("GET", "/incidents", signed=signed)).status for _ in range(3)]
    assert answers == [200, 401, 401]


async def test_the_same_request_sent_at_once_is_answered_once(connected: HttpShop) -> None:
    signed = connected.sign("GET", "/incidents")
    asked = (connected.ask("GET", "/incidents", signed=signed) for _ in range(5))
    assert sorted(answer.status for answer in await asyncio.gather(*asked)) == [200, 401, 401, 401, 401]


async def test_no_answer_holds_a_card_key_or_a_whole_telephone_number(connected: HttpShop, demo_shop: DemoShop) -> None:
    orders = await every_order(connected, OWNER)
    paths = [f"/orders/{one.number}" for one in orders] + [f"/customers/{OWNER}", f"/customers/{OWNER}/orders"]
    said = "".join([(await connected.ask("GET", path)).body.decode() for path in paths])
    number = next(one.number for one in orders if "飞鱼" in one.title)
    with demo_shop.member() as browser:
        page = browser.post(f"/orders/{number}/keys", data={"line": f"{number}-1"}).text
    keys: list[Any] = [part.partition("<")[0] for part in page.split("<code>")[1:]]
    assert len(keys) == 2
    assert not [key for key in keys if key in said]
    assert "13800138567" not in said
