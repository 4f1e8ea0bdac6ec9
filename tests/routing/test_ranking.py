"""Who gets whom, on any floor."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mashang.routing.ranking import Floor, FreeAgent, Place, may_serve, service_order

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def a_place(number: int, department: int = 1, **more) -> Place:
    return Place(number, department, NOON + timedelta(seconds=number), **more)


def an_agent(number: int, *departments: int, capacity: int = 2, load: int = 0, idle: int = 0) -> FreeAgent:
    return FreeAgent(number, frozenset(departments or (1,)), capacity, load, NOON - timedelta(minutes=idle))


def assigned(agents: list[FreeAgent], places: list[Place]) -> list[tuple[int, int]]:
    return [(one.conversation_id, one.agent_id) for one in Floor(agents).assign(places)]


def test_first_come_first_served() -> None:
    assert assigned([an_agent(7, capacity=2)], [a_place(3), a_place(1), a_place(2)]) == [(1, 7), (2, 7)]


def test_the_least_loaded_comes_first_by_share_of_capacity() -> None:
    agents = [an_agent(1, capacity=2, load=1), an_agent(2, capacity=10, load=3)]
    assert assigned(agents, [a_place(1)]) == [(1, 2)]


def test_among_equals_the_longest_idle_comes_first() -> None:
    assert assigned([an_agent(1, idle=5), an_agent(2, idle=9), an_agent(3, idle=7)], [a_place(1)]) == [(1, 2)]


def test_customers_are_spread_before_anybody_gets_a_second() -> None:
    agents = [an_agent(1, idle=1), an_agent(2, idle=2), an_agent(3, idle=3)]
    assert [agent for _, agent in assigned(agents, [a_place(n) for n in range(1, 7)])] == [3, 2, 1, 3, 2, 1]


def test_who_refused_is_passed_over() -> None:
    place = a_place(1, refused_by=frozenset({1}))
    assert assigned([an_agent(1)], [place]) == []
    assert assigned([an_agent(1), an_agent(2, load=1)], [place]) == [(1, 2)]


def test_one_who_refused_somebody_still_gets_the_next() -> None:
    assert assigned([an_agent(1, capacity=1)], [a_place(1, refused_by=frozenset({1})), a_place(2)]) == [(2, 1)]


def test_the_wanted_agent_is_asked_first_whoever_is_freer() -> None:
    agents = [an_agent(1, capacity=5, load=4), an_agent(2, capacity=5)]
    assert assigned(agents, [a_place(1, wanted_agent_id=1)]) == [(1, 1)]


def test_when_the_wanted_agent_cannot_anybody_of_the_department_is() -> None:
    assert assigned([an_agent(2)], [a_place(1, wanted_agent_id=1)]) == [(1, 2)]
    refused = a_place(1, wanted_agent_id=1, refused_by=frozenset({1}))
    assert assigned([an_agent(1), an_agent(2)], [refused]) == [(1, 2)]


def test_an_agent_of_two_departments_has_one_set_of_hands() -> None:
    agents = [an_agent(1, 1, 2, capacity=1)]
    assert assigned(agents, [a_place(2, 1), a_place(1, 2)]) == [(1, 1)]


def test_a_pass_goes_on_where_it_stopped() -> None:
    floor = Floor([an_agent(1, capacity=3, load=1)])
    assert len(floor.assign([a_place(1)])) == 1
    assert floor.hands() == {1: 1}
    assert len(floor.assign([a_place(2), a_place(3)])) == 1
    assert floor.hands() == {}


agents_of = st.lists(
    st.builds(
        an_agent, st.integers(1, 12), st.integers(1, 3), st.integers(1, 3), capacity=st.integers(0, 4),
        load=st.integers(0, 5), idle=st.integers(0, 9),
    ), max_size=8, unique_by=lambda agent: agent.agent_id,
)  # fmt: skip
places_of = st.lists(
    st.builds(
        a_place, st.integers(1, 40), st.integers(1, 3), wanted_agent_id=st.none() | st.integers(1, 12),
        refused_by=st.frozensets(st.integers(1, 12), max_size=5),
    ), max_size=20, unique_by=lambda place: place.conversation_id,
)  # fmt: skip


@given(agents_of, places_of)
def test_on_any_floor_nobody_is_over_capacity_and_no_customer_is_given_twice(agents, places) -> None:
    given_out = Floor(agents).assign(places)
    added = Counter(one.agent_id for one in given_out)
    assert all(agent.load + added[agent.agent_id] <= max(agent.capacity, agent.load) for agent in agents)
    assert len({one.conversation_id for one in given_out}) == len(given_out)


@given(agents_of, places_of)
def test_on_any_floor_only_the_eligible_are_asked(agents, places) -> None:
    by_id, waiting = {agent.agent_id: agent for agent in agents}, {place.conversation_id: place for place in places}
    assert all(may_serve(by_id[one.agent_id], waiting[one.conversation_id]) for one in Floor(agents).assign(places))


@given(agents_of, places_of)
def test_on_any_floor_no_free_agent_is_left_for_a_customer_who_is_left(agents, places) -> None:
    given_out = Floor(agents).assign(places)
    added = Counter(one.agent_id for one in given_out)
    left = [place for place in places if place.conversation_id not in {one.conversation_id for one in given_out}]
    free = [agent for agent in agents if agent.load + added[agent.agent_id] < agent.capacity]
    assert not any(may_serve(agent, place) for agent in free for place in left)


@given(agents_of, places_of)
def test_on_any_floor_nobody_is_served_before_an_earlier_one_the_same_agent_could_have_had(agents, places) -> None:
    by_id, waiting = {agent.agent_id: agent for agent in agents}, {place.conversation_id: place for place in places}
    given_out = Floor(agents).assign(places)
    left = [place for place in places if place.conversation_id not in {one.conversation_id for one in given_out}]
    for one in given_out:
        mine = service_order(waiting[one.conversation_id])
        assert not any(service_order(place) < mine and may_serve(by_id[one.agent_id], place) for place in left)
