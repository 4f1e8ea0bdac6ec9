"""Who gets whom, on any floor."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given

from mashang.customers import Customer
from mashang.routing.eligibility import HEAD_START, PATIENCE, Place, Staff, head_start, may_serve, need_of, rank_of
from mashang.routing.paging import assign_in_order
from mashang.routing.ranking import Floor

from .floors import NOW, Memory, a_place, agents_of, an_agent, at_once, given_out, places_of


def assigned(agents: list[Staff], places: list[Place]) -> list[tuple[int, int]]:
    return [(one.conversation_id, one.agent_id) for one in given_out(agents, places)]


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


def test_an_agent_of_two_departments_has_one_set_of_hands() -> None:
    agents = [an_agent(1, 1, 2, capacity=1)]
    assert assigned(agents, [a_place(2, 1), a_place(1, 2)]) == [(1, 1)]


# ── refusing ────────────────────────────────────────────────────────────────

JUST_NOW, A_WHILE_AGO = NOW - timedelta(seconds=5), NOW - timedelta(seconds=40)


def test_who_refused_is_passed_over() -> None:
    place = a_place(1, refused={1: JUST_NOW})
    assert assigned([an_agent(1)], [place]) == []
    assert assigned([an_agent(1), an_agent(2, load=1)], [place]) == [(1, 2)]


def test_one_who_refused_somebody_still_gets_the_next() -> None:
    assert assigned([an_agent(1, capacity=1)], [a_place(1, refused={1: JUST_NOW}), a_place(2)]) == [(2, 1)]


def test_who_refused_is_asked_again_after_a_short_rest_when_nobody_else_is_there() -> None:
    alone = a_place(1, refused={1: A_WHILE_AGO})
    assert assigned([an_agent(1)], [alone]) == [(1, 1)]
    assert assigned([an_agent(1), an_agent(2, load=2)], [alone]) == []  # a busy colleague is somebody else
    assert assigned([an_agent(1), an_agent(2, 2)], [alone]) == [(1, 1)]  # one of another department is not


def test_when_all_have_refused_whoever_rested_is_asked_again() -> None:
    both = a_place(1, refused={1: JUST_NOW, 2: A_WHILE_AGO})
    assert assigned([an_agent(1), an_agent(2, load=1)], [both]) == [(1, 2)]


# ── meant for one ───────────────────────────────────────────────────────────


def test_the_wanted_agent_is_asked_first_whoever_is_freer() -> None:
    agents = [an_agent(1, capacity=5, load=4), an_agent(2, capacity=5)]
    assert assigned(agents, [a_place(1, wanted_agent_id=1)]) == [(1, 1)]


def test_a_wanted_agent_needs_neither_tier_nor_skills() -> None:
    assert assigned([an_agent(1, 2)], [a_place(1, required_tier=3, skills="a", wanted_agent_id=1)]) == [(1, 1)]


def test_when_the_wanted_agent_cannot_anybody_of_the_department_is() -> None:
    assert assigned([an_agent(2)], [a_place(1, wanted_agent_id=1)]) == [(1, 2)]
    refused = a_place(1, wanted_agent_id=1, refused={1: JUST_NOW})
    assert assigned([an_agent(1), an_agent(2)], [refused]) == [(1, 2)]


def test_who_served_a_customer_lately_is_asked_first_when_free() -> None:
    known = a_place(1, familiar_agent_id=1)
    assert assigned([an_agent(1, load=1), an_agent(2)], [known]) == [(1, 1)]
    assert assigned([an_agent(1, load=2), an_agent(2)], [known]) == [(1, 2)]
    assert assigned([an_agent(1, 2), an_agent(2)], [known]) == [(1, 2)]


# ── tiers and skills ────────────────────────────────────────────────────────


def test_the_lowest_sufficient_tier_comes_first_so_that_experts_stay_free() -> None:
    agents = [an_agent(3, tier=3, idle=9), an_agent(1, load=1), an_agent(2, tier=2, idle=8)]
    assert assigned(agents, [a_place(1)]) == [(1, 1)]
    assert assigned(agents, [a_place(1, required_tier=2)]) == [(1, 2)]
    assert assigned(agents, [a_place(n) for n in range(1, 5)]) == [(1, 1), (2, 2), (3, 2), (4, 3)]


def test_nobody_below_the_tier_or_without_a_skill_is_asked_while_somebody_online_is_up_to_it() -> None:
    agents = [an_agent(1), an_agent(2, tier=3, skills="a", load=2)]
    assert assigned(agents, [a_place(1, required_tier=2, order=-900)]) == []
    assert assigned(agents, [a_place(1, skills="a", order=-900)]) == []


def test_when_nobody_online_is_up_to_it_whoever_lacks_least_steps_in_after_a_while() -> None:
    waited, not_yet = {"order": 60 - PATIENCE.seconds}, {"order": 61 - PATIENCE.seconds}
    agents = [an_agent(1), an_agent(2, tier=2), an_agent(3, skills="a", load=1)]
    assert assigned(agents, [a_place(1, required_tier=3, **not_yet)]) == []
    assert assigned(agents, [a_place(1, required_tier=3, **waited)]) == [(1, 2)]
    assert assigned(agents, [a_place(1, required_tier=3, skills="a", **waited)]) == [(1, 3)]


def test_an_expert_of_two_departments_has_one_set_of_hands_for_both() -> None:
    expert = an_agent(1, 1, 2, tier=3, capacity=2)
    places = [a_place(1, 1, required_tier=3), a_place(2, 2, required_tier=2), a_place(3, 1)]
    assert assigned([expert, an_agent(2, 2)], places) == [(1, 1), (2, 1)]
    assert assigned([expert, an_agent(2, 1)], places) == [(1, 1), (2, 1), (3, 2)]


# ── priority ────────────────────────────────────────────────────────────────


def test_priority_is_a_head_start_and_never_more() -> None:
    assert [head_start(step) for step in (-1, 0, 1, 3, 9)] == [HEAD_START * step for step in (0, 0, 1, 3, 3)]


def test_the_first_tier_of_the_list_has_the_most_priority() -> None:
    assert [rank_of(tier, ["钻石", "金卡"]) for tier in ("钻石", "金卡", "银卡", "")] == [2, 1, 0, 0]
    assert rank_of("a", ["a", "b", "c", "d", "e"]) == 3


@pytest.mark.parametrize(("subject", "priority"), [("1001", 2), (None, 0)])
def test_a_tier_counts_only_when_it_is_proved(subject, priority) -> None:
    customer = Customer(
        id=1, public_id="x", site_id=1, shop_id=1, subject=subject, name="", tier="钻石", claim_kind=None,
        claim_masked=None, locale="zh-CN",
    )  # fmt: skip
    assert need_of(None, customer, ["钻石", "金卡"]).priority == priority


# ── any floor ───────────────────────────────────────────────────────────────


def test_many_refusals_cost_few_pages() -> None:
    memory = Memory([a_place(n, refused={1: JUST_NOW}) for n in range(1000)] + [a_place(1000)])
    made = at_once(assign_in_order(Floor([an_agent(1, capacity=1)], NOW), memory.queues(), memory.fetch))
    assert [one.conversation_id for one in made] == [1000]
    assert memory.pages <= 11


@given(agents_of, places_of)
def test_on_any_floor_nobody_is_over_capacity_and_no_customer_is_given_twice(agents, places) -> None:
    made = given_out(agents, places)
    added = Counter(one.agent_id for one in made)
    assert all(agent.load + added[agent.agent_id] <= max(agent.capacity, agent.load) for agent in agents)
    assert len({one.conversation_id for one in made}) == len(made)


@given(agents_of, places_of)
def test_on_any_floor_only_the_eligible_are_asked(agents, places) -> None:
    by_id, waiting = {agent.agent_id: agent for agent in agents}, {place.conversation_id: place for place in places}
    for one in given_out(agents, places):
        assert may_serve(by_id[one.agent_id], waiting[one.conversation_id], agents, NOW)


@given(agents_of, places_of)
def test_on_any_floor_no_free_agent_is_left_for_a_customer_who_is_left(agents, places) -> None:
    made = given_out(agents, places)
    added = Counter(one.agent_id for one in made)
    left = [place for place in places if place.conversation_id not in {one.conversation_id for one in made}]
    free = [agent for agent in agents if agent.load + added[agent.agent_id] < agent.capacity]
    assert not any(may_serve(agent, place, agents, NOW) for agent in free for place in left)


@given(agents_of, places_of)
def test_on_any_floor_nobody_is_served_before_an_earlier_one_the_same_agent_could_have_had(agents, places) -> None:
    by_id, waiting = {agent.agent_id: agent for agent in agents}, {place.conversation_id: place for place in places}
    made = given_out(agents, places)
    left = [place for place in places if place.conversation_id not in {one.conversation_id for one in made}]
    for one in made:
        mine = waiting[one.conversation_id].order
        earlier = [place for place in left if place.order < mine]
        assert not any(may_serve(by_id[one.agent_id], place, agents, NOW) for place in earlier)


@given(agents_of, places_of)
def test_on_any_floor_pages_give_what_one_look_at_everybody_gives(agents, places) -> None:
    at_once_given = Floor(agents, NOW).assign(places)
    assert [one[:6] for one in given_out(agents, places)] == [one[:6] for one in at_once_given]
