"""Why somebody who waits has nobody yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mashang import routing
from mashang.routing import Need
from mashang.routing.standstill import standstill

from .conftest import OFFER, Floor


async def names(floor: Floor, conversation: Any) -> dict[str, list[str]]:
    told = await floor.do(standstill, conversation.id)
    return {why: group["names"] for why, group in told["over"].items()}


async def test_each_colleague_is_named_with_what_keeps_them(floor: Floor, clock) -> None:
    busy = await floor.somebody("忙", capacity=1)
    taken = await floor.customer_waits()
    await floor.do(routing.take, busy, taken.id)
    refuser = await floor.somebody("拒")
    mine = await floor.customer_waits(need=Need(skills=frozenset({"退款"})))
    await floor.ask("update agent set skills = '{退款}' where id = any(%s) returning id", [busy.id, refuser.id])
    await floor.dispatch()
    await floor.do(routing.decline, refuser, mine.id)
    gone, unable = await floor.somebody("走"), await floor.somebody("生")
    await floor.leaves(gone)
    told = await names(floor, mine)
    assert (told["busy"], told["refused"], told["skill"]) == (["忙"], ["拒"], [unable.name])
    assert gone.name in told["away"]
    assert (await floor.do(standstill, mine.id))["online"] == 3


async def test_who_could_have_it_is_said_to_be_asked_in_a_moment_and_then_named(floor: Floor) -> None:
    mine = await floor.customer_waits()
    await floor.somebody("甲")
    assert (await names(floor, mine))["free"] == ["甲"]
    await floor.dispatch()
    assert await floor.do(standstill, mine.id) == {"agent": "甲"}


async def test_a_rest_that_is_over_keeps_nobody(floor: Floor, clock) -> None:
    mine = await floor.customer_waits()
    await floor.somebody("甲")
    await floor.dispatch()
    await clock.advance(OFFER)
    await floor.dispatch()
    assert (await names(floor, mine))["refused"] == ["甲"]
    await clock.advance(timedelta(minutes=5))
    assert (await names(floor, mine))["free"] == ["甲"]


async def test_who_does_not_wait_stands_nowhere(floor: Floor) -> None:
    agent, mine = await floor.somebody("甲"), await floor.customer_waits()
    await floor.do(routing.take, agent, mine.id)
    assert await floor.do(standstill, mine.id) is None
