"""What every connector must do, asked of each there is.

A connector that joins the product joins the list of `connector`; nothing here knows
how a shop is made inside.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from mashang.kit import clock
from mashang.shops import contract, signing
from mashang.shops.connector import Connector
from mashang.shops.http import HttpShop
from tests.selling import AZHEN, XIAOLIN, DemoShop

OWNER, OTHER = XIAOLIN, AZHEN  # two customers with orders; OWNER's phone number ends in 8567


@pytest.fixture(params=["http"])
def connector(request: pytest.FixtureRequest, connected: HttpShop) -> Connector:
    return {"http": connected}[request.param]


async def test_it_says_what_it_can_do(connector: Connector) -> None:
    can = await connector.capabilities()
    assert can.contract.partition(".")[0] == contract.VERSION
    assert can.name


async def test_an_account_is_the_one_that_was_asked_for(connector: Connector) -> None:
    account = await connector.account(OWNER)
    assert account
    assert account.subject == OWNER
    assert account.balance


@pytest.mark.parametrize("subject", ["c-999999", "x", "a@b", "c-100001 ", "../c-100001", "%2e%2e"])
async def test_nobody_has_no_account_and_no_orders(connector: Connector, subject: str) -> None:
    assert await connector.account(subject) is None
    assert (await connector.orders(subject)).orders == []


@pytest.mark.parametrize("number", ["QN000000000000", "1", "' or 1=1", "QN1/../..", "订单"])
async def test_an_order_that_is_not_there_is_none(connector: Connector, number: str) -> None:
    assert await connector.order(number) is None


async def test_orders_are_newest_first_and_each_can_be_opened_by_its_number(connector: Connector) -> None:
    listed = (await connector.orders(OWNER)).orders
    assert len(listed) > 2
    assert [one.placed_at for one in listed] == sorted((one.placed_at for one in listed), reverse=True)
    for summary in listed:
        order = await connector.order(summary.number)
        assert order
        assert order.subject == OWNER
        assert (order.total, order.status) == (summary.total, summary.status)


async def test_pages_of_orders_follow_each_other(connector: Connector) -> None:
    whole = [one.number for one in (await connector.orders(OWNER, limit=100)).orders]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await connector.orders(OWNER, limit=2, cursor=cursor)
        seen += [one.number for one in page.orders]
        cursor = page.next
    assert seen == whole


async def test_one_customer_s_orders_are_not_the_other_s(connector: Connector) -> None:
    numbers = [{one.number for one in (await connector.orders(who)).orders} for who in (OWNER, OTHER)]
    assert not numbers[0] & numbers[1]


async def test_a_product_of_the_list_can_be_opened(connector: Connector) -> None:
    found = (await connector.products(limit=3)).products
    assert len(found) == 3
    assert await connector.product(found[0].id) == found[0]
    assert await connector.product("no-such-thing") is None


async def test_a_search_finds_by_words(connector: Connector) -> None:
    assert {one.id for one in (await connector.products("话费")).products} == {"phone-50", "phone-100"}
    assert (await connector.products("没有这种东西")).products == []


async def test_offers_and_incidents_are_lists(connector: Connector) -> None:
    assert (await connector.promotions()).promotions
    assert (await connector.incidents()).incidents == []


async def test_last_four_and_order_together_prove(connector: Connector) -> None:
    number = (await connector.orders(OWNER)).orders[1].number
    right = await connector.prove(contract.LastFour(order_number=number, last_four="8567"))
    assert right == contract.Proved(subject=OWNER)
    wrong = await connector.prove(contract.LastFour(order_number=number, last_four="0000"))
    nobody = await connector.prove(contract.LastFour(order_number="QN000000000000", last_four="8567"))
    assert wrong == nobody == contract.NotProved()


async def test_a_code_is_sent_whether_the_account_exists_or_not(connector: Connector) -> None:
    real = await connector.prove(contract.SendCode(account="xiaolin"))
    nobody = await connector.prove(contract.SendCode(account="nobody-here"))
    assert isinstance(real, contract.CodeSent)
    assert isinstance(nobody, contract.CodeSent)
    assert real.sent_to_masked is nobody.sent_to_masked is msgspec.UNSET
    guess = await connector.prove(contract.VerifyCode(proof=real.proof, code="000000"))
    assert guess == contract.NotProved()


# ── the wire ──


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
    orders = (await connected.orders(OWNER)).orders
    paths = [f"/orders/{one.number}" for one in orders] + [f"/customers/{OWNER}", f"/customers/{OWNER}/orders"]
    said = "".join([(await connected.ask("GET", path)).body.decode() for path in paths])
    number = next(one.number for one in orders if "飞鱼" in one.title)
    with demo_shop.member() as browser:
        page = browser.post(f"/orders/{number}/keys", data={"line": f"{number}-1"}).text
    keys: list[Any] = [part.partition("<")[0] for part in page.split("<code>")[1:]]
    assert len(keys) == 2
    assert not [key for key in keys if key in said]
    assert "13800138567" not in said
