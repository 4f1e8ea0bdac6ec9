"""Waits as they were, and what the queues learn from them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mashang import routing
from mashang.routing import Need, learning, waiting, waits
from mashang.routing.estimate import Experience

from .conftest import Floor

SECONDS = timedelta(seconds=1)


async def _learned(floor: Floor, tier: int = 1) -> Experience:
    stored = await floor.ask(
        "select learned from queue_experience where department_id = %s and required_tier = %s",
        floor.scene.department.id, tier,
    )  # fmt: skip
    return learning.experience_in(stored)


async def _wait_of(floor: Floor, conversation) -> dict:
    async with floor.db.transaction() as tx:
        return await tx.one(
            """
            select outcome, round(extract(epoch from ended_at - began_at))::int as seconds,
                round(extract(epoch from served_until - ended_at))::int as served, learned
            from wait where conversation_id = %s order by id desc limit 1
            """,
            (conversation.id,),
        )


async def test_the_wait_ends_when_the_agent_accepts_and_not_at_the_offer(floor: Floor, clock) -> None:
    agent = await floor.somebody("甲", capacity=1)
    mine = await floor.customer_waits()
    await clock.advance(60 * SECONDS)
    await floor.dispatch()
    await floor.do(waits.settle)
    assert (await _wait_of(floor, mine))["outcome"] is None
    await clock.advance(15 * SECONDS)
    await floor.do(routing.accept, agent, mine.id)
    await floor.do(waits.settle)
    assert (await _wait_of(floor, mine))["seconds"] == 75
    assert (await _wait_of(floor, mine))["outcome"] == "accepted"


async def test_who_leaves_the_queue_has_left(floor: Floor, clock) -> None:
    mine = await floor.customer_waits()
    await clock.advance(90 * SECONDS)
    await floor.do(routing.close, None, mine.id)
    await clock.advance(90 * SECONDS)
    await floor.do(learning.learn)
    assert await _wait_of(floor, mine) == {"outcome": "left", "seconds": 90, "served": None, "learned": 3}
    assert (await _learned(floor)).left == pytest.approx(1.0)


async def test_a_service_ends_when_the_conversation_is_over_or_waits_again(floor: Floor, clock) -> None:
    agent = await floor.somebody("甲")
    closed, returned = await floor.customers_wait(2)
    for one in (closed, returned):
        await floor.do(routing.take, agent, one.id)
    await clock.advance(200 * SECONDS)
    await floor.do(routing.close, agent, closed.id)
    await clock.advance(100 * SECONDS)
    await floor.do(routing.return_to_queue, agent, returned.id)
    await floor.do(waits.settle)
    assert (await _wait_of(floor, closed))["served"] == 200
    assert await floor.ask(
        "select array_agg(outcome order by id) from wait where conversation_id = %s", returned.id
    ) == ["accepted", None]


async def test_everything_is_learned_once_whoever_looks(floor: Floor, clock) -> None:
    agent = await floor.somebody("甲", capacity=1)
    mine = await floor.customer_waits()
    await floor.do(waiting, [mine.id])
    await clock.advance(60 * SECONDS)
    await floor.do(routing.take, agent, mine.id)
    await floor.do(learning.learn)
    await clock.advance(120 * SECONDS)
    await floor.do(routing.close, agent, mine.id)
    await asyncio.gather(*(floor.do(learning.learn) for _ in range(5)))
    once = await _learned(floor)
    await floor.do(learning.learn)
    assert await _learned(floor) == once
    assert once.finished == pytest.approx(5 * 0.99 + 1)
    assert once.occupied == pytest.approx((40 + 2) * 0.99, abs=0.05)
    assert sum(ratio.waited > ratio.calculated for ratio in once.ratios.values()) == 1


async def test_a_slot_nobody_sits_at_is_not_occupied(floor: Floor, clock) -> None:
    agent = await floor.somebody("甲", capacity=1)
    mine = await floor.customer_waits()
    await floor.do(routing.take, agent, mine.id)
    await floor.leaves(agent)
    for _ in range(3):
        await floor.do(learning.learn)
        await clock.advance(60 * SECONDS)
    assert (await _learned(floor)).occupied == 40.0


async def test_a_gap_in_looking_teaches_nothing(floor: Floor, clock) -> None:
    agent = await floor.somebody("甲", capacity=1)
    mine = await floor.customer_waits()
    await floor.do(routing.take, agent, mine.id)
    await floor.do(learning.learn)
    await clock.advance(50 * 60 * SECONDS)
    await floor.do(routing.close, agent, mine.id)
    await floor.do(learning.learn)
    assert ((await _learned(floor)).occupied, (await _learned(floor)).finished) == (40.0, 5.0)


async def test_each_tier_of_a_department_learns_for_itself(floor: Floor) -> None:
    mine = await floor.customer_waits()
    await floor.do(routing.place, mine.id, floor.scene.department.id, Need(required_tier=3, priority=2))
    await floor.do(routing.close, None, mine.id)
    await floor.do(learning.learn)
    assert (await _learned(floor, 3)).left == pytest.approx(1.0)
    assert (await _learned(floor, 3)).privileged == {2: 1.0}
    assert (await _learned(floor, 1)) == Experience()


async def test_what_was_learned_is_told(floor: Floor, clock) -> None:
    agent = await floor.somebody("甲", capacity=1)
    served, mine = await floor.customers_wait(2)
    before = (await floor.do(waiting, [mine.id]))[mine.id].estimate
    await floor.do(routing.take, agent, served.id)
    for _ in range(40):
        await floor.do(learning.learn)
        await clock.advance(120 * SECONDS)
        await floor.comes(agent)
    after = (await floor.do(waiting, [mine.id]))[mine.id].estimate
    assert after.high_minutes > before.high_minutes
    assert after.word == "slower"


async def test_records_compare_the_first_word_with_the_wait(floor: Floor, clock) -> None:
    agent = await floor.somebody("甲", capacity=2)
    patient, late = await floor.customers_wait(2)
    await floor.do(waiting, [patient.id, late.id])
    await clock.advance(12 * SECONDS)
    await floor.do(routing.take, agent, patient.id)
    await clock.advance(timedelta(hours=2))
    await floor.comes(agent)
    await floor.do(routing.take, agent, late.id)
    await floor.do(learning.learn)
    (record,) = await floor.do(waits.records, timedelta(days=7), "zh-CN")
    assert (record.department, record.served, record.left, record.told, record.held) == ("充值", 2, 0, 2, 1)
    assert record.mean_wait == pytest.approx(60.2, abs=0.1)
    assert record.error == pytest.approx(60, abs=1)
    await clock.advance(timedelta(days=8))
    assert await floor.do(waits.records, timedelta(days=7), "zh-CN") == []


async def test_who_left_is_counted_and_judged_by_nothing(floor: Floor) -> None:
    await floor.somebody("甲")
    mine = await floor.customer_waits()
    await floor.do(waiting, [mine.id])
    await floor.do(routing.close, None, mine.id)
    await floor.do(waits.settle)
    (record,) = await floor.do(waits.records, timedelta(days=7), "en")
    assert (record.department, record.served, record.left, record.told) == ("Recharge", 0, 1, 0)
    assert (record.mean_wait, record.error) == (None, None)


async def test_who_was_told_no_time_is_counted_apart(floor: Floor, clock) -> None:
    early = await floor.customer_waits()  # nobody is there yet
    await floor.do(waiting, [early.id])
    await clock.advance(600 * SECONDS)
    agent = await floor.somebody("甲")
    told = await floor.customer_waits()
    await floor.do(waiting, [told.id])
    await clock.advance(60 * SECONDS)
    for one in (early, told):
        await floor.do(routing.take, agent, one.id)
    await floor.do(waits.settle)
    (record,) = await floor.do(waits.records, timedelta(days=7), "zh-CN")
    assert (record.served, record.told, record.mean_wait) == (2, 1, pytest.approx(1.0, abs=0.1))
    assert (record.untold, record.mean_untold) == (1, pytest.approx(11.0, abs=0.1))
