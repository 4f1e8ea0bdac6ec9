"""Queues in fast motion, and how good the estimates were."""

from __future__ import annotations

from statistics import fmean

import pytest

from bench.estimate import closed_form_errors
from mashang.routing import accuracy
from mashang.routing.scenarios import SCENARIOS, UNFORESEEABLE
from mashang.routing.simulation import simulate


@pytest.fixture(scope="module")
def judged():
    return {name: accuracy.judge(simulate(scenario, seed=7, days=4).heard) for name, scenario in SCENARIOS.items()}


def test_the_same_seed_gives_the_same_days() -> None:
    first, again, other = (simulate(SCENARIOS["vip-burst"], seed, days=1) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_simulator_meets_erlang_a() -> None:
    assert max(closed_form_errors(20_000)) <= 0.05


def test_the_estimate_beats_the_simple_rules(judged) -> None:
    error = fmean(one.error for one in judged.values())
    assert error <= 0.40
    assert error < fmean(one.by_length for one in judged.values())
    assert error < fmean(one.by_last for one in judged.values())


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - UNFORESEEABLE))
def test_the_upper_end_holds_for_nine_of_ten(judged, name) -> None:
    assert 0.85 <= judged[name].holds <= 0.95
    assert 0.85 <= judged[name].holds_as_told <= 0.96


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_the_range_is_narrow_enough_to_mean_something(judged, name) -> None:
    assert judged[name].width <= 3.2


def test_who_is_privileged_waits_less_and_is_told_so() -> None:
    heard = simulate(SCENARIOS["vip-burst"], seed=3, days=4).heard
    by_priority = [[one for one in heard if one.priority == priority] for priority in (0, 1)]
    ordinary, privileged = (fmean(one.waited for one in those) for those in by_priority)
    told_ordinary, told_privileged = (fmean(one.told.median for one in those) for those in by_priority)
    assert privileged < ordinary
    assert told_privileged < told_ordinary
