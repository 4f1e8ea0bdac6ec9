"""Whatever breaks between a press and its record, a shop does no more than somebody meant, and every row settles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mashang.kit.db import Database
from mashang.kit.errors import Outage, Refusal
from tests.conftest import Clock
from tests.routing.crashes import Crashed, Fuse, Mortal

from .ledger import MOODS, Ledger, Mood, ledger

Step = Callable[[Ledger], Awaitable[Any]]
_numbers = count(1)


async def _one(what: Awaitable[Any]) -> None:
    """It may be refused, find the shop away, or die."""
    with suppress(Crashed, Refusal, Outage):
        await what


async def _checked(one: Ledger) -> None:
    """After everything: settled, and what the rows say is what the shop did."""
    rows = await one.settles_in_the_end()
    assert one.too_often() == {}
    assert {row.state for row in rows} <= {"done", "refused", "not_done"}
    assert sum(row.state == "done" for row in rows) == sum(
        times for (number, _, _), times in one.shop.did.items() if number == one.number
    )


@pytest.mark.parametrize(
    ("mood", "late"), [("answers", False), ("late", True), ("lost", False), ("slow", False)], ids=str
)
async def test_a_process_that_dies_at_any_step_of_a_press_makes_nothing_happen_twice(
    database: Database, clock: Clock, mood: Mood, *, late: bool
) -> None:
    one = await ledger(database, clock)
    deaths = 0
    for at in count(1):
        one.takes_an_order(f"QN{next(_numbers)}")
        one.shop.mood = mood
        await one.looks("小美")
        try:
            await one.press("小美", by_database=Mortal(database, Fuse(at, late=late)))
            break
        except Crashed:
            deaths += 1
        one.shop.mood = "answers"
        await _one(one.press("小美"))  # the same page, pressed again
        await _one(one.press("阿强"))  # a colleague's, drawn since
        await _checked(one)
        await one.looks("阿强")
        assert (await one.press("阿强")).state == "done"  # one may still have it, deliberately
        assert one.too_often() == {}
    assert deaths > 10


async def test_a_process_that_dies_at_any_step_of_settling_settles_nothing_wrongly(
    database: Database, clock: Clock
) -> None:
    one = await ledger(database, clock)
    deaths = 0
    for late, waits in ((False, timedelta(seconds=3)), (True, timedelta(seconds=3)), (True, timedelta(minutes=20))):
        for at in count(1):
            one.takes_an_order(f"QN{next(_numbers)}")
            one.shop.mood = "late" if waits < timedelta(minutes=1) else "lost"
            await one.press("小美")
            await clock.advance(waits)
            try:
                await one.settle(Mortal(database, Fuse(at, late=late)))
                break
            except Crashed:
                deaths += 1
            await _checked(one)
    assert deaths > 10


# ── schedules ───────────────────────────────────────────────────────────────

WHO = st.sampled_from(["小美", "阿强", "顾客"])
ACTION = st.sampled_from(["resend", "resend", "reissue"])
MOOD = st.sampled_from(["answers", *MOODS])
SPAN = st.sampled_from([timedelta(seconds=s) for s in (1, 3, 20, 120, 590, 640, 700, 3600)])


def _pressed(mood: Mood, who: list[str], action: str) -> Step:
    """One press, or several at one moment."""

    async def step(one: Ledger) -> None:
        one.shop.mood = mood
        await asyncio.gather(*(_one(one.press(name, action)) for name in who))

    return step


def _cut_short(mood: Mood, who: str, action: str, *, at: int) -> Step:
    async def step(one: Ledger) -> None:
        one.shop.mood = mood
        await _one(one.press(who, action, by_database=Mortal(one.db, Fuse(at, late=at % 2 == 0))))

    return step


def _looks(who: str) -> Step:
    return lambda one: one.looks(who)


def _passes(span: timedelta) -> Step:
    return lambda one: one.clock.advance(span)


def _settled(times: int, at: int) -> Step:
    """By several workers at one moment, one of which may die."""

    async def step(one: Ledger) -> None:
        dying = [one.settle(Mortal(one.db, Fuse(at, late=True)))] if at else []
        await asyncio.gather(*(_one(each) for each in [*dying, *(one.settle() for _ in range(times))]))

    return step


def _arrives() -> Step:
    async def step(one: Ledger) -> None:
        one.shop.deliver()

    return step


def _leaves_or_comes(*, is_away: bool) -> Step:
    async def step(one: Ledger) -> None:
        one.shop.is_away = is_away

    return step


STEPS = st.one_of(
    st.builds(_pressed, MOOD, st.lists(WHO, min_size=1, max_size=3), ACTION),
    st.builds(_cut_short, MOOD, WHO, ACTION, at=st.integers(1, 30)),
    st.builds(_looks, WHO),
    st.builds(_passes, SPAN),
    st.builds(_settled, st.integers(1, 2), st.integers(0, 8)),
    st.builds(_arrives),
    st.builds(_leaves_or_comes, is_away=st.booleans()),
)


@settings(max_examples=settings().max_examples // 2)  # half as many as of what needs no database
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
async def test_on_any_schedule_the_shop_does_no_more_than_was_meant(
    database: Database, clock: Clock, steps: list[Step]
) -> None:
    one = await _the_ledger(database, clock)
    for step in steps:
        await step(one)
        assert one.too_often() == {}
    await _checked(one)


_kept: dict[str, Ledger] = {}


async def _the_ledger(database: Database, clock: Clock) -> Ledger:
    """One for all schedules of a run, each with an order of its own."""
    if database.dsn not in _kept:
        _kept.clear()
        _kept[database.dsn] = await ledger(database, clock)
    one = _kept[database.dsn]
    one.takes_an_order(f"QN{next(_numbers)}")
    one.shop.is_away = False
    return one
