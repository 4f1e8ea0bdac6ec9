"""Quartiles of counted seconds, and when one median may be called shorter than another."""

from __future__ import annotations

import random
import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.desk.spreads import FEWEST, Times, ratio_of_medians


def times(*seconds: int) -> Times:
    return Times(Counter(seconds))


def test_the_five_numbers_of_five_times_are_read_off() -> None:
    spread = times(50, 10, 40, 20, 30).spread
    assert (spread.n, spread.q1, spread.median, spread.q3) == (5, 20, 30, 40)
    assert (spread.p05, spread.p95) == (12, 48)


def test_without_times_there_is_no_spread() -> None:
    spread = times().spread
    assert (spread.n, spread.median) == (0, None)


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=200))
def test_quartiles_are_those_of_the_sorted_list(seconds: list[int]) -> None:
    spread = Times(Counter(seconds)).spread
    wanted = statistics.quantiles(seconds, n=4, method="inclusive")
    assert [spread.q1, spread.median, spread.q3] == pytest.approx(wanted, abs=0.06)  # told with one digit


def test_nothing_is_said_of_fewer_than_thirty_on_either_side() -> None:
    enough, too_few = Times({60: FEWEST}), Times({600: FEWEST - 1})
    for one, other in ((enough, too_few), (too_few, enough), (times(), enough)):
        assert ratio_of_medians(one, other).verdict == "too_few"
        assert ratio_of_medians(one, other).ratio is None


def test_a_clear_difference_is_told_both_ways_and_with_its_interval() -> None:
    short, long = Times(dict.fromkeys(range(40, 81), 1)), Times(dict.fromkeys(range(80, 161), 1))
    told, turned = ratio_of_medians(short, long), ratio_of_medians(long, short)
    assert (told.verdict, told.ratio, turned.verdict, turned.ratio) == ("faster", 0.5, "slower", 2.0)
    # by hand: of 41 times the 15th from each end, 54 and 66, 1.7 standard errors away; of 81 the 32nd, 111 and 129, 1.9
    assert (told.low, told.high) == pytest.approx((0.435, 0.574), abs=0.004)
    assert (turned.low, turned.high) == pytest.approx((1 / told.high, 1 / told.low), abs=0.001)


def test_what_may_be_chance_is_called_no_difference() -> None:
    one, other = Times(dict.fromkeys(range(10, 200, 5), 1)), Times(dict.fromkeys(range(20, 220, 5), 1))
    assert ratio_of_medians(one, other).verdict == "no_difference"


def test_times_that_are_all_the_same_do_not_make_a_false_certainty() -> None:
    assert ratio_of_medians(Times({60: 500}), Times({60: 500})).verdict == "no_difference"
    assert ratio_of_medians(Times({0: 100}), Times({0: 100})).verdict == "no_difference"


@pytest.mark.parametrize("n", [30, 400, 1500])
def test_of_samples_with_the_same_median_few_are_called_different(n: int, cases) -> None:
    chance = random.Random(n)  # noqa: S311 — repeatable, guards nothing
    trials = cases(100)
    called = 0
    for _ in range(trials):
        drawn = [Counter(round(chance.lognormvariate(5, 1.2)) for _ in range(n)) for _ in range(2)]
        called += ratio_of_medians(*map(Times, drawn)).verdict != "no_difference"
    assert called <= 0.12 * trials  # 5 % are meant; a hundred trials may show some more
