"""Places and agents by number, and floors of any kind, for tests of the pure rules."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from hypothesis import strategies as st

from mashang.routing.eligibility import Place, Queue, Staff
from mashang.routing.paging import Ask, assign_in_order
from mashang.routing.ranking import Assignment, Floor

T = TypeVar("T")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOW = NOON + timedelta(minutes=1)


def a_place(number: int, department: int = 1, *, order: int | None = None, **more: Any) -> Place:
    """The customer of this number, who came so many seconds after noon."""
    at = NOON + timedelta(seconds=number if order is None else order)
    more["skills"] = frozenset(more.get("skills", ()))
    return Place(number, department, at, **more)


def an_agent(
    number: int, *departments: int, capacity: int = 2, load: int = 0, idle: int = 0, tier: int = 1, skills: str = ""
) -> Staff:
    since = NOON - timedelta(minutes=idle)
    return Staff(number, frozenset(departments or (1,)), capacity, load, since, tier, frozenset(skills))


def at_once(asked: Coroutine[Any, Any, T]) -> T:
    """The answer of a coroutine that never waits."""
    try:
        asked.send(None)
    except StopIteration as over:
        return cast("T", over.value)
    raise AssertionError("it waited")


class Memory:
    """Waiting places that are read page by page, as the dispatcher reads its table."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = sorted(places, key=lambda place: place.order)
        self.pages = 0

    def queues(self) -> list[Queue | None]:
        return sorted({None if one.wanted_agent_id else one.queue for one in self.places}, key=str)

    async def fetch(self, asks: Sequence[Ask]) -> list[list[Place]]:
        self.pages += 1
        return [[place for place in self.places if _is_asked(place, ask)][: ask.limit] for ask in asks]


def _is_asked(place: Place, ask: Ask) -> bool:
    if (None if place.wanted_agent_id else place.queue) != ask.queue:
        return False
    return (ask.after is None or place.order > ask.after) and (ask.until is None or place.order_at <= ask.until)


def given_out(agents: Sequence[Staff], places: Sequence[Place], now: datetime = NOW) -> list[Assignment]:
    """A whole pass, page by page."""
    memory = Memory(places)
    return at_once(assign_in_order(Floor(agents, now), memory.queues(), memory.fetch))


SKILLS = ("", "a", "ab")
agents_of = st.lists(
    st.builds(
        an_agent, st.integers(1, 12), st.integers(1, 3), st.integers(1, 3), capacity=st.integers(0, 4),
        load=st.integers(0, 5), idle=st.integers(0, 9), tier=st.integers(1, 3), skills=st.sampled_from(SKILLS),
    ), max_size=8, unique_by=lambda agent: agent.agent_id,
)  # fmt: skip
places_of = st.lists(
    st.builds(
        a_place, st.integers(1, 40), st.integers(1, 3), order=st.integers(-400, 50), required_tier=st.integers(1, 3),
        skills=st.sampled_from(SKILLS), wanted_agent_id=st.none() | st.integers(1, 12),
        familiar_agent_id=st.none() | st.integers(1, 12),
        refused=st.dictionaries(
            st.integers(1, 12), st.builds(lambda ago: NOW - timedelta(seconds=ago), st.sampled_from([5, 40, 400])),
            max_size=5,
        ),
    ), max_size=20, unique_by=lambda place: place.conversation_id,
)  # fmt: skip
