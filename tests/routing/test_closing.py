"""How a conversation ends, and goes on again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import routing
from mashang.conversations import conversation as conversations
from mashang.customers import customer
from mashang.kit.errors import NotFound
from mashang.routing import Need
from mashang.routing.judging import AlreadyClosed, AlreadyOpen

from .conftest import Floor


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
    agent, served = await floor.served()
    with pytest.raises(AlreadyOpen):
        await floor.do(routing.reopen, agent, served.id)
    await floor.do(routing.close, agent, served.id)
    for verb in (routing.close, routing.take, routing.accept, routing.return_to_queue):
        with pytest.raises(AlreadyClosed):
            await floor.do(verb, agent, served.id)


async def test_reopened_by_the_customer_it_goes_to_the_agent_who_served_it(floor: Floor) -> None:
    agent, served = await floor.served()
    await floor.do(routing.close, agent, served.id)
    owner = await floor.do(customer.by_id, served.customer_id)
    await floor.do(routing.reopen, owner, served.id)
    now = await floor.now(served)
    assert (now.status, now.agent_id) == ("active", agent.id)


async def test_when_that_agent_is_gone_or_busy_it_waits_from_now(floor: Floor, clock) -> None:
    agent, served = await floor.served(await floor.somebody("甲", capacity=1))
    owner = await floor.do(customer.by_id, served.customer_id)
    await floor.do(routing.close, agent, served.id)
    busy_with = await floor.customer_waits()
    await floor.do(routing.take, agent, busy_with.id)
    await clock.advance(timedelta(hours=1))
    await floor.do(routing.reopen, owner, served.id)
    assert (await floor.now(served)).status == "waiting"
    place = await floor.place(served)
    assert await floor.ask("select app_now() - %s < interval '1 minute'", place["queued_at"])


async def test_reopening_passes_no_limit_that_opening_keeps(floor: Floor) -> None:
    agent, served = await floor.served()
    owner = await floor.do(customer.by_id, served.customer_id)
    await floor.do(routing.close, agent, served.id)
    async with floor.db.transaction() as tx:
        for number in range(conversations.MOST_OPEN):
            await tx.run(
                "insert into conversation (public_id, site_id, customer_id, status, department_id, opening_key)"
                " select 'more' || %s, site_id, customer_id, 'waiting', department_id, 'more' || %s"
                " from conversation where id = %s",
                (number, number, served.id),
            )
    with pytest.raises(conversations.TooManyOpen):
        await floor.do(routing.reopen, owner, served.id)
    assert (await floor.now(served)).status == "closed"


async def test_who_is_nobody_now_goes_on_without_the_priority_they_had_when_proved(floor: Floor) -> None:
    waiting = await floor.customer_waits(need=Need(required_tier=2, priority=3))
    owner = await floor.do(customer.by_id, waiting.customer_id)
    await floor.do(routing.close, owner, waiting.id)
    await floor.do(routing.reopen, owner, waiting.id)
    place = await floor.place(waiting)
    assert place
    assert (place["priority"], place["required_tier"]) == (0, 2)
    assert place["order_at"] == place["queued_at"]


async def test_an_agent_who_reopens_serves(floor: Floor) -> None:
    agent, served = await floor.served()
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
