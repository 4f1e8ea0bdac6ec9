"""The demo shop does what customer service asks, once for each key, whatever becomes of its answers."""

from __future__ import annotations

import pytest

from mashang.kit import ids
from mashang.shops.acting import ActionAccepted, ActionAnswer, ActionDone, ActionRefused, ActionRequest, RevealRequest
from mashang.shops.connector import ShopFailed
from mashang.shops.contract import Action, OrderLine
from mashang.shops.http import HttpShop
from tests.selling import DemoShop

from .test_demo_shop import buy, number_in


def bought(shop: DemoShop, product: str = "yunpan-year", **more: str) -> str:
    with shop.member() as browser:
        return number_in(buy(browser, product, **more))


async def line_of(shop: HttpShop, number: str) -> OrderLine:
    order = await shop.order(number)
    assert order
    return order.lines[0]


async def asked(
    shop: HttpShop, number: str, action: Action = "resend", *, key: str = "", line: str | None = ""
) -> ActionAnswer | None:
    line = (await line_of(shop, number)).id if line == "" else line
    return await shop.act(
        number, ActionRequest(key=key or ids.public_id(), action=action, line=line, asked_by="agent", reason="没收到")
    )


async def test_what_was_paid_and_not_issued_is_issued_once_for_one_key(
    demo_shop: DemoShop, connected: HttpShop
) -> None:
    with demo_shop.fault("not_issued"):
        number = bought(demo_shop)
    key = ids.public_id()
    assert await connected.outcome(key) is None
    answers = [await asked(connected, number, key=key) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2] == await connected.outcome(key)
    line = await line_of(connected, number)
    assert [entry.action for entry in line.issue_record] == ["issued"]
    assert isinstance(answers[0], ActionDone)
    assert answers[0].key_masked == line.issue_record[0].key_masked
    told = await connected.order(number)
    assert told
    assert (told.status, told.anomaly) == ("delivered", None)


async def test_the_record_says_whether_the_owner_or_customer_service_wanted_it(
    demo_shop: DemoShop, connected: HttpShop
) -> None:
    number = bought(demo_shop)
    line = await line_of(connected, number)
    own = ActionRequest(key=ids.public_id(), action="resend", line=line.id, asked_by="customer")
    await connected.act(number, own)
    await asked(connected, number)
    assert [entry.source for entry in (await line_of(connected, number)).issue_record[-2:]] == ["本人补发", "客服补发"]


async def test_what_was_issued_is_sent_again_and_new_keys_void_the_old(
    demo_shop: DemoShop, connected: HttpShop
) -> None:
    number = bought(demo_shop)
    first = await asked(connected, number)
    second = await asked(connected, number, "reissue")
    line = await line_of(connected, number)
    assert [entry.action for entry in line.issue_record] == ["issued", "resent", "reissued"]
    assert isinstance(first, ActionDone)
    assert isinstance(second, ActionDone)
    assert first.key_masked != second.key_masked
    assert first.to_masked == second.to_masked != ""
    read = await connected.keys(number, RevealRequest(line=line.id, reason="核对", asked_by="小美"))
    assert read
    assert second.key_masked == f"•••• {read.keys[-1][-4:]}"
    assert (await line_of(connected, number)).issue_record[-1].source == "客服查看"


async def test_a_top_up_that_did_not_arrive_is_made_and_one_that_did_is_not_made_again(
    demo_shop: DemoShop, connected: HttpShop
) -> None:
    with demo_shop.fault("not_issued"):
        number = bought(demo_shop, "phone-50", target="13800005678")
    assert isinstance(await asked(connected, number), ActionDone)
    again = await asked(connected, number)
    assert isinstance(again, ActionRefused)
    assert again.reason == "not_possible"


async def test_a_refund_is_noted_and_an_unpaid_order_gets_nothing(demo_shop: DemoShop, connected: HttpShop) -> None:
    assert isinstance(await asked(connected, bought(demo_shop), "refund", line=None), ActionAccepted)
    with demo_shop.member() as browser:
        placed = browser.post("/buy", data={"product": "yunpan-year", "quantity": "1"})
    unpaid = await asked(connected, number_in(placed))
    assert isinstance(unpaid, ActionRefused)
    assert unpaid.reason == "not_paid"
    assert await asked(connected, "QN000000000000", line=None) is None


async def test_an_answer_that_is_lost_is_found_by_its_key_and_a_refusal_does_nothing(
    demo_shop: DemoShop, connected: HttpShop
) -> None:
    number, key = bought(demo_shop), ids.public_id()
    with demo_shop.fault("action_lost"), pytest.raises(ShopFailed):
        await asked(connected, number, key=key)
    assert isinstance(await connected.outcome(key), ActionDone)
    with demo_shop.fault("action_refused"):
        refused = await asked(connected, number)
    assert isinstance(refused, ActionRefused)
    assert refused.reason == "out_of_stock"
    assert [entry.action for entry in (await line_of(connected, number)).issue_record] == ["issued", "resent"]
