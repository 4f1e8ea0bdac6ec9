"""What becomes of conversations whose agent is not there any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang import routing
from mashang.kit import clock as product_clock
from mashang.routing.dispatcher import GRACE
from mashang.routing.moving import sweep_absent
from mashang.staff import presence

from .conftest import Floor

A_MOMENT = timedelta(seconds=30)  # longer than a busy machine takes for a few statements: the clock goes on meanwhile


@pytest.fixture
def began():
    """When the sweeping process began: long ago."""
    return product_clock.now() - timedelta(days=1)


async def test_an_agent_who_vanished_gets_nobody_new_and_keeps_what_they_have_for_a_while(
    floor: Floor, clock, began
) -> None:
    _, served = await floor.served()
    await clock.advance(timedelta(hours=1))  # the lease has run out
    await floor.customer_waits()
    assert await floor.dispatch() == 0
    await clock.advance(GRACE - A_MOMENT)
    assert await sweep_absent(floor.db, GRACE, began) == 0
    assert (await floor.now(served)).status == "active"


async def test_after_the_grace_time_the_customer_waits_at_the_old_place_with_the_old_number(
    floor: Floor, clock, began
) -> None:
    agent, served = await floor.served()
    await clock.advance(timedelta(minutes=10))
    later = await floor.customer_waits()
    await floor.leaves(agent)
    await clock.advance(GRACE)
    assert await sweep_absent(floor.db, GRACE, began) == 1
    assert (await floor.now(served)).status == "waiting"
    old, new = await floor.place(served), await floor.place(later)
    assert (old["number"], new["number"]) == (1, 2)
    assert old["queued_at"] < new["queued_at"] - timedelta(minutes=9)
    assert (await floor.happened(served))[-2:] == ["returned", "queued"]
    assert await floor.ask(
        "select data ->> 'reason' from entry where conversation_id = %s and data ->> 'name' = 'returned'", served.id
    ) == "absent"  # fmt: skip
    colleague = await floor.somebody("乙", capacity=1)
    await floor.dispatch()
    assert await floor.offered_to(served) == colleague.id


async def test_coming_back_in_time_nothing_has_happened(floor: Floor, clock, began) -> None:
    agent, served = await floor.served()
    await floor.leaves(agent)
    await clock.advance(GRACE - A_MOMENT)
    await floor.comes(agent)
    await clock.advance(GRACE)
    assert await sweep_absent(floor.db, GRACE, began) == 0
    assert (await floor.now(served)).agent_id == agent.id
    assert await floor.happened(served) == ["queued", "assigned"]


async def test_coming_back_too_late_they_are_asked_first(floor: Floor, clock, began) -> None:
    agent, served = await floor.served()
    await floor.leaves(agent)
    await clock.advance(GRACE)
    await sweep_absent(floor.db, GRACE, began)
    await floor.somebody("乙")
    await floor.comes(agent)
    await floor.dispatch()
    assert await floor.offered_to(served) == agent.id


async def test_a_pause_is_no_absence(floor: Floor, clock, began) -> None:
    agent, served = await floor.served()
    await floor.goes_away(agent)
    await clock.advance(timedelta(minutes=30))
    await floor.do(presence.renew, f"socket-{agent.id}", agent.id, "test", timedelta(hours=1))
    assert await sweep_absent(floor.db, GRACE, began) == 0
    assert (await floor.now(served)).status == "active"


async def test_a_lease_that_was_swept_away_counts_from_its_own_end(floor: Floor, clock, began) -> None:
    _, _ = await floor.served()
    await clock.advance(timedelta(hours=1) + GRACE / 2)
    await floor.do(presence.sweep)
    assert await sweep_absent(floor.db, GRACE, began) == 0
    await clock.advance(GRACE / 2)
    assert await sweep_absent(floor.db, GRACE, began) == 1


async def test_a_server_that_was_away_itself_does_not_count_its_own_absence(floor: Floor, clock) -> None:
    agent, served = await floor.served()
    await floor.leaves(agent)
    await clock.advance(timedelta(hours=3))  # nothing ran
    started = product_clock.now()
    assert await sweep_absent(floor.db, GRACE, started) == 0
    await floor.comes(agent)
    await clock.advance(GRACE)
    assert await sweep_absent(floor.db, GRACE, started) == 0
    assert (await floor.now(served)).agent_id == agent.id


async def test_who_serves_without_ever_having_been_here_has_the_grace_time_too(floor: Floor, clock, began) -> None:
    agent, waiting = floor.scene.agent, await floor.customer_waits()
    await floor.do(routing.take, agent, waiting.id)
    await clock.advance(GRACE / 2)
    assert await sweep_absent(floor.db, GRACE, began) == 0
    await clock.advance(GRACE)
    assert await sweep_absent(floor.db, GRACE, began) == 1


async def test_who_leaves_for_the_day_gives_all_they_serve_back(floor: Floor) -> None:
    agent, first = await floor.served()
    _, second = await floor.served(agent)
    other, kept = await floor.served(await floor.somebody("乙"))
    assert await floor.do(routing.return_all, agent) == 2
    for one in (first, second):
        assert (await floor.now(one)).status == "waiting"
        assert (await floor.happened(one))[-2:] == ["returned", "queued"]
    assert (await floor.now(kept)).agent_id == other.id
    assert await floor.do(routing.return_all, agent) == 0
