"""What agents and customers may do with a conversation, and what is refused by name."""

from __future__ import annotations

import asyncio

import pytest

from mashang import routing
from mashang.kit.errors import Refusal
from mashang.routing.judging import (
    AgentNotAvailable,
    AlreadyTaken,
    AtCapacity,
    NotOffered,
    NotYours,
    OfferExpired,
)
from mashang.staff import agents

from .conftest import OFFER, Floor

# ── accepting and declining ─────────────────────────────────────────────────


async def test_accepting_ends_the_wait(floor: Floor) -> None:
    agent, waiting = await floor.served()
    now = await floor.now(waiting)
    assert (now.status, now.agent_id) == ("active", agent.id)
    assert await floor.place(waiting) is None
    assert await floor.offered_to(waiting) is None
    assert await floor.happened(waiting) == ["queued", "assigned"]
    assert await floor.traced(waiting) == ["placed", "offered", "accepted"]


async def test_accepting_twice_is_accepting_once(floor: Floor) -> None:
    agent, waiting = await floor.served()
    await floor.do(routing.accept, agent, waiting.id)
    assert await floor.happened(waiting) == ["queued", "assigned"]


async def test_who_was_dismissed_meanwhile_is_given_nobody(floor: Floor) -> None:
    agent = await floor.somebody("甲")
    waiting = await floor.customer_waits()
    await floor.dispatch()
    await floor.do(agents.archive, None, agent)
    with pytest.raises(AgentNotAvailable):
        await floor.do(routing.accept, agent, waiting.id)
    assert (await floor.now(waiting)).status == "waiting"


async def test_nobody_accepts_what_is_not_on_offer_to_them(floor: Floor) -> None:
    await floor.somebody("甲")
    waiting = await floor.customer_waits()
    await floor.dispatch()
    other = await floor.somebody("乙")
    with pytest.raises(NotOffered):
        await floor.do(routing.accept, other, waiting.id)
    with pytest.raises(NotOffered):
        await floor.do(routing.decline, other, waiting.id)


async def test_an_offer_that_ran_out_cannot_be_accepted_swept_or_not(floor: Floor, clock) -> None:
    agent, waiting = await floor.somebody("甲"), await floor.customer_waits()
    await floor.dispatch()
    await clock.advance(OFFER)
    with pytest.raises(OfferExpired):
        await floor.do(routing.accept, agent, waiting.id)
    await floor.dispatch()
    with pytest.raises(OfferExpired):
        await floor.do(routing.accept, agent, waiting.id)
    assert (await floor.now(waiting)).status == "waiting"


async def test_declining_passes_it_to_the_next(floor: Floor) -> None:
    first, waiting = await floor.somebody("甲"), await floor.customer_waits()
    await floor.dispatch()
    second = await floor.somebody("乙")
    await floor.do(routing.decline, first, waiting.id)
    await floor.dispatch()
    assert await floor.offered_to(waiting) == second.id


async def test_of_a_hundred_who_take_one_conversation_at_once_exactly_one_gets_it(floor: Floor) -> None:
    waiting = await floor.customer_waits()
    agents = [await floor.somebody(f"同事{number}") for number in range(4)]

    async def grab(number: int) -> str:
        try:
            await floor.do(routing.take, agents[number % 4], waiting.id)
        except AlreadyTaken:
            return "too late"
        return agents[number % 4].name

    outcomes = [outcome for outcome in await asyncio.gather(*map(grab, range(100))) if outcome != "too late"]
    assert len(set(outcomes)) == 1
    assert (await floor.happened(waiting)).count("assigned") == 1
    assert (await floor.traced(waiting)).count("taken") == 1


