"""Who does not answer is set away, and nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from mashang import routing
from mashang.conversations.conversation import Conversation
from mashang.routing.unanswered import sweep_unanswered
from mashang.staff import Agent, agents, presence

from .conftest import OFFER, Floor

Lapse = Callable[[int], Awaitable[Conversation]]


@pytest.fixture
def lapse(floor: Floor, clock) -> Lapse:
    """Let so many offers run out; the last customer to whom that happened."""

    async def lapsed(times: int) -> Conversation:
        waiting = []
        for _ in range(times):
            waiting.append(await floor.customer_waits())
            await floor.dispatch()
            await clock.advance(OFFER)
            await floor.dispatch()
            await floor.do(routing.close, None, waiting[-1].id)  # not to be offered again
        return waiting[-1]

    return lapsed


async def word(floor: Floor, agent: Agent) -> tuple[str, str | None]:
    now = await floor.do(agents.find, agent.public_id)
    return now.availability, now.away_because


async def test_three_offers_in_a_row_that_ran_out_set_somebody_away_and_leave_a_line(
    floor: Floor, lapse: Lapse
) -> None:
    sleeper = await floor.somebody("甲")
    await lapse(2)
    assert await sweep_unanswered(floor.db) == 0
    last = await lapse(1)
    assert await sweep_unanswered(floor.db) == 1
    assert await word(floor, sleeper) == ("away", "unanswered")
    assert (await floor.traced(last))[-1] == "set_away"
    assert await floor.dispatch() == 0
    assert await sweep_unanswered(floor.db) == 0


async def test_an_answer_in_between_begins_the_count_anew(floor: Floor, lapse: Lapse, clock) -> None:
    agent = await floor.somebody("甲")
    await lapse(2)
    answered = await floor.customer_waits()
    await floor.dispatch()
    await floor.do(routing.decline, agent, answered.id)
    await lapse(2)
    assert await sweep_unanswered(floor.db) == 0
    assert await word(floor, agent) == ("available", None)


async def test_who_comes_back_by_their_own_word_is_asked_again_and_not_blamed_for_before(
    floor: Floor, lapse: Lapse, clock
) -> None:
    agent = await floor.somebody("甲")
    await lapse(3)
    await sweep_unanswered(floor.db)
    await clock.advance(OFFER)
    async with floor.db.transaction() as tx:
        back = await presence.set_availability(tx, agent, "available")
    assert (back.availability, back.away_because) == ("available", None)
    assert await word(floor, agent) == ("available", None)
    await lapse(2)
    assert await sweep_unanswered(floor.db) == 0


async def test_offers_taken_back_are_nobodys_fault(floor: Floor, lapse: Lapse) -> None:
    agent = await floor.somebody("甲")
    await lapse(2)
    for _ in range(3):
        gone = await floor.customer_waits()
        await floor.dispatch()
        await floor.do(routing.close, None, gone.id)
    assert await sweep_unanswered(floor.db) == 0
    await lapse(1)
    assert await sweep_unanswered(floor.db) == 1
    assert await word(floor, agent) == ("away", "unanswered")
