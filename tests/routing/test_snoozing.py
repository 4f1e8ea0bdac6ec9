"""Putting a conversation aside: it takes no hand, comes back by itself, and to the same agent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import routing
from mashang.conversations import timeline
from mashang.conversations.entry import Author, NewEntry
from mashang.kit import clock as product_clock
from mashang.kit.errors import Invalid
from mashang.routing.dispatcher import GRACE
from mashang.routing.judging import AlreadyClosed, AtCapacity, NotYours
from mashang.routing.moving import sweep_absent
from mashang.routing.snoozing import LONGEST, NotServed, sweep_snoozed

from .conftest import Floor

HOUR = timedelta(hours=1)


def later(span=HOUR):
    return product_clock.now() + span


async def says(floor: Floor, conversation, author="customer") -> None:
    await floor.do(
        timeline.append, NewEntry(conversation_id=conversation.id, author=Author(author), author_id=None, text="在吗")
    )


async def aside(floor: Floor, conversation) -> bool:
    return (await floor.now(conversation)).snoozed_at is not None


async def test_it_comes_back_when_its_time_has_come(floor: Floor, clock) -> None:
    agent, served = await floor.served()
    await floor.do(routing.snooze, agent, served.id, later())
    assert await sweep_snoozed(floor.db) == 0
    await clock.advance(HOUR)
    assert await sweep_snoozed(floor.db) == 1
    now = await floor.now(served)
    assert (now.status, now.agent_id, now.snoozed_at) == ("active", agent.id, None)
    assert (await floor.happened(served))[-2:] == ["snoozed", "woken"]


@pytest.mark.parametrize("until", [None, HOUR])
async def test_it_comes_back_when_the_customer_writes_and_not_when_colleagues_do(floor: Floor, until) -> None:
    agent, served = await floor.served()
    await says(floor, served)
    await floor.do(routing.snooze, agent, served.id, until and later(until))
    await says(floor, served, "agent")
    assert await sweep_snoozed(floor.db) == 0
    await says(floor, served)
    assert await sweep_snoozed(floor.db) == 1
    assert not await aside(floor, served)


async def test_the_customer_sees_nothing_of_it(floor: Floor) -> None:
    agent, served = await floor.served()
    await floor.do(routing.snooze, agent, served.id, None)
    await floor.do(routing.wake, agent, served.id)
    shown = await floor.ask(
        "select count(*) from entry where conversation_id = %s and audience = 'everyone'"
        " and data ->> 'name' in ('snoozed', 'woken')",
        served.id,
    )
    assert shown == 0


async def test_what_is_aside_takes_no_hand_and_counts_again_when_it_is_back(floor: Floor) -> None:
    agent = await floor.somebody("甲", capacity=1)
    _, first = await floor.served(agent)
    second = await floor.customer_waits()
    await floor.dispatch()
    assert await floor.offered_to(second) is None
    await floor.do(routing.snooze, agent, first.id, None)
    await floor.dispatch()
    assert await floor.offered_to(second) == agent.id
    await floor.do(routing.accept, agent, second.id)
    await floor.do(routing.wake, agent, first.id)  # even above the capacity
    third = await floor.customer_waits()
    await floor.dispatch()
    assert await floor.offered_to(third) is None
    with pytest.raises(AtCapacity):
        await floor.do(routing.take, agent, third.id)


async def test_it_stays_with_its_agent_overnight(floor: Floor, clock) -> None:
    agent, served = await floor.served()
    began = product_clock.now() - timedelta(days=1)
    await floor.do(routing.snooze, agent, served.id, later(timedelta(hours=16)))
    await floor.do(routing.return_all, agent)
    await floor.leaves(agent)
    await clock.advance(timedelta(hours=15))
    assert await sweep_absent(floor.db, GRACE, began) == 0
    assert await aside(floor, served)
    # Back, and nobody there: the queue has it like any other.
    await clock.advance(timedelta(hours=1))
    assert await sweep_snoozed(floor.db) == 1
    assert await sweep_absent(floor.db, GRACE, began) == 1
    assert (await floor.now(served)).status == "waiting"


@pytest.mark.parametrize("how", ["close", "return_to_queue"])
async def test_what_is_given_away_or_ended_is_not_aside_any_more(floor: Floor, clock, how) -> None:
    agent, served = await floor.served()
    await floor.do(routing.snooze, agent, served.id, later())
    await floor.do(getattr(routing, how), agent, served.id)
    assert not await aside(floor, served)
    await clock.advance(HOUR)
    assert await sweep_snoozed(floor.db) == 0


async def test_only_who_serves_it_puts_it_aside_and_within_reason(floor: Floor) -> None:
    agent, served = await floor.served()
    other = await floor.somebody("乙")
    waiting = await floor.customer_waits()
    for who, what, until, refusal in (
        (other, served, None, NotYours),
        (agent, waiting, None, NotServed),
        (agent, served, later(-HOUR), Invalid),
        (agent, served, later(LONGEST + HOUR), Invalid),
    ):
        with pytest.raises(refusal):
            await floor.do(routing.snooze, who, what.id, until)
    with pytest.raises(NotYours):
        await floor.do(routing.wake, other, served.id)
    await floor.do(routing.wake, agent, served.id)  # nothing to do
    await floor.do(routing.close, agent, served.id)
    with pytest.raises(AlreadyClosed):
        await floor.do(routing.snooze, agent, served.id, None)
