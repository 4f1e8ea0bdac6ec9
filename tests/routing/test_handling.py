"""What agents and customers may do with a conversation, and what is refused by name."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mashang import codes, routing
from mashang.codes import topics
from mashang.customers import customer
from mashang.kit.db import Json
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.routing.handling import (
    AgentNotAvailable,
    AlreadyClosed,
    AlreadyOpen,
    AlreadyTaken,
    AtCapacity,
    NotOffered,
    NotYours,
    OfferExpired,
)
from mashang.staff import agents

from .conftest import OFFER, Floor


async def _served(floor: Floor, agent=None):
    """A conversation that an agent accepted."""
    agent = agent or await floor.somebody("甲")
    waiting = await floor.customer_waits()
    await floor.dispatch()
    await floor.do(routing.accept, agent, waiting.id)
    return agent, waiting


# ── accepting and declining ─────────────────────────────────────────────────


async def test_accepting_ends_the_wait(floor: Floor) -> None:
    agent, waiting = await _served(floor)
    now = await floor.now(waiting)
    assert (now.status, now.agent_id) == ("active", agent.id)
    assert await floor.place(waiting) is None
    assert await floor.offered_to(waiting) is None
    assert await floor.happened(waiting) == ["queued", "assigned"]
    assert await floor.traced(waiting) == ["placed", "offered", "accepted"]


async def test_accepting_twice_is_accepting_once(floor: Floor) -> None:
    agent, waiting = await _served(floor)
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
    _, served = await _served(floor)
    colleague, supervisor = await floor.somebody("乙"), await floor.somebody("主管", role="supervisor")
    with pytest.raises(AlreadyTaken) as refused:
        await floor.do(routing.take, colleague, served.id)
    assert refused.value.facts == {"agent": "甲"}
    await floor.do(routing.take, supervisor, served.id)
    assert (await floor.now(served)).agent_id == supervisor.id


# ── giving away ─────────────────────────────────────────────────────────────


async def test_a_transfer_to_a_department_keeps_place_code_and_context(floor: Floor, clock) -> None:
    other = await floor.department("售后")
    agent, served = await _served(floor)
    async with floor.db.transaction() as tx:
        await topics.create(
            tx, None, topics.TopicDraft(code="CZ", name="充值", department=floor.scene.department.public_id), ()
        )
        topic = (await codes.index(tx)).by_code["CZ"]
        await codes.redeem(tx, served.id, topic, "cz", "exact")
        await tx.run(
            "insert into context_snapshot (conversation_id, status, data, asked_at)"
            " values (%s, 'complete', %s, app_now())",
            (served.id, Json({"order": "1"})),
        )
    began = await floor.ask(
        "select facts ->> 'queued_at' from routing_trace where what = 'placed' and conversation_id = %s", served.id
    )
    await clock.advance(timedelta(minutes=10))
    newcomer = await floor.customer_waits(other)
    await floor.do(routing.transfer, agent, served.id, department_id=other.id, note="请看第二笔订单，密码：abc12345")
    now, place = await floor.now(served), await floor.place(served)
    assert (now.status, now.agent_id, now.department_id) == ("waiting", None, other.id)
    assert place["queued_at"].isoformat() == began
    assert place["number"] == (await floor.place(newcomer))["number"] + 1
    assert await floor.ask("select count(*) from redemption where conversation_id = %s", served.id) == 1
    assert await floor.ask("select data ->> 'order' from context_snapshot where conversation_id = %s", served.id) == "1"
    taker = await floor.somebody("乙", other, capacity=1)
    await floor.dispatch()
    assert await floor.offered_to(served) == taker.id  # before the newcomer
    note = await floor.ask(
        "select audience || ' ' || text from entry where conversation_id = %s and kind = 'text'", served.id
    )
    assert note == "staff 请看第二笔订单，密码：••••"


async def test_a_transfer_to_an_agent_is_offered_to_them_first(floor: Floor) -> None:
    agent, served = await _served(floor)
    await floor.somebody("闲")
    busy = await floor.somebody("忙", capacity=2)
    other = await floor.customer_waits()
    await floor.do(routing.take, busy, other.id)
    await floor.do(routing.transfer, agent, served.id, agent_id=busy.id)
    await floor.dispatch()
    assert await floor.offered_to(served) == busy.id


async def test_when_the_wanted_agent_declines_anybody_else_of_the_department_is_asked(floor: Floor) -> None:
    agent, served = await _served(floor)
    wanted, other = await floor.somebody("乙"), await floor.somebody("丙")
    await floor.do(routing.transfer, agent, served.id, agent_id=wanted.id)
    await floor.dispatch()
    await floor.do(routing.decline, wanted, served.id)
    await floor.dispatch()
    assert await floor.offered_to(served) == other.id


async def test_who_gave_a_conversation_away_does_not_get_it_back_at_once(floor: Floor, clock) -> None:
    agent, served = await _served(floor)
    await floor.do(routing.return_to_queue, agent, served.id)
    assert await floor.dispatch() == 0
    await clock.advance(timedelta(minutes=6))
    assert await floor.dispatch() == 1
    assert (await floor.happened(served))[-2:] == ["returned", "queued"]


async def test_a_returned_conversation_waits_at_its_old_place_with_its_old_number(floor: Floor, clock) -> None:
    agent, served = await _served(floor)
    await clock.advance(timedelta(minutes=3))
    later = await floor.customer_waits()
    await floor.do(routing.return_to_queue, agent, served.id)
    old, new = await floor.place(served), await floor.place(later)
    assert old["queued_at"] < new["queued_at"]
    assert (old["number"], new["number"]) == (1, 2)


async def test_a_transfer_is_refused_when_nobody_could_receive_it(floor: Floor) -> None:
    agent, served = await _served(floor)
    away, full = await floor.somebody("乙"), await floor.somebody("丙", capacity=0)
    await floor.goes_away(away)
    for colleague, reason in ((away, "away"), (full, "full")):
        with pytest.raises(AgentNotAvailable) as refused:
            await floor.do(routing.transfer, agent, served.id, agent_id=colleague.id)
        assert refused.value.facts == {"agent": colleague.name, "reason": reason}
    for wrong in (
        {},
        {"agent_id": agent.id},
        {"agent_id": 999},
        {"department_id": 999},
        {"agent_id": 1, "department_id": 1},
    ):
        with pytest.raises(Invalid):
            await floor.do(routing.transfer, agent, served.id, **wrong)
    assert (await floor.now(served)).agent_id == agent.id


async def test_only_who_serves_or_supervises_gives_away_closes_or_returns(floor: Floor) -> None:
    _, served = await _served(floor)
    colleague, supervisor = await floor.somebody("乙"), await floor.somebody("主管", role="supervisor")
    here = floor.scene.department.id
    with pytest.raises(NotYours):
        await floor.do(routing.transfer, colleague, served.id, department_id=here)
    with pytest.raises(NotYours):
        await floor.do(routing.close, colleague, served.id)
    with pytest.raises(NotYours):
        await floor.do(routing.return_to_queue, colleague, served.id)
    await floor.do(routing.transfer, supervisor, served.id, department_id=here)
    assert (await floor.now(served)).status == "waiting"


# ── closing and reopening ───────────────────────────────────────────────────


async def test_a_customer_who_leaves_the_queue_takes_the_offer_along(floor: Floor) -> None:
    await floor.somebody("甲")
    waiting = await floor.customer_waits()
    await floor.dispatch()
    owner = await floor.do(customer.by_id, waiting.customer_id)
    await floor.do(routing.close, owner, waiting.id)
    assert await floor.offered_to(waiting) is None
    assert await floor.place(waiting) is None
    assert (await floor.now(waiting)).status == "closed"
    assert (await floor.traced(waiting))[-1] == "closed_by_customer"


async def test_a_stranger_closes_and_reopens_nothing(floor: Floor) -> None:
    waiting = await floor.customer_waits()
    with pytest.raises(NotFound):
        await floor.do(routing.close, floor.scene.customer, waiting.id)
    await floor.do(routing.close, None, waiting.id)
    with pytest.raises(NotFound):
        await floor.do(routing.reopen, floor.scene.customer, waiting.id)


async def test_what_is_over_is_over_until_it_is_reopened(floor: Floor) -> None:
    agent, served = await _served(floor)
    with pytest.raises(AlreadyOpen):
        await floor.do(routing.reopen, agent, served.id)
    await floor.do(routing.close, agent, served.id)
    for verb in (routing.close, routing.take, routing.accept, routing.return_to_queue):
        with pytest.raises(AlreadyClosed):
            await floor.do(verb, agent, served.id)


async def test_reopened_by_the_customer_it_goes_to_the_agent_who_served_it(floor: Floor) -> None:
    agent, served = await _served(floor)
    await floor.do(routing.close, agent, served.id)
    owner = await floor.do(customer.by_id, served.customer_id)
    await floor.do(routing.reopen, owner, served.id)
    now = await floor.now(served)
    assert (now.status, now.agent_id) == ("active", agent.id)


async def test_when_that_agent_is_gone_or_busy_it_waits_from_now(floor: Floor, clock) -> None:
    agent, served = await _served(floor, await floor.somebody("甲", capacity=1))
    owner = await floor.do(customer.by_id, served.customer_id)
    await floor.do(routing.close, agent, served.id)
    busy_with = await floor.customer_waits()
    await floor.do(routing.take, agent, busy_with.id)
    await clock.advance(timedelta(hours=1))
    await floor.do(routing.reopen, owner, served.id)
    assert (await floor.now(served)).status == "waiting"
    place = await floor.place(served)
    assert await floor.ask("select app_now() - %s < interval '1 minute'", place["queued_at"])


async def test_an_agent_who_reopens_serves(floor: Floor) -> None:
    agent, served = await _served(floor)
    await floor.do(routing.close, agent, served.id)
    supervisor = await floor.somebody("主管", role="supervisor")
    await floor.do(routing.reopen, supervisor, served.id)
    assert (await floor.now(served)).agent_id == supervisor.id


async def test_a_conversation_of_an_archived_department_reopens_in_the_first_there_is(floor: Floor) -> None:
    other = await floor.department("售后")
    waiting = await floor.customer_waits(other)
    await floor.do(routing.close, None, waiting.id)
    await floor.ask("update department set archived_at = app_now() where id = %s returning id", other.id)
    owner = await floor.do(customer.by_id, waiting.customer_id)
    await floor.do(routing.reopen, owner, waiting.id)
    assert (await floor.now(waiting)).department_id == floor.scene.department.id


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
