"""The card of one's own order: the same facts as the agent's, for its proved owner and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.channels.conftest import Page
from tests.channels.connected import NUMBER, OTHERS, ConnectedShop, an_order, client, rogue, shop
from tests.conftest import Clock

__all__ = ["client", "rogue", "shop"]
LATE = {"kind": "paid_not_issued", "text": "已付款，卡密未发放", "since": "2026-11-21T10:05:00+08:00"}


async def card(page: Page, number: str = NUMBER) -> dict[str, Any]:
    answer = await page.http.get(f"/orders/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def talks(shop: ConnectedShop, page: Page, *parts: str) -> str:
    """A conversation about the order, whose people want to see it; its id."""
    async with shop.served.database.transaction() as tx:
        await tx.run("update topic set context = %s", (["account", "order", *parts],))
    return str((await page.open(code="CZ", order_number=NUMBER))["id"])


async def context(shop: ConnectedShop, conversation: str) -> dict[str, Any]:
    """What the desk shows beside it once the shop has answered."""
    desk = await shop.served.agent()
    place = f"/desk/conversations/{conversation}/context"
    await desk.http.post(f"{place}/refresh")
    return dict((await desk.http.get(place)).json())


def asked(shop: ConnectedShop, number: str = NUMBER) -> int:
    """How often the shop was asked for this order."""
    return shop.rogue.asked.count(f"/orders/{number}")


async def test_the_owner_sees_the_order_as_the_agent_does(shop: ConnectedShop) -> None:
    shop.has(an_order(anomaly=LATE))
    owner = await shop.signed_in()
    conversation = await talks(shop, owner)
    beside, seen = await context(shop, conversation), await card(owner)
    for fact in ("lines", "total", "payment", "placed_at", "status", "status_text"):
        assert seen[fact] == beside["order"][fact], fact
    assert seen["anomalies"] == [beside["order"]["anomaly"]]
    assert seen["lines"][0]["issue_record"][0]["key_masked"] == "•••• 7Q2K"
    assert (seen["status_only"], seen["stale"], seen["told_at"]) == (False, False, beside["answered_at"])


async def test_with_a_conversation_about_it_the_shop_is_not_asked_again_until_a_minute_has_passed(
    shop: ConnectedShop, clock: Clock
) -> None:
    owner = await shop.signed_in()
    conversation = await talks(shop, owner)
    await context(shop, conversation)
    before = asked(shop)
    await card(owner)
    assert asked(shop) == before
    shop.has(an_order(status_text="已退款", status="refunded"))
    await clock.advance(timedelta(minutes=1, seconds=1))
    assert (await card(owner))["status_text"] == "已退款"
    assert asked(shop) == before + 1
    desk = await shop.served.agent()
    seen = (await desk.http.get(f"/desk/conversations/{conversation}/context")).json()
    assert seen["order"]["status_text"] == "已退款", "what the owner sees the agent sees too"


async def test_without_a_conversation_the_shop_is_asked_each_time_and_nothing_is_kept(shop: ConnectedShop) -> None:
    owner = await shop.signed_in()
    assert (await card(owner))["lines"][0]["product"] == "云朵网盘 会员年卡"
    await card(owner)
    assert asked(shop) == 2
    async with shop.served.database.transaction() as tx:
        assert await tx.value("select count(*) from context_snapshot") == 0


async def test_a_shop_that_does_not_answer_leaves_what_it_said_before_and_that_is_told(
    shop: ConnectedShop, clock: Clock
) -> None:
    owner = await shop.signed_in()
    conversation = await talks(shop, owner)
    await context(shop, conversation)
    shop.tells(f"/orders/{NUMBER}", {}, status=503)
    await clock.advance(timedelta(minutes=2))
    seen = await card(owner)
    assert (seen["stale"], seen["told_at"], seen["status_text"]) == (True, None, "已发货")
    shop.tells(f"/orders/{OTHERS}", {}, status=503)
    assert (await owner.http.get(f"/orders/{OTHERS}")).status_code == 503, "nothing is known of this one"


async def test_what_was_done_and_what_may_be_pressed_now_stands_on_the_card(shop: ConnectedShop) -> None:
    await shop.can("resend", "refund")
    owner = await shop.signed_in()
    first = {"action": "resend", "line": "l1", "round": 1}
    assert {**first, "why_not": None} in (await card(owner))["offers"]
    shop.tells(
        f"/orders/{NUMBER}/actions",
        {"outcome": "done", "at": "2026-11-21T10:30:00+08:00", "to_masked": "138****5678"},
    )
    pressed = (await owner.http.post(f"/orders/{NUMBER}/actions", json=first)).json()
    seen = await card(owner)
    assert seen["actions"] == [pressed]
    assert {**first, "round": 2, "why_not": None} in seen["offers"]


async def test_parcels_stand_on_the_card_and_of_a_telephone_nothing(shop: ConnectedShop) -> None:
    async with shop.served.database.transaction() as tx:
        await tx.run("""update shop set capabilities = '{"shipments": true}'""")
    event = {"at": "2026-11-21T12:00:00+08:00", "text": "已到达转运中心", "place": "广州"}
    parcel = {
        "number": "SF1",
        "carrier": "顺丰速运",
        "phone_last_four": "5678",
        "state": "in_transit",
        "events": [event],
    }
    shop.tells(f"/orders/{NUMBER}/shipments", {"shipments": [parcel]})
    owner = await shop.signed_in()
    alone = (await card(owner))["shipments"]
    beside = (await context(shop, await talks(shop, owner, "shipments")))["shipments"]
    assert (await card(owner))["shipments"] == beside, "agent and customer see the same"
    assert [one["events"][0]["place"] for one in (*alone, *beside)] == ["广州", "广州"]
    assert "5678" not in str((alone, beside))


async def test_what_the_shop_told_by_itself_stands_on_the_card_too(shop: ConnectedShop) -> None:
    async with shop.served.database.transaction() as tx:
        await tx.run(
            "insert into matter (shop_id, order_number, subject, kind, text, since, told_at)"
            " select id, %s, 'c-1', 'refund_stuck', '退款卡住了', app_now(), app_now() from shop",
            (NUMBER,),
        )
    shop.has(an_order(anomaly=LATE))
    kinds = [one["kind"] for one in (await card(await shop.signed_in()))["anomalies"]]
    assert kinds == ["paid_not_issued", "refund_stuck"]


async def test_four_digits_tell_the_status_and_nothing_else(shop: ConnectedShop) -> None:
    visitor = await shop.served.visitor()
    shop.proves()
    await visitor.http.post("/proofs/last-four", json={"order_number": NUMBER, "last_four": "5678"})
    for in_a_conversation in (False, True):
        if in_a_conversation:
            await talks(shop, visitor)
        seen = await card(visitor)
        assert (seen["status_only"], seen["status_text"], seen["title"]) == (True, "已发货", "云朵网盘 会员年卡 ×1")
        assert not any(seen[more] for more in ("lines", "total", "payment", "paid", "anomalies", "codes"))
        assert not any(seen[more] for more in ("shipments", "actions", "offers", "url"))
        assert "7Q2K" not in str(seen)


@pytest.mark.parametrize("number", [OTHERS, "QN000000000000", "..%2Fcustomers", "%00", "x" * 90], ids=range(5))
async def test_somebody_elses_order_and_one_there_is_not_are_one_answer(shop: ConnectedShop, number: str) -> None:
    shop.tells("/orders/QN000000000000", {"code": "not_found"}, status=404)
    shop.tells(f"/orders/{'x' * 90}", {"code": "not_found"}, status=404)
    owner, stranger = await shop.signed_in(), await shop.served.visitor()
    await talks(shop, stranger)
    answers = [await page.http.get(f"/orders/{number}") for page in (owner, stranger)]
    answers.append(await stranger.http.get(f"/orders/{NUMBER}"))
    assert {one.status_code for one in answers} == {404}
    assert len({one.content for one in answers}) == 1


async def test_the_agents_of_one_customer_show_nothing_to_another_whose_order_it_is_not(shop: ConnectedShop) -> None:
    conversation = await talks(shop, await shop.signed_in())
    await context(shop, conversation)
    other = await (await shop.signed_in("c-2")).http.get(f"/orders/{NUMBER}")
    assert other.status_code == 404


@pytest.mark.usefixtures("no_refill")
async def test_whoever_opens_cards_without_end_is_stopped_before_the_shop_is_asked(shop: ConnectedShop) -> None:
    owner = await shop.signed_in()
    answers = [(await owner.http.get(f"/orders/{NUMBER}")).status_code for _ in range(44)]
    assert answers[:40] == [200] * 40
    assert 429 in answers
    assert asked(shop) == answers.count(200)
