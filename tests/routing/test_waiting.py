"""What a waiting customer is told."""

from __future__ import annotations

from mashang import routing
from mashang.routing import Waiting, waiting

from .conftest import Floor


async def _ahead(floor: Floor, *conversations) -> list[int]:
    told = await floor.do(waiting, [one.id for one in conversations])
    return [told[one.id].ahead for one in conversations]


async def test_the_number_counts_up_and_ahead_counts_down(floor: Floor) -> None:
    agent = await floor.somebody("甲")
    first, second, third = await floor.customers_wait(3)
    told = await floor.do(waiting, [first.id, third.id])
    assert told == {first.id: Waiting(1, 0, 1), third.id: Waiting(3, 2, 1)}
    await floor.do(routing.take, agent, first.id)
    assert await _ahead(floor, second, third) == [0, 1]


async def test_who_is_being_offered_still_waits(floor: Floor) -> None:
    await floor.somebody("甲", capacity=1)
    first, second = await floor.customers_wait(2)
    await floor.dispatch()
    assert await _ahead(floor, first, second) == [0, 1]


async def test_customers_of_another_department_count_when_an_agent_is_shared(floor: Floor) -> None:
    other = await floor.department("售后")
    before = await floor.customer_waits(other)
    mine = await floor.customer_waits()
    assert await _ahead(floor, mine) == [0]
    shared = await floor.somebody("甲", floor.scene.department, other)
    assert await _ahead(floor, mine) == [1]
    assert await _ahead(floor, before) == [0]
    await floor.goes_away(shared)
    assert await _ahead(floor, mine) == [0]


async def test_nobody_there_is_said(floor: Floor) -> None:
    agent = await floor.somebody("甲")
    mine = await floor.customer_waits()
    await floor.leaves(agent)
    assert (await floor.do(waiting, [mine.id]))[mine.id].agents_online == 0


async def test_who_does_not_wait_has_no_place(floor: Floor) -> None:
    agent, mine = await floor.somebody("甲"), await floor.customer_waits()
    await floor.do(routing.take, agent, mine.id)
    assert await floor.do(waiting, [mine.id]) == {}
    assert await floor.do(waiting, []) == {}


async def test_one_statement_however_many_ask(floor: Floor, queries) -> None:
    many = await floor.customers_wait(20)
    queries.clear()
    assert await _ahead(floor, *many) == list(range(20))
    assert len(queries) == 1
