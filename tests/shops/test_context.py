"""What the shop knows stands beside the conversation, or the agent is told that it does not answer."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec import UNSET

from mashang.kit import clock as product_clock
from mashang.kit import http
from mashang.shops import asking, context, contract, events, incidents, shop, telling
from mashang.shops.connector import ShopFailed
from mashang.shops.context import ContextAnswered
from mashang.shops.http import HttpShop
from mashang.shops.questions import PARTS
from tests.conftest import Clock
from tests.patience import quickest
from tests.selling import AZHEN, XIAOLIN, DemoShop, RogueShop, every_order
from tests.shops.counter import Counter


async def order_of(counter: Counter, subject: str) -> str:
    """The newest order of a customer."""
    return (await counter.ask(subject, parts=("orders",))).orders[0].number


async def test_the_proved_owner_s_order_account_and_orders_stand_there(counter: Counter) -> None:
    orders = (await counter.ask(AZHEN, parts=("orders",))).orders
    number = next(one.number for one in orders if "手机话费 50" in one.title and one.anomaly)
    view = await counter.ask(AZHEN, number)
    assert view.status == "complete"
    assert view.account.name == "阿珍"
    assert view.account.balance.currency == "CNY"
    assert view.order.number == number
    assert view.order.anomaly.kind == "top_up_failed"
    assert view.order.lines[0].delivery.recharge_target_masked == "139****4321"
    assert len(view.orders) >= 2
    assert view.claimed_order is msgspec.UNSET
    assert view.missing == []


async def test_card_keys_are_masked_wherever_they_are_kept(counter: Counter, connected: HttpShop) -> None:
    orders = await every_order(connected, XIAOLIN)
    number = [one.number for one in orders if "飞鱼" in one.title][-1]  # the oldest: others may wait for their cards
    view = await counter.ask(XIAOLIN, number)
    keys = [entry.key_masked for entry in view.order.lines[0].issue_record]
    assert keys
    assert all(key.startswith("••••") for key in keys)


async def test_somebody_else_s_order_stays_a_claim_that_tells_nothing(counter: Counter) -> None:
    theirs = await counter.ask(XIAOLIN, await order_of(counter, AZHEN), ("order",))
    nobodys = await counter.ask(XIAOLIN, "QN000000000000", ("order",))
    assert theirs.order is nobodys.order is msgspec.UNSET
    assert theirs.status == nobodys.status == "complete"
    assert not theirs.claimed_order.proved
    async with counter.database.transaction() as tx:
        kept = await tx.all("select data::text as data from context_snapshot")
    assert not any("139****" in row["data"] or "阿珍" in row["data"] for row in kept)


async def test_a_visitor_s_order_number_is_not_looked_up(counter: Counter) -> None:
    number = await order_of(counter, XIAOLIN)
    view = await counter.ask(None, number, ("account", "order", "orders"))
    assert view.status == "nothing_to_ask"
    assert view.claimed_order.number == number
    assert view.order is msgspec.UNSET


async def test_the_incidents_a_visitor_s_question_finds_are_there_for_everybody(
    counter: Counter, demo_shop: DemoShop
) -> None:
    with demo_shop.fault("maintenance"):
        view = await counter.ask(None)
    async with counter.database.transaction() as tx:
        found = await incidents.near(tx)
    assert view.status == "complete"
    assert [(one.shop_id, one.codes) for one in found] == [(counter.shop_id, ["CZ"])]
    assert view.account is msgspec.UNSET


async def test_a_topic_that_wants_nothing_asks_nothing(counter: Counter) -> None:
    assert (await counter.ask(XIAOLIN, "QN1", ())).status == "nothing_to_ask"


async def test_whoever_waits_hears_of_the_answer_after_it_is_stored(counter: Counter) -> None:
    conversation_id = await counter.begin(XIAOLIN)
    assert counter.heard == []
    await context.fetch(counter.database, counter.shops, conversation_id)
    assert counter.heard == [ContextAnswered(conversation_id, "complete")]


async def test_an_answered_snapshot_is_not_asked_a_second_time(rogue_counter: Counter, rogue: RogueShop) -> None:
    rogue.says("/incidents", b'{"incidents": []}')
    conversation_id = await rogue_counter.begin(None, parts=("incidents",))
    for _ in range(2):
        await context.fetch(rogue_counter.database, rogue_counter.shops, conversation_id)
    assert rogue.asked == ["/incidents"]


async def test_a_slow_shop_is_given_less_than_two_seconds(counter: Counter, demo_shop: DemoShop) -> None:
    async def asked() -> timedelta:
        async with counter.database.transaction() as tx:
            await tx.run("update shop set down_until = null")
        start = time.monotonic()
        view = await counter.ask(XIAOLIN, "QN1")
        took = timedelta(seconds=time.monotonic() - start)
        assert view.status == "unanswered"
        assert view.missing == sorted({*PARTS} - {"payment"})  # the shop has no payment provider: nobody is missing
        assert view.claimed_order.number == "QN1"
        return took

    # All parts together, not one after the other; the shop itself takes three seconds for each.
    together = timedelta(seconds=4)
    with demo_shop.fault("slow"):
        assert await quickest(asked, together) < together


async def test_a_shop_seen_down_is_not_asked_for_thirty_seconds(
    counter: Counter, demo_shop: DemoShop, rogue: RogueShop
) -> None:
    half_a_minute, since = timedelta(seconds=30), product_clock.now()
    with demo_shop.fault("down"):
        assert (await counter.ask(XIAOLIN)).status == "unanswered"
    assert since + half_a_minute <= (await counter.shop())["down_until"] <= product_clock.now() + half_a_minute
    await counter.move(rogue.keys)  # it would notice being asked
    view = await counter.ask(XIAOLIN)
    assert (view.status, view.reason) == ("unanswered", "unavailable")  # why it is left alone
    assert view.retry_at is not msgspec.UNSET
    assert rogue.asked == []
    await counter.move(demo_shop.keys)
    async with counter.database.transaction() as tx:
        await tx.run("update shop set down_until = app_now()")
    assert (await counter.ask(XIAOLIN)).status == "complete"
    assert (await counter.shop())["down_until"] is None


@pytest.mark.parametrize("fault", ["garbage", "wrong_signature"])
async def test_a_shop_that_talks_nonsense_is_unanswered_but_not_down(
    counter: Counter, demo_shop: DemoShop, fault: str
) -> None:
    with demo_shop.fault(fault):
        view = await counter.ask(XIAOLIN)
    assert (view.status, view.reason) == ("unanswered", "malformed" if fault == "garbage" else fault)
    assert (await counter.shop())["last_error"] == view.reason
    assert (await counter.ask(XIAOLIN)).status == "complete"


async def test_one_part_that_fails_leaves_the_others(rogue_counter: Counter, rogue: RogueShop) -> None:
    rogue.says("/incidents", b'{"incidents": []}')
    rogue.says("/promotions", b"<html>")
    view = await rogue_counter.ask(None)
    assert view.status == "partial"
    assert (view.missing, view.reason) == (["promotions"], "malformed")
    assert (await rogue_counter.shop())["down_until"] is None


async def test_another_account_s_data_is_not_taken(rogue_counter: Counter, rogue: RogueShop) -> None:
    rogue.says(f"/customers/{XIAOLIN}", msgspec.json.encode({"subject": AZHEN, "name": "阿珍"}))
    view = await rogue_counter.ask(XIAOLIN, parts=("account",))
    assert view.account is msgspec.UNSET
    assert view.missing == ["account"]


async def test_a_refresh_asks_again_and_keeps_what_is_known_when_nobody_answers(
    counter: Counter, demo_shop: DemoShop, clock: Clock
) -> None:
    conversation_id = await counter.begin(XIAOLIN, await order_of(counter, XIAOLIN))
    await context.fetch(counter.database, counter.shops, conversation_id)
    before = await counter.view(conversation_id)
    with demo_shop.fault("down"):
        await context.refresh(counter.database, counter.shops, conversation_id)
    kept = await counter.view(conversation_id)
    assert kept.status == "unanswered"
    assert kept.order == before.order
    assert kept.account == before.account
    assert kept.answered_at == before.answered_at
    await clock.advance(timedelta(seconds=31))
    await context.refresh(counter.database, counter.shops, conversation_id)
    after = await counter.view(conversation_id)
    assert after.status == "complete"
    assert after.answered_at > before.answered_at


async def test_the_first_question_learns_what_the_shop_can_do(counter: Counter) -> None:
    assert (await counter.shop())["capabilities"] is None
    await counter.ask(None, parts=("incidents",))
    assert (await counter.shop())["capabilities"]["order_number_shapes"] == ["QN999999999999"]


async def test_a_shop_of_a_former_release_is_asked_once_more_what_it_can_do(counter: Counter) -> None:
    async with counter.database.transaction() as tx:
        await tx.run("""update shop set capabilities = '{"contract": "1", "ask_again": true}'""")
    await counter.ask(None, parts=("incidents",))
    told = (await counter.shop())["capabilities"]
    assert told["actions"] == ["resend", "reissue", "refund"]
    assert "ask_again" not in told


async def test_a_question_cut_short_is_taken_up_again(counter: Counter, clock: Clock) -> None:
    conversation_id = await counter.begin(XIAOLIN)
    assert await context.sweep(counter.database, counter.shops) == 0
    await clock.advance(timedelta(seconds=6))
    assert await context.sweep(counter.database, counter.shops) == 1
    assert (await counter.view(conversation_id)).status == "complete"


async def test_a_question_a_minute_old_is_given_up(counter: Counter, clock: Clock) -> None:
    conversation_id = await counter.begin(XIAOLIN)
    await clock.advance(timedelta(seconds=61))
    await context.sweep(counter.database, counter.shops)
    assert (await counter.view(conversation_id)).status == "unanswered"
    assert counter.heard == [ContextAnswered(conversation_id, "unanswered")]


async def test_what_a_shop_reports_of_an_order_renews_the_owner_s_context(counter: Counter) -> None:
    number = await order_of(counter, XIAOLIN)
    counter.heard.clear()
    await counter.ask(XIAOLIN, number)
    await counter.ask(None, number)
    renewed = await context.refresh_about(counter.database, counter.shops, counter.shop_id, number)
    assert renewed == 1
    assert len(counter.heard) == 3


async def test_a_secret_that_cannot_be_opened_is_unanswered(counter: Counter) -> None:
    async with counter.database.transaction() as tx:
        await tx.run("update shop set secret_sealed = '\\x00' where id = %s", (counter.shop_id,))
    view = await counter.ask(XIAOLIN)
    assert (view.status, view.reason) == ("unanswered", "secret_unreadable")
    assert (await counter.shop())["last_error"] == "secret_unreadable"


async def test_one_question_that_is_answered_with_a_wrong_signature_is_noted_and_the_shop_not_left_alone(
    rogue_counter: Counter, rogue: RogueShop
) -> None:
    rogue.says("/orders/QN1", b"{}", secret="another")
    for _ in range(2):
        with pytest.raises(ShopFailed, match="wrong_signature"):
            await asking.ask(
                rogue_counter.database, rogue_counter.shops, rogue_counter.shop_id, lambda shop: shop.order("QN1")
            )
    shop = await rogue_counter.shop()
    assert (shop["last_error"], shop["down_until"]) == ("wrong_signature", None)


async def test_what_was_told_of_a_card_stands_also_where_the_shop_is_silent_and_for_its_owner_alone(
    rogue_counter: Counter,
) -> None:
    counter = rogue_counter  # says nothing to anything
    at = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
    async with counter.database.transaction() as tx:
        sender = await shop.by_key_id(tx, "m1")
        assert sender
        for minute, (order, subject, action) in enumerate(
            [("QN1", "c-1", "resent"), ("QN1", "c-2", "opened"), ("QN2", "c-1", "failed"), ("QN1", "c-1", "issued")]
        ):
            when = at - timedelta(minutes=minute)
            entry = contract.IssueEntry(at=when, action=action, source="自动发卡", key_masked="•••• 7Q2K")  # type: ignore[arg-type]  # a word of the list
            told = telling.CardIssued(
                id=f"e-{minute}", at=when, order_number=order, subject=subject, line="1", entry=entry
            )
            await events.take(tx, sender, told)
    view = await counter.ask("c-1", "QN1")
    assert view.order is UNSET
    assert [(one.line, one.entry.action) for one in view.issued] == [("1", "issued"), ("1", "resent")]
    assert (await counter.ask("c-3", "QN1")).issued == []
    assert (await counter.ask(None, "QN1")).issued == []
    assert (await counter.ask("c-1")).issued == []


async def test_it_is_told_whether_a_shop_shows_whole_keys(counter: Counter) -> None:
    await counter.ask(XIAOLIN)  # it is asked what it can do
    view = await counter.ask(XIAOLIN)
    async with counter.database.transaction() as tx:
        told = await tx.value("select capabilities->>'reveals' from shop where id = %s", (counter.shop_id,))
        await tx.run("update shop set capabilities = '{}'")
    assert (view.reveals, told) == (True, "true")
    assert not (await counter.ask(XIAOLIN)).reveals


async def test_nothing_is_to_be_pressed_at_a_shop_that_is_not_in_use_any_more(counter: Counter) -> None:
    conversation_id = await counter.begin(XIAOLIN, await order_of(counter, XIAOLIN))
    await counter.fetch(conversation_id)
    async with counter.database.transaction() as tx:
        before = await context.owned(tx, conversation_id)
        await tx.run("update shop set archived_at = app_now()")
        assert before is not None
        assert await context.owned(tx, conversation_id) is None


async def test_a_shop_whose_name_has_come_to_mean_a_private_address_is_not_asked_and_that_is_said(
    rogue_counter: Counter, rogue: RogueShop
) -> None:
    async with http.client() as guarded:  # as an installation has it that was not told otherwise
        rogue_counter.shops.client, allowed = guarded, rogue_counter.shops.client
        view = await rogue_counter.ask(XIAOLIN, "QN1")
        rogue_counter.shops.client = allowed
    assert (view.status, view.reason, rogue.asked) == ("unanswered", "private_address", [])
    assert (await rogue_counter.shop())["down_until"] is None
