"""What every connector must do, asked of each there is.

A connector that joins the product joins `sellers`; nothing here knows how a shop is made
inside.  What one cannot do (by what it says itself) is asked for all the same, and must be
refused cleanly: no crash, nothing done, nothing half answered.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from mashang.shops import acting, contract
from mashang.shops.connector import ShopFailed
from tests.contract.sellers import Seller, a_request

ACTIONS = ("resend", "reissue", "refund")


async def refused(question: Any) -> str | None:
    """Why it was not answered; None: it was."""
    try:
        await question
    except ShopFailed as failure:
        return failure.reason
    return None


async def test_it_says_what_it_can_do(seller: Seller) -> None:
    can = await seller.connector.capabilities()
    assert can.contract.partition(".")[0] == contract.VERSION
    assert can.name
    assert "order" in await seller.can()


async def test_an_account_is_the_one_that_was_asked_for(seller: Seller) -> None:
    account = await seller.connector.account(seller.subject)
    assert (account is not None) == ("account" in await seller.can())
    assert {one.subject for one in [account] if one} <= {seller.subject}


async def test_nobody_has_no_account_and_no_orders(seller: Seller) -> None:
    for subject in ("c-999999", "x", "a@b", "c-100001 ", "../c-100001", "%2e%2e"):
        assert await seller.connector.account(subject) is None, subject
        assert (await seller.connector.orders(subject)).orders == [], subject


async def test_what_is_not_there_is_none_whatever_is_asked_about_it(seller: Seller) -> None:
    shop, wish = seller.connector, acting.RevealRequest(line=seller.line, reason="核对", asked_by="小美")
    for number in ("QN000000000000", "1", "' or 1=1", "QN1/../..", "订单", "QN1\0", "x" * 65):
        assert await shop.order(number) is None, number
        assert not await shop.shipments(number), number
        assert await shop.keys(number, wish) is None, number


async def test_an_order_is_its_owner_s_and_holds_no_key_that_could_be_used(seller: Seller) -> None:
    order = await seller.connector.order(seller.number)
    assert order
    assert (order.number, order.subject) == (seller.number, seller.subject)
    masked = [entry.key_masked for line in order.lines for entry in line.issue_record if entry.key_masked]
    assert masked
    said = msgspec.json.encode(order).decode()
    assert len(seller.keys) == 2
    assert not [one for one in (*seller.keys, *seller.private) if one in said]


async def test_another_s_order_says_that_it_is_another_s(seller: Seller) -> None:
    order = await seller.connector.order(seller.theirs)
    assert order
    assert order.subject == seller.stranger != seller.subject


async def test_orders_are_newest_first_and_each_can_be_opened_by_its_number(seller: Seller) -> None:
    listed = (await seller.connector.orders(seller.subject)).orders
    assert (len(listed) > 2) == ("orders" in await seller.can())
    assert [one.placed_at for one in listed] == sorted((one.placed_at for one in listed), reverse=True)
    for summary in listed:
        order = await seller.connector.order(summary.number)
        assert order
        assert (order.subject, order.total, order.status) == (seller.subject, summary.total, summary.status)


async def test_pages_of_orders_follow_each_other(seller: Seller) -> None:
    whole = [one.number for one in (await seller.connector.orders(seller.subject, limit=100)).orders]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await seller.connector.orders(seller.subject, limit=2, cursor=cursor)
        seen += [one.number for one in page.orders]
        cursor = page.next
    assert seen == whole


async def test_one_customer_s_orders_are_not_the_other_s(seller: Seller) -> None:
    listed = [await seller.connector.orders(who) for who in (seller.subject, seller.stranger)]
    numbers = [{one.number for one in orders.orders} for orders in listed]
    assert not numbers[0] & numbers[1]


async def test_a_product_of_the_list_can_be_opened(seller: Seller) -> None:
    found = (await seller.connector.products(limit=3)).products
    assert len(found) == 3
    assert await seller.connector.product(found[0].id) == found[0]
    assert [await seller.connector.product(name) for name in ("no-such-thing", "999999", "1 or 1=1", "")] == [None] * 4


async def test_a_search_finds_by_words(seller: Seller) -> None:
    assert seller.found in {one.id for one in (await seller.connector.products(seller.word)).products}
    for nothing in ("没有这种东西", "%", "' or ''='"):
        assert (await seller.connector.products(nothing)).products == []


async def test_offers_and_incidents_are_lists(seller: Seller) -> None:
    offers = (await seller.connector.promotions()).promotions
    assert bool(offers) == ("promotions" in await seller.can())
    assert (await seller.connector.incidents()).incidents == []


# ── proofs ──


@pytest.mark.parametrize("proof", ["last_four", "one_time_code", "look_up_password"])
async def test_a_proof_that_it_offers_is_compared_and_any_other_refused(seller: Seller, proof: str) -> None:
    offered = proof in (await seller.connector.capabilities()).proofs
    assert (await refused(seller.connector.prove(seller.wrong[proof])) is None) == offered


async def test_what_is_right_proves_its_owner_and_what_is_wrong_nobody(seller: Seller) -> None:
    compared = set((await seller.connector.capabilities()).proofs) - {"one_time_code"}
    assert compared
    for proof in compared:
        assert await seller.connector.prove(seller.right[proof]) == contract.Proved(subject=seller.subject)
        assert await seller.connector.prove(seller.wrong[proof]) == contract.NotProved()


async def test_a_code_is_sent_whether_the_account_exists_or_not(seller: Seller) -> None:
    sends = [one for one in (await seller.connector.capabilities()).proofs if one == "one_time_code"]
    for proof in sends:
        real = await seller.connector.prove(seller.right[proof])
        nobody = await seller.connector.prove(seller.wrong[proof])
        assert isinstance(real, contract.CodeSent)
        assert isinstance(nobody, contract.CodeSent)
        assert real.sent_to_masked is nobody.sent_to_masked is msgspec.UNSET
        guess = await seller.connector.prove(contract.VerifyCode(proof=real.proof, code="000000"))
        assert guess == contract.NotProved()


# ── parcels, actions, keys ──


async def test_parcels_are_told_where_it_says_so(seller: Seller) -> None:
    can = await seller.connector.capabilities()
    parcels = [await seller.connector.shipments(number) for number in (seller.parcel_of, seller.number)]
    assert [bool(one) for one in parcels] == [can.shipments, False]
    for parcel in parcels[0] or []:
        assert [event.at for event in parcel.events] == sorted((event.at for event in parcel.events), reverse=True)


@pytest.mark.parametrize("action", ACTIONS)
async def test_what_it_does_it_does_once_for_a_key_and_what_it_does_not_changes_nothing(
    seller: Seller, action: str
) -> None:
    offered = action in (await seller.connector.capabilities()).actions
    before = await seller.connector.order(seller.number)
    asked = a_request(action, seller.line)
    assert await seller.connector.outcome(asked.key) is None
    reasons = [await refused(seller.connector.act(seller.number, asked)) for _ in range(2)]
    after = await seller.connector.order(seller.number)
    assert before
    assert after
    grown = [len(one.lines[0].issue_record) for one in (before, after)]
    assert reasons == ([None, None] if offered else ["not_offered"] * 2)
    assert grown[1] - grown[0] == (1 if offered and action != "refund" else 0)
    assert (await seller.connector.outcome(asked.key) is not None) == offered


async def test_the_same_key_at_once_is_done_once_and_answered_alike(seller: Seller) -> None:
    for action in (await seller.connector.capabilities()).actions:
        asked = a_request(action, seller.line)
        answers = await asyncio.gather(*(seller.connector.act(seller.number, asked) for _ in range(4)))
        assert all(answer == answers[0] for answer in answers)
        assert await seller.connector.outcome(asked.key) == answers[0]


async def test_an_action_for_an_order_that_is_not_there_does_nothing(seller: Seller) -> None:
    asked = a_request("resend", seller.line)
    assert await refused(seller.connector.act("QN000000000000", asked)) in (None, "not_offered")
    assert await seller.connector.outcome(asked.key) is None


async def test_readable_keys_come_by_one_question_of_their_own_for_this_line_alone(seller: Seller) -> None:
    assert "reveal" in await seller.can()
    wish = acting.RevealRequest(line=seller.line, reason="核对", asked_by="小美")
    told = await seller.connector.keys(seller.number, wish)
    assert told
    assert len(told.keys) == 2
    others = await seller.connector.keys(seller.number, msgspec.structs.replace(wish, line="another-line"))
    assert others is None
