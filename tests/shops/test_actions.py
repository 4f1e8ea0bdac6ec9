"""A press whose answer was lost is asked after, never repeated: what the shop says counts, whenever it says so."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import msgspec
import pytest

from mashang.kit import clock as product_clock
from mashang.kit.db import Database
from mashang.shops import acting, actions, pressing, shop
from mashang.shops.contract import Order
from mashang.shops.offered import Policy, offers
from mashang.shops.pressing import ActionNotNow, ActionOutdated
from tests.channels.connected import an_order
from tests.conftest import Clock

from .ledger import Ledger, Mood, ledger

ALL = ("resend", "reissue", "refund")


@pytest.fixture
async def one(database: Database, clock: Clock) -> Ledger:
    return await ledger(database, clock)


@pytest.mark.parametrize("mood", ["late", "garbage", "forged"])
async def test_an_answer_that_was_lost_is_asked_after_and_the_press_not_repeated(one: Ledger, mood: Mood) -> None:
    one.shop.mood = mood
    assert (await one.press("小美")).state == "unknown"
    one.shop.mood = "answers"
    assert (await one.press("小美")).state == "unknown"  # the same press, heard again
    await one.clock.advance(timedelta(seconds=3))
    assert await one.settle() == 1
    told = (await one.rows())[0]
    assert (told.state, told.key_masked, told.to_masked) == ("done", "•••• 7Q2K", "138****5678")
    assert sum(one.shop.did.values()) == 1


async def test_while_nobody_knows_no_one_adds_to_it_with_any_button(one: Ledger) -> None:
    one.shop.mood = "late"
    await one.press("小美")
    one.shop.mood = "answers"
    assert {offer.why_not for offer in await one.offers("阿强")} == {"under_way"}
    for action in ("reissue", "refund"):
        with pytest.raises(ActionNotNow) as refused:
            await one.press("阿强", action)
        assert refused.value.facts == {"why_not": "under_way"}


async def test_a_request_that_may_still_arrive_is_not_given_up(one: Ledger) -> None:
    one.shop.mood = "slow"
    await one.press("小美")
    one.shop.mood = "answers"
    for _ in range(8):
        await one.clock.advance(timedelta(seconds=67))
        await one.settle()
        assert (await one.rows())[0].state == "unknown"
    one.shop.deliver()  # its clock is five minutes slow, and the signature five minutes good
    assert sum(one.shop.did.values()) == 1
    await one.clock.advance(timedelta(hours=1))
    await one.settle()
    assert (await one.rows())[0].state == "done"


async def test_what_never_came_is_said_so_and_pressed_again_under_the_same_key(one: Ledger) -> None:
    one.shop.mood = "lost"
    first = await one.press("小美")
    one.shop.mood = "answers"
    await one.clock.advance(pressing.OVER_AFTER + timedelta(seconds=1))
    await one.settle()
    given_up = (await one.rows())[0]
    assert (given_up.state, given_up.settled_at is not None) == ("not_done", True)
    assert next(offer.round for offer in await one.offers("阿强")) == 1
    again = await one.press("阿强")
    assert (again.id, again.key, again.state, again.by_name) == (first.id, first.key, "done", "阿强")


async def test_the_shop_is_asked_less_and_less_often(one: Ledger, database: Database) -> None:
    one.shop.mood = "lost"
    looked_from = product_clock.now()
    await one.press("小美")
    one.shop.is_away = True
    for pause in (2, 5, 15, 60, 120, 240, 300, 900, 3600, 3600, 3600):
        looked_by = product_clock.now()
        next_look = await _next_look(database)
        assert looked_from + timedelta(seconds=pause) <= next_look <= looked_by + timedelta(seconds=pause)
        await _look_next_in(database, timedelta(minutes=1))
        assert await one.settle() == 0
        await _look_next_in(database, timedelta(0))
        looked_from = product_clock.now()
        assert await one.settle() == 1


async def _next_look(database: Database) -> datetime:
    async with database.transaction() as tx:
        at: datetime = await tx.value("select look_at from shop_action")
    return at


async def _look_next_in(database: Database, span: timedelta) -> None:
    async with database.transaction() as tx:
        await tx.run("update shop_action set look_at = app_now() + %s", (span,))


async def test_a_shop_that_was_seen_down_is_asked_all_the_same_what_became_of_it(
    one: Ledger, database: Database
) -> None:
    one.shop.mood = "late"
    await one.press("小美")
    async with database.transaction() as tx:
        await shop.note_failure(tx, one.shop_id, "timed_out", looks_down=True)
    await one.clock.advance(timedelta(seconds=3))
    await one.settle()
    assert (await one.rows())[0].state == "done"


async def test_a_shop_that_stays_away_keeps_a_press_open_until_it_is_back(one: Ledger) -> None:
    one.shop.mood = "late"
    await one.press("小美")
    one.shop.is_away = True
    await one.clock.advance(timedelta(days=3))
    await one.settle()
    assert (await one.rows())[0].state == "unknown"
    one.shop.is_away = False
    await one.clock.advance(timedelta(hours=1, seconds=1))
    await one.settle()
    assert (await one.rows())[0].state == "done"


async def test_workers_and_a_page_settle_at_one_moment_and_tell_once(one: Ledger, database: Database) -> None:
    one.shop.mood = "late"
    pressed = await one.press("小美")
    await one.clock.advance(timedelta(seconds=3))
    answer = one.shop.answers[pressed.key]

    async def page() -> None:
        async with database.transaction() as tx:
            await actions.answered(tx, pressed.id, answer)

    asked = await asyncio.gather(one.settle(), one.settle(), page())
    assert asked[0] + asked[1] <= 1
    await one.settle()
    assert [row.state for row in await one.rows()] == ["done"]


async def test_what_the_shop_accepted_is_followed_until_it_is_decided(one: Ledger) -> None:
    one.shop.mood = "accepts"
    pressed = await one.press("小美", "refund")
    assert pressed.state == "accepted"
    one.shop.answers[pressed.key] = acting.ActionDone(at=pressed.asked_at, text="已退款")
    await one.clock.advance(timedelta(minutes=2))
    await one.settle()
    told = (await one.rows())[0]
    assert (told.state, told.text) == ("done", "已退款")
    await one.clock.advance(timedelta(days=1))
    assert await one.settle() == 0


async def test_what_the_shop_refused_may_be_asked_again_deliberately(one: Ledger) -> None:
    one.shop.mood = "refuses"
    refused = await one.press("小美")
    assert (refused.state, refused.text, refused.settled_at is not None) == ("refused", "没货了", True)
    one.shop.mood = "answers"
    assert (await one.press("小美")).state == "refused"
    await one.looks("小美")
    again = await one.press("小美")
    assert (again.round, again.state, again.key != refused.key) == (2, "done", True)


async def test_two_agents_on_pages_of_the_same_moment_have_one_thing_done(one: Ledger) -> None:
    await one.looks("小美")
    await one.looks("阿强")
    both = await asyncio.gather(one.press("小美"), one.press("阿强"))
    assert len({row.id for row in both}) == 1
    await one.looks("小美")
    await one.press("小美")
    one.pages["阿强"] = [msgspec.structs.replace(offer, round=5) for offer in one.pages["阿强"]]
    with pytest.raises(ActionOutdated):
        await one.press("阿强")
    assert sum(one.shop.did.values()) == 2


async def test_an_instant_that_the_shop_made_up_is_not_shown(one: Ledger) -> None:
    one.shop.mood = "slow"
    pressed = await one.press("小美")
    one.shop.answers[pressed.key] = acting.ActionDone(at=pressed.asked_at - timedelta(days=400))
    await one.clock.advance(timedelta(seconds=3))
    await one.settle()
    assert (await one.rows())[0].settled_at == pressed.asked_at


# ── what may be pressed ─────────────────────────────────────────────────────


def _order(state: str = "issued", kind: str = "card_key", **changes: object) -> Order:
    told = an_order(**changes)  # type: ignore[arg-type]  # words of the order
    told["lines"][0]["delivery"] = {"kind": kind, "state": state}
    return msgspec.convert(told, Order)


def _shown(order: Order, **policy: object) -> dict[str, str | None]:
    found = offers(order, Policy(**{"can": ALL, **policy}), [])  # type: ignore[arg-type]  # words of the policy
    return {offer.action: offer.why_not for offer in found}


@pytest.mark.parametrize(
    ("order", "shown"),
    [
        pytest.param(_order(), {"resend": None, "reissue": None, "refund": None}, id="issued"),
        pytest.param(
            _order("waiting"), {"resend": None, "reissue": "not_issued", "refund": None}, id="paid-and-not-issued"
        ),
        pytest.param(_order("delivered", "top_up"), {"refund": None}, id="topped-up"),
        pytest.param(_order("failed", "top_up"), {"resend": None, "refund": None}, id="top-up-failed"),
        pytest.param(_order("issued", "parcel"), {"refund": None}, id="parcel"),
        pytest.param(
            _order(status="pending_payment"), dict.fromkeys(ALL, "unpaid"), id="unpaid"
        ),
        pytest.param(_order(status="refunded"), dict.fromkeys(ALL, "refunded"), id="refunded"),
    ],
)  # fmt: skip
def test_what_is_offered_follows_from_the_order(order: Order, shown: dict[str, str | None]) -> None:
    assert _shown(order) == shown


def test_what_the_shop_cannot_do_is_not_shown_and_what_one_may_not_do_says_why() -> None:
    assert _shown(_order(), can=("resend",), left=0) == {"resend": "limit"}
    assert _shown(_order(), barred={"reissue": "only_by_agent"})["reissue"] == "only_by_agent"
    assert _shown(_order(), can=()) == {}
