"""What a waiting customer is told."""

from __future__ import annotations

from datetime import timedelta

from mashang import routing
from mashang.kit import ids
from mashang.routing import Need, Waiting, waiting
from mashang.routing.waiting import Expected
from tests import scene

from .conftest import OFFER, Floor


async def _ahead(floor: Floor, *conversations) -> list[int]:
    told = await floor.do(waiting, [one.id for one in conversations])
    return [told[one.id].ahead for one in conversations]


async def test_the_number_counts_up_and_ahead_counts_down(floor: Floor) -> None:
    agent = await floor.somebody("甲")
    first, second, third = await floor.customers_wait(3)
    told = await floor.do(waiting, [first.id, third.id])
    assert [(one.number, one.ahead, one.agents_online) for one in told.values()] == [(1, 0, 1), (3, 2, 1)]
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
    assert (await floor.do(waiting, [mine.id]))[mine.id] == Waiting(1, 0, 0, None)


async def test_who_does_not_wait_has_no_place(floor: Floor) -> None:
    agent, mine = await floor.somebody("甲"), await floor.customer_waits()
    await floor.do(routing.take, agent, mine.id)
    assert await floor.do(waiting, [mine.id]) == {}
    assert await floor.do(waiting, []) == {}


async def test_two_statements_however_many_ask(floor: Floor, queries) -> None:
    many = await floor.customers_wait(20)
    queries.clear()
    assert await _ahead(floor, *many) == list(range(20))
    assert len(queries) == 2  # the places, and the opening hours


async def test_one_more_statement_stores_what_is_new_to_them(floor: Floor, queries) -> None:
    await floor.somebody("甲", capacity=1)
    many = await floor.customers_wait(20)
    queries.clear()
    await _ahead(floor, *many)
    assert len(queries) == 3
    queries.clear()
    await _ahead(floor, *many)
    assert len(queries) == 2


async def test_who_needs_an_expert_is_ahead_only_where_the_expert_works(floor: Floor) -> None:
    hard = await _waits(floor, Need(required_tier=3))
    easy = await _waits(floor, Need())
    await floor.somebody("甲")
    expert = await _expert(floor, "乙")
    assert await _ahead(floor, hard, easy) == [0, 1]
    await floor.leaves(expert)
    stood_in_for = await _ahead(floor, hard, easy)
    assert stood_in_for == [0, 1]


async def test_queues_without_an_agent_in_common_do_not_wait_for_each_other(floor: Floor) -> None:
    other = await floor.department("售后")
    await floor.somebody("甲")
    await floor.somebody("乙", other)
    await floor.customers_wait(3, other)
    assert await _ahead(floor, await floor.customer_waits()) == [0]


async def test_who_comes_first_by_priority_stands_ahead(floor: Floor) -> None:
    await floor.somebody("甲")
    ordinary = await _waits(floor, Need())
    privileged = await _waits(floor, Need(priority=2))
    assert await _ahead(floor, ordinary, privileged) == [1, 0]


async def test_a_customer_meant_for_one_agent_is_ahead_of_those_this_agent_serves(floor: Floor) -> None:
    other = await floor.department("售后")
    shared = await floor.somebody("甲", other)
    mine = await floor.customer_waits(other)
    meant = await _waits(floor, Need(wanted_agent_id=shared.id, priority=1))
    assert await _ahead(floor, mine, meant) == [1, 0]


async def test_the_order_told_is_the_order_served(floor: Floor) -> None:
    other = await floor.department("售后")
    everywhere = await floor.somebody("甲", floor.scene.department, other, capacity=1)
    needs = [Need(), Need(priority=1), Need(required_tier=2), Need(priority=3, required_tier=3), Need(priority=1)]
    waiting_ones = [await _waits(floor, need, department) for need in needs for department in (None, other)]
    await floor.ask("update agent set tier = 3 where id = %s returning id", everywhere.id)
    places = await _ahead(floor, *waiting_ones)
    assert sorted(places) == list(range(10))
    for place in range(10):
        await floor.dispatch()
        served = waiting_ones[places.index(place)]
        assert await floor.offered_to(served) == everywhere.id
        await floor.do(routing.accept, everywhere, served.id)
        await floor.do(routing.close, everywhere, served.id)


# ── how long ────────────────────────────────────────────────────────────────


