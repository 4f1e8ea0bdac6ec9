"""An owner has the shop do something for an order: once for each press, within limits, and told to both sides."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.channels.conftest import Desk, Page
from tests.channels.connected import NUMBER, OTHERS, ConnectedShop, an_order, client, rogue, shop
from tests.channels.test_proofs import by_code, last_four

__all__ = ["client", "rogue", "shop"]

DONE = {
    "outcome": "done",
    "at": "2026-11-21T10:30:00+08:00",
    "text": "卡密已重新发送",
    "key_masked": "•••• 7Q2K",
    "to_masked": "138****5678",
}
RESEND = {"action": "resend", "line": "l1", "round": 1}


async def press(page: Page, number: str = NUMBER, **changes: Any) -> httpx.Response:
    return await page.http.post(f"/orders/{number}/actions", json={**RESEND, **changes})


def acted(shop: ConnectedShop) -> int:
    """How often the shop was asked to do something."""
    return sum(path.endswith("/actions") for path in shop.rogue.asked)


@pytest.fixture
async def acting(shop: ConnectedShop) -> ConnectedShop:
    """A shop that does what it is asked."""
    await shop.can("resend", "reissue", "refund")
    shop.tells(f"/orders/{NUMBER}/actions", DONE)
    return shop


async def test_the_owner_has_a_card_sent_again_and_hears_the_shop_s_answer(acting: ConnectedShop) -> None:
    page = await acting.signed_in()
    answer = await press(page)
    told = answer.json()
    assert answer.status_code == 200
    assert (told["state"], told["by"], told["round"], told["line"]) == ("done", "customer", 1, "l1")
    assert (told["text"], told["to_masked"], told["key_masked"]) == ("卡密已重新发送", "138****5678", "•••• 7Q2K")
    assert told["settled_at"]


async def test_the_same_round_is_the_same_press_however_often_and_at_once(acting: ConnectedShop) -> None:
    page, other = await acting.signed_in(), await acting.signed_in()
    answers = await asyncio.gather(press(page), press(other), press(page))
    again = await press(page)
    assert {one.status_code for one in (*answers, again)} == {200}
    assert len({one.json()["id"] for one in (*answers, again)}) == 1
    assert again.json()["state"] == "done"
    assert acted(acting) == 1


async def test_a_second_time_is_a_second_round_and_a_page_that_did_not_see_the_first_is_told(
    acting: ConnectedShop,
) -> None:
    page = await acting.signed_in()
    await press(page)
    assert (await press(page, round=2)).json()["round"] == 2
    outdated = await press(page, round=4)
    assert (outdated.status_code, outdated.json()["code"]) == (409, "action_outdated")
    assert outdated.json()["facts"]["round"] == 3
    assert acted(acting) == 2


async def test_three_a_day_over_all_orders_and_a_clear_word_at_the_fourth(acting: ConnectedShop) -> None:
    page = await acting.signed_in()
    for round_ in (1, 2, 3):
        assert (await press(page, round=round_)).status_code == 200
    refused = await press(page, round=4)
    assert (refused.status_code, refused.json()["code"]) == (429, "action_limit")
    assert "3" in refused.json()["message"]
    english = await page.http.post(
        f"/orders/{NUMBER}/actions", json={**RESEND, "round": 4}, headers={"accept-language": "en"}
    )
    assert english.json()["message"].startswith("That was the last of the 3")
    assert acted(acting) == 3
    assert (await press(page, round=3)).json()["state"] == "done"  # what was pressed is still answered


async def test_what_only_agents_press_is_refused_to_customers(acting: ConnectedShop) -> None:
    page = await acting.signed_in()
    for action, line in (("reissue", "l1"), ("refund", None)):
        refused = await press(page, action=action, line=line)
        assert (refused.status_code, refused.json()["facts"]) == (409, {"why_not": "only_by_agent"})
    await acting.lets_customers_press("resend", "refund")
    acting.tells(f"/orders/{NUMBER}/actions", {"outcome": "accepted", "at": DONE["at"], "text": "已登记"})
    assert (await press(page, action="refund", line=None)).json()["state"] == "accepted"
    again = await press(page, action="refund", line=None, round=2)
    assert again.json()["facts"] == {"why_not": "already_asked"}


async def test_who_is_not_the_owner_finds_no_order(acting: ConnectedShop) -> None:
    owner, visitor, prover = await acting.signed_in(), await acting.served.visitor(), await acting.served.visitor()
    acting.proves()
    await last_four(prover)
    stranger = await acting.signed_in("c-2")
    await press(owner)
    tries = ((visitor, NUMBER), (prover, NUMBER), (stranger, NUMBER), (owner, OTHERS), (owner, "%00"), (visitor, "%00"))
    for page, number in tries:
        refused = await press(page, number)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert acted(acting) == 1


async def test_the_look_up_password_of_an_order_is_enough_for_that_order(acting: ConnectedShop) -> None:
    page, desk = await acting.served.visitor(), await acting.served.agent()
    opened = await page.open(code="CZ", order_number=NUMBER)
    acting.proves()
    typed = await page.http.post("/proofs/look-up-password", json={"order_number": NUMBER, "password": "lychee"})
    assert typed.status_code == 200, typed.text
    assert (await press(page)).json()["state"] == "done"
    assert (await press(page, OTHERS)).status_code == 404
    assert [one["to_masked"] for one in await told_in(page, opened["id"], 1)] == ["138****5678"]
    offers = (await settled(desk, opened["id"]))["offers"]
    assert [(one["action"], one["round"]) for one in offers if one["action"] == "resend"] == [("resend", 2)]


async def test_a_one_time_code_is_enough(acting: ConnectedShop) -> None:
    page = await acting.served.visitor()
    await by_code(acting, page)
    assert (await press(page)).json()["state"] == "done"


@pytest.mark.parametrize(
    ("changes", "why_not"),
    [
        pytest.param({"status": "pending_payment"}, "unpaid", id="unpaid"),
        pytest.param({"status": "cancelled"}, "cancelled", id="cancelled"),
        pytest.param({"status": "refunded"}, "refunded", id="refunded"),
    ],
)
async def test_an_order_in_which_nothing_is_owed_is_left_alone(
    acting: ConnectedShop, changes: dict[str, Any], why_not: str
) -> None:
    acting.has(an_order(**changes))
    refused = await press(await acting.signed_in())
    assert (refused.status_code, refused.json()["facts"]) == (409, {"why_not": why_not})
    assert acted(acting) == 0


async def test_a_shop_that_offers_nothing_and_a_line_that_is_not_there_are_refused(acting: ConnectedShop) -> None:
    page = await acting.signed_in()
    refused = await press(page, line="l9")
    assert (refused.status_code, refused.json()["code"]) == (409, "action_not_offered")
    await acting.can()
    assert (await press(page)).json()["code"] == "action_not_offered"


async def test_a_shop_that_is_away_is_told_and_nothing_is_pressed(acting: ConnectedShop) -> None:
    acting.tells(f"/orders/{NUMBER}", {}, status=503)
    refused = await press(await acting.signed_in())
    assert (refused.status_code, refused.json()["code"]) == (503, "outage")
    assert acted(acting) == 0
    async with acting.served.database.transaction() as tx:
        assert await tx.value("select count(*) from shop_action") == 0


async def test_what_has_not_the_right_form_is_refused(acting: ConnectedShop) -> None:
    page = await acting.signed_in()
    for body in (
        {**RESEND, "action": "destroy"},
        {**RESEND, "round": 0},
        {**RESEND, "round": 10**9},
        {**RESEND, "line": "a\u0000b"},
        {**RESEND, "reason": "x"},
        [],
    ):
        assert (await page.http.post(f"/orders/{NUMBER}/actions", json=body)).status_code in (400, 422), body
    assert acted(acting) == 0


async def test_both_sides_read_what_was_done_and_where_it_went(acting: ConnectedShop) -> None:
    page, desk = await acting.signed_in(), await acting.served.agent()
    async with desk.live() as line:
        opened = await page.open(code="CZ", order_number=NUMBER)
        await line.frame("offer")
        await desk.http.post(f"/desk/conversations/{opened['id']}/accept")
        async with page.live(opened["id"]) as customer:
            await customer.frame("caught_up")
            await line.send("watch", conversation=opened["id"], after=0)
            await line.frame("caught_up")
            await press(page)
            told = (await customer.frame("entry"))["entry"]["event"]
            seen = (await line.frame("entry"))["entry"]["event"]
    assert (told["name"], told["state"], told["by"], told["to_masked"]) == (
        "shop_action",
        "done",
        "customer",
        "138****5678",
    )
    assert seen["order_number"] == NUMBER
    assert "7Q2K" not in str(told) + str(seen)


async def test_a_visitor_that_was_joined_reads_that_something_was_done_and_not_to_whom(acting: ConnectedShop) -> None:
    visitor, desk = await acting.served.visitor(), await acting.served.agent()
    opened = await visitor.open(code="CZ", order_number=NUMBER)
    owner = await acting.signed_in()
    joined = await owner.http.post("/joins", json={"visitor": visitor.session["session"]})
    assert joined.status_code == 200, joined.text
    await settled(desk, opened["id"])
    await press(owner)
    entries = await told_in(visitor, opened["id"], 1)
    assert entries == [{"name": "shop_action", "action": "resend", "state": "done", "by": "customer"}]


async def settled(desk: Desk, conversation: str) -> dict[str, Any]:
    """The context once the shop has answered."""
    context = await desk.http.post(f"/desk/conversations/{conversation}/context/refresh")
    return dict(context.json())


async def told_in(page: Page, conversation: str, number: int) -> list[dict[str, Any]]:
    """What the conversation tells of presses, once there are so many."""
    told: list[dict[str, Any]] = []
    async with page.live(conversation) as socket:
        while len(told) < number:
            event = (await socket.frame("entry"))["entry"].get("event", {})
            told += [event] if event.get("name") == "shop_action" else []
    return told
