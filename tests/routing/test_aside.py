"""Who leaves the queue, leaves a message, and comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import routing
from mashang.customers import customer
from mashang.kit.errors import NotFound
from mashang.routing import Need, priority
from mashang.routing.closing import PLACE_KEPT
from mashang.routing.eligibility import STANDS_BACK, head_start
from mashang.routing.judging import AlreadyClosed, NotWaiting
from mashang.routing.moving import Target

from .conftest import Floor
from .promises import broken


async def _owner(floor: Floor, waiting):
    return await floor.do(customer.by_id, waiting.customer_id)


async def _leaves_message(floor: Floor, waiting) -> None:
    await floor.do(routing.leave_message, await _owner(floor, waiting), waiting.id)


async def _comes_back(floor: Floor, waiting) -> None:
    await floor.do(routing.come_back, await _owner(floor, waiting), waiting.id)


async def test_a_message_is_asked_about_after_whoever_waits_here_and_an_open_offer_of_it_ends(floor: Floor) -> None:
    agent = await floor.somebody("甲", capacity=1)
    early = await floor.customer_waits()
    await floor.dispatch()
    assert await floor.offered_to(early) == agent.id
    late = await floor.customer_waits()
    await _leaves_message(floor, early)
    assert await floor.offered_to(early) is None
    await floor.dispatch()
    assert await floor.offered_to(late) == agent.id
    assert (await floor.traced(early))[-2:] == ["withdrawn", "message_left"]
    assert (await floor.happened(early))[-1] == "message_left"
    assert await broken(floor.db) == {}


async def test_a_message_is_answered_when_nobody_else_waits_and_on_the_busiest_day_after_two_hours(
    floor: Floor, clock
) -> None:
    message = await floor.customer_waits()
    await _leaves_message(floor, message)
    await clock.advance(STANDS_BACK - timedelta(minutes=1))
    before = await floor.customer_waits()
    await clock.advance(timedelta(minutes=2))
    behind = await floor.customer_waits()
    agent = await floor.somebody("甲", capacity=2)
    await floor.dispatch()
    assert [await floor.offered_to(one) for one in (before, message, behind)] == [agent.id, agent.id, None]
    await floor.do(routing.accept, agent, message.id)
    assert await broken(floor.db) == {}


async def test_whoever_comes_back_stands_where_they_would_have_stood(floor: Floor, clock) -> None:
    first, second = await floor.customer_waits(), await floor.customer_waits()
    before = await floor.place(first)
    await _leaves_message(floor, first)
    await _leaves_message(floor, first)  # again changes nothing
    await clock.advance(timedelta(minutes=30))
    await _comes_back(floor, first)
    await _comes_back(floor, first)
    assert await floor.place(first) == before
    assert (await floor.happened(first))[-2:] == ["message_left", "came_back"]
    agent = await floor.somebody("甲", capacity=1)
    await floor.dispatch()
    assert await floor.offered_to(first) == agent.id
    assert await floor.offered_to(second) is None


async def test_a_message_stays_one_when_it_is_transferred_or_its_customer_proves_who_they_are(floor: Floor) -> None:
    agent = await floor.somebody("甲")
    other = await floor.department("售后")
    waiting = await floor.customer_waits()
    await _leaves_message(floor, waiting)
    await floor.do(routing.transfer, agent, waiting.id, Target(department_id=other.id))
    place = await floor.place(waiting)
    assert place
    assert place["order_at"] == place["queued_at"] + STANDS_BACK
    await floor.do(priority._raise, waiting.id, 2)
    place = await floor.place(waiting)
    assert place
    assert place["order_at"] == place["queued_at"] + STANDS_BACK - head_start(2)
    assert await floor.ask("select count(*) from wait where ended_at is null") == 0


async def test_its_wait_is_over_and_a_new_one_begins_with_the_return(floor: Floor, clock) -> None:
    waiting = await floor.customer_waits(need=Need(required_tier=2))
    await clock.advance(timedelta(minutes=4))
    await _leaves_message(floor, waiting)
    assert await floor.ask("select outcome from wait") == "left"
    told = (await floor.do(routing.waiting, [waiting.id]))[waiting.id]
    assert (told.is_message, told.estimate) == (True, None)
    await clock.advance(timedelta(hours=5))
    await _comes_back(floor, waiting)
    assert await floor.ask("select app_now() - began_at < interval '1 min' from wait where ended_at is null")


async def test_strangers_the_served_and_the_closed_leave_no_message(floor: Floor) -> None:
    waiting = await floor.customer_waits()
    for verb in (routing.leave_message, routing.come_back):
        with pytest.raises(NotFound):
            await floor.do(verb, floor.scene.customer, waiting.id)
    await floor.do(routing.close, None, waiting.id)
    owner = await _owner(floor, waiting)
    for verb in (routing.leave_message, routing.come_back):
        with pytest.raises(AlreadyClosed):
            await floor.do(verb, owner, waiting.id)
    _, served = await floor.served()
    owner = await _owner(floor, served)
    for verb in (routing.leave_message, routing.come_back):
        with pytest.raises(NotWaiting):
            await floor.do(verb, owner, served.id)


@pytest.mark.parametrize(("away", "kept"), [(PLACE_KEPT - timedelta(seconds=30), True), (PLACE_KEPT, False)])
async def test_who_left_the_queue_has_the_old_place_for_five_minutes_and_a_new_one_later(
    floor: Floor, clock, away, kept
) -> None:
    left = await floor.customer_waits()
    before = await floor.place(left)
    assert before
    await clock.advance(timedelta(minutes=10))
    owner = await _owner(floor, left)
    await floor.do(routing.close, owner, left.id)
    assert await floor.place(left) is None
    await clock.advance(away)
    await floor.do(routing.reopen, owner, left.id)
    now = await floor.place(left)
    assert now
    assert ((now["queued_at"], now["number"]) == (before["queued_at"], before["number"])) is kept
    said = await floor.ask(
        "select data ->> 'place' from entry where conversation_id = %s and data ->> 'name' = 'reopened'", left.id
    )
    assert said == ("kept" if kept else "new")