async def test_two_behind_one_busy_agent_are_told_ranges_that_add_up(floor: Floor) -> None:
    agent = await floor.somebody("甲", capacity=1)
    served, first, second = await floor.customers_wait(3)
    await floor.do(routing.take, agent, served.id)
    told = await floor.do(waiting, [first.id, second.id])
    first_told, second_told = (told[one.id].estimate for one in (first, second))
    assert first_told.low_minutes <= first_told.high_minutes
    assert second_told.low_minutes > first_told.low_minutes
    assert second_told.high_minutes > first_told.high_minutes


async def test_whoever_is_on_offer_hears_less_than_a_minute(floor: Floor) -> None:
    await floor.somebody("甲", capacity=1)
    mine = await floor.customer_waits()
    await floor.dispatch()
    assert await _expected(floor, mine) == Expected(1, 1)


async def test_less_than_a_minute_is_not_said_again_once_an_offer_ran_out(floor: Floor, clock) -> None:
    await floor.somebody("甲", capacity=1)
    await floor.somebody("乙", capacity=1)
    mine = await floor.customer_waits()
    await floor.dispatch()
    assert await _expected(floor, mine) == Expected(1, 1)
    await clock.advance(OFFER)
    await floor.dispatch()
    assert await floor.offered_to(mine)
    told = await _expected(floor, mine)
    assert told.high_minutes > 1
    assert told.word == "unanswered"


async def test_a_free_hand_that_let_the_last_offer_run_out_shortens_nobodys_wait(floor: Floor, clock) -> None:
    sleeper = await floor.somebody("甲", capacity=9)
    missed = await floor.customer_waits()
    await floor.dispatch()
    mine = (await floor.customers_wait(4))[-1]
    assert (await _expected(floor, mine)).high_minutes == 1
    await clock.advance(OFFER)
    await floor.ask(
        "update offer set answered_at = app_now(), answer = 'timed_out' where agent_id = %s returning id", sleeper.id
    )
    assert (await _expected(floor, mine)).high_minutes > 1
    await floor.do(routing.take, sleeper, missed.id)
    await floor.dispatch()
    await floor.do(routing.accept, sleeper, mine.id)
    later = await floor.customer_waits()
    assert (await _expected(floor, later)).high_minutes == 1


async def test_told_again_it_is_the_same_and_stored_once(floor: Floor, clock) -> None:
    agent = await floor.somebody("甲", capacity=1)
    served, mine = await floor.customers_wait(2)
    await floor.do(routing.take, agent, served.id)
    first = await _expected(floor, mine)
    await clock.advance(timedelta(seconds=30))
    assert await _expected(floor, mine) == first
    assert await floor.ask("select count(*) from announcement") == 1


async def test_a_longer_wait_comes_with_a_word(floor: Floor) -> None:
    busy = [await floor.somebody(name, capacity=1) for name in "甲乙丙丁"]
    for agent, customer in zip(busy, await floor.customers_wait(4), strict=True):
        await floor.do(routing.take, agent, customer.id)
    mine = (await floor.customers_wait(6))[-1]
    before = await _expected(floor, mine)
    for agent in busy[:3]:
        await floor.goes_away(agent)
    now = await _expected(floor, mine)
    assert now.high_minutes > before.high_minutes
    assert (before.word, now.word) == (None, "fewer_agents")
    assert await _expected(floor, mine) == now


async def test_whoever_is_let_in_before_is_named_as_the_reason(floor: Floor) -> None:
    agent = await floor.somebody("甲", capacity=1)
    await floor.do(routing.take, agent, (await floor.customer_waits()).id)
    mine = await _waits(floor, Need())
    assert (await _expected(floor, mine)).word is None
    for _ in range(4):
        await _waits(floor, Need(priority=3))
    assert (await _expected(floor, mine)).word == "privileged"


async def test_when_the_last_agent_leaves_no_number_is_told(floor: Floor) -> None:
    agent = await floor.somebody("甲")
    mine = await floor.customer_waits()
    assert await _expected(floor, mine)
    await floor.leaves(agent)
    assert await _expected(floor, mine) is None


async def _expected(floor: Floor, conversation) -> Expected | None:
    return (await floor.do(waiting, [conversation.id]))[conversation.id].estimate


async def _waits(floor: Floor, need: Need, department=None):
    async with floor.db.transaction() as tx:
        customer = await scene.a_visitor(tx, floor.scene.site)
        department_id = (department or floor.scene.department).id
        begun = await floor.scene.conversation(
            tx, customer_id=customer.id, department_id=department_id, opening_key=ids.public_id()
        )
        await routing.place(tx, begun.id, department_id, need)
        return begun


async def _expert(floor: Floor, name: str):
    agent = await floor.somebody(name)
    await floor.ask("update agent set tier = 3 where id = %s returning id", agent.id)
    return agent
