"""How long a waiting customer will wait."""

from __future__ import annotations

import math
from statistics import NormalDist

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.routing import estimate as estimates
from mashang.routing.estimate import Estimate, Experience, Forecast, Standing, estimate, gamma_quantile

UPPER = NormalDist().inv_cdf(0.9)
STANDINGS = st.builds(
    Standing,
    ahead=st.integers(0, 3_000),
    free=st.integers(0, 50),
    exposed=st.sampled_from([(), ((1, 5.0),), ((1, 5.0), (2, 10.0), (3, 15.0))]),
)


def experienced(**known) -> Experience:
    return Experience(**{"answering": 0.0, "left": 0.0, **known})


def told(experience: Experience, ahead: int, slots: int, now: float = 0.0, **more) -> Estimate:
    found = estimate(experience, Standing(ahead, **more), slots, now)
    assert found is not None
    return found


def test_without_a_slot_there_is_no_number() -> None:
    assert estimate(Experience(), Standing(0), 0, 0.0) is None


def test_the_formula_adds_up_one_finish_after_the_other() -> None:
    unhurried = experienced(occupied=100.0, finished=10.0)  # ten minutes each
    assert told(unhurried, 3, 2).calculated == pytest.approx(4 * 10 / 2)


def test_who_loses_patience_makes_room() -> None:
    restless = experienced(occupied=100.0, finished=10.0, left=2.0, waited=20.0)  # a tenth of them each minute
    assert told(restless, 2, 1).calculated == pytest.approx(1 / 0.1 + 1 / 0.2 + 1 / 0.3)


def test_a_free_slot_leaves_only_the_time_to_accept() -> None:
    assert told(Experience(answering=0.3), 1, 5, free=2).calculated == pytest.approx(0.3)


def test_privileged_newcomers_lengthen_the_wait_as_long_as_they_may_pass() -> None:
    experience = experienced()
    for minute in range(30):
        estimates.privileged_came(experience, 1, float(minute))
    ordinary = told(experience, 5, 2, now=30.0)
    exposed = told(experience, 5, 2, now=30.0, exposed=((1, 5.0),))
    assert exposed.median > 1.3 * ordinary.median
    assert told(experience, 5, 2, now=300.0, exposed=((1, 5.0),)).median == pytest.approx(ordinary.median, rel=0.01)


def test_a_long_conversation_is_known_before_it_ends() -> None:
    experience = experienced()
    before = told(experience, 0, 1).median
    estimates.occupied(experience, 60.0)
    assert told(experience, 0, 1).median > before


def test_the_ratio_learns_what_the_formula_does_not_know() -> None:
    experience = experienced()
    for _ in range(300):
        expected = told(experience, 2, 1)
        estimates.served(experience, expected, 3 * expected.calculated)
    assert experience.ratio(2) == pytest.approx(3.0, rel=0.05)
    assert experience.ratio(40) == 1.0


def test_the_upper_end_stretches_until_nine_of_ten_hold() -> None:
    experience = experienced()
    held = []
    for turn in range(3000):
        expected = told(experience, 0, 1)
        waited = 400.0 if turn % 7 == 0 else 1.0  # nothing like a gamma distribution, and too often too long
        held.append(waited <= expected.upper)
        estimates.served(experience, expected, waited)
    assert 0.85 <= sum(held[1000:]) / 2000 <= 0.95


def test_who_need_not_queue_does_not_change_what_the_others_are_told() -> None:
    experience = Experience()
    before = told(experience, 3, 1)
    for _ in range(100):
        estimates.served(experience, told(experience, 0, 1, free=1), 5.0)
    assert told(experience, 3, 1) == before


@pytest.mark.parametrize("shape", [1, 2, 3, 5, 10, 50])
@pytest.mark.parametrize("z", [0.0, UPPER])
def test_the_gamma_quantile_is_within_one_and_a_half_percent(shape: int, z: float) -> None:
    low, high = 0.0, 10.0 * shape
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _erlang_cdf(shape, middle) < NormalDist().cdf(z) else (low, middle)
    assert gamma_quantile(shape, z) == pytest.approx(low / shape, rel=0.015)


def _erlang_cdf(shape: int, x: float) -> float:
    """In closed form, for whole shapes."""
    return 1 - math.exp(-x) * sum(x**n / math.factorial(n) for n in range(shape))


def test_nobody_is_promised_an_agent_who_may_not_serve_them_yet() -> None:
    expected = told(Experience(), 0, 5, free=3, not_before=2.5)
    assert 2.5 <= expected.median <= expected.upper


SLOTS = st.integers(1, 5_000)


@given(STANDINGS, SLOTS, st.floats(0.1, 1e5), st.floats(0.01, 1e4), st.floats(0, 1e3))
def test_every_standing_has_a_finite_range(standing, slots, occupied, finished, left) -> None:
    found = estimate(Experience(occupied, finished, left), standing, slots, 0.0)
    assert found is not None
    assert 0 <= found.median <= found.upper < math.inf


@given(STANDINGS, SLOTS)
def test_one_more_ahead_never_shortens_the_wait(standing, slots) -> None:
    forecast = Forecast(Experience(left=3.0), slots, 0.0)
    longer = msgspec.structs.replace(standing, ahead=standing.ahead + 1)
    assert forecast.wait(longer).median >= forecast.wait(standing).median