async def test_of_a_hundred_accepts_of_one_offer_one_assigns(floor: Floor) -> None:
    agent, waiting = await floor.somebody("甲"), await floor.customer_waits()
    others = [await floor.somebody(f"同事{number}") for number in range(3)]
    await floor.dispatch()
    offered = await floor.offered_to(waiting)
    everybody = sorted([agent, *others], key=lambda one: one.id != offered)

    async def accept(number: int) -> int | None:
        who = everybody[number // 25]
        try:
            await floor.do(routing.accept, who, waiting.id)
        except Refusal:
            return None
        return who.id

    winners = {winner for winner in await asyncio.gather(*map(accept, range(100))) if winner}
    assert winners == {offered}
    assert (await floor.traced(waiting)).count("accepted") == 1


async def test_accepting_and_running_out_at_once_leave_one_truth(floor: Floor, clock) -> None:
    agent, second = await floor.somebody("甲", capacity=20), await floor.somebody("乙", capacity=20)
    waiting = await floor.customers_wait(6)
    await floor.dispatch()
    await clock.advance(OFFER)
    both = [floor.do(routing.accept, person, one.id) for one in waiting for person in (agent, second)]
    outcomes = await asyncio.gather(floor.dispatch(), *both, return_exceptions=True)
    assert all(isinstance(one, int | None | Refusal) for one in outcomes)
    for one in waiting:  # to the colleague, who may have been quick enough to accept; never to both or to nobody
        answers = await floor.ask("select array_agg(coalesce(answer, 'open') order by id) from offer"
                                  " where conversation_id = %s", one.id)  # fmt: skip
        assert answers == ["timed_out", "accepted" if (await floor.now(one)).status == "active" else "open"]


# ── taking ──────────────────────────────────────────────────────────────────


async def test_an_agent_takes_a_waiting_customer_unasked(floor: Floor) -> None:
    agent, waiting = await floor.somebody("甲"), await floor.customer_waits()
    await floor.do(routing.take, agent, waiting.id)
    assert (await floor.now(waiting)).agent_id == agent.id


async def test_taking_withdraws_the_offer_to_a_colleague(floor: Floor) -> None:
    await floor.somebody("甲")
    waiting = await floor.customer_waits()
    await floor.dispatch()
    other = await floor.somebody("乙")
    await floor.do(routing.take, other, waiting.id)
    assert await floor.offered_to(waiting) is None
    assert (await floor.traced(waiting))[-2:] == ["withdrawn", "taken"]


async def test_nobody_takes_beyond_capacity_or_from_another_department(floor: Floor) -> None:
    other = await floor.department("售后")
    full, stranger = await floor.somebody("甲", capacity=0), await floor.somebody("乙", other)
    waiting = await floor.customer_waits()
    with pytest.raises(AtCapacity):
        await floor.do(routing.take, full, waiting.id)
    with pytest.raises(NotYours):
        await floor.do(routing.take, stranger, waiting.id)


async def test_taking_and_dispatching_at_once_never_go_over_capacity(floor: Floor) -> None:
    agent = await floor.somebody("甲", capacity=2)
    waiting = await floor.customers_wait(8)
    takes = [floor.do(routing.take, agent, one.id) for one in waiting[4:]]
    await asyncio.gather(floor.dispatch(), *takes, floor.dispatch(), return_exceptions=True)
    load = await floor.ask(
        "select (select count(*) from conversation where agent_id = %s and status = 'active')"
        " + (select count(*) from offer where answered_at is null)",
        agent.id,
    )
    assert load == 2


async def test_only_a_supervisor_takes_over_from_a_colleague(floor: Floor) -> None:
    _, served = await floor.served()
    colleague, supervisor = await floor.somebody("乙"), await floor.somebody("主管", role="supervisor")
    with pytest.raises(AlreadyTaken) as refused:
        await floor.do(routing.take, colleague, served.id)
    assert refused.value.facts == {"agent": "甲"}
    await floor.do(routing.take, supervisor, served.id)
    assert (await floor.now(served)).agent_id == supervisor.id


# ── all at once ─────────────────────────────────────────────────────────────


async def test_verbs_on_many_conversations_at_once_never_deadlock(floor: Floor) -> None:
    people = [await floor.somebody(name, capacity=50) for name in "甲乙"]
    waiting = await floor.customers_wait(12)

    async def busy(number: int) -> None:
        agent, one = people[number % 2], waiting[number % 12]
        for verb in (routing.take, routing.return_to_queue, routing.accept, routing.decline, routing.close):
            try:
                await floor.do(verb, agent, one.id)
            except Refusal:
                continue

    await asyncio.gather(*map(busy, range(36)), *(floor.dispatch() for _ in range(6)))
    open_places = await floor.ask("select count(*) from queue_place")
    assert open_places == await floor.ask("select count(*) from conversation where status = 'waiting'")
