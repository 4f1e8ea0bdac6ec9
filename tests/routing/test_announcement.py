"""What a waiting customer is told, and told anew."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.routing.announcement import STEPS, Announcement, Range, announce, rounded
from mashang.routing.estimate import Estimate


def said(low: int, high: int, *, ahead: int = 3, privileged: int = 0, slots: int = 5, refused: int = 0) -> Announcement:
    return Announcement(Range(low, high), ahead, privileged, slots, refused=refused)


@pytest.mark.parametrize(
    ("median", "upper", "low", "high"),
    [(0.1, 0.4, 1, 1), (2.3, 5.1, 3, 6), (3.0, 6.0, 3, 6), (38.0, 70.0, 40, 75), (900.0, 1e6, 480, 480)],
)
def test_a_range_is_rounded_up_to_what_people_say(median, upper, low, high) -> None:
    assert rounded(Estimate(median, upper, median, 0)) == Range(low, high)


def test_a_step_up_is_not_worth_a_word_and_not_told() -> None:
    before = said(3, 6)
    assert announce(before, said(3, 8)) is before
    assert announce(before, said(4, 6)) is before


def test_two_steps_up_are_told_with_a_word() -> None:
    told = announce(said(3, 6), said(3, 10))
    assert (told.range, told.word) == (Range(3, 10), "slower")


def test_a_step_down_is_told_at_once() -> None:
    assert announce(said(3, 6), said(2, 5)).range == Range(2, 5)
    assert announce(said(3, 6), said(2, 8)).range == Range(2, 6)


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (said(8, 15, ahead=4, privileged=1, slots=4), "privileged"),
        (said(8, 15, slots=4, refused=1), "unanswered"),
        (said(8, 15, slots=4), "fewer_agents"),
        (said(8, 15, ahead=4), "returned"),
        (said(8, 15), "slower"),
    ],
)
def test_a_longer_wait_comes_with_the_reason(now, word) -> None:
    told = announce(said(3, 6), now)
    assert (told.range, told.word) == (Range(8, 15), word)


RANGES = st.tuples(st.sampled_from(STEPS), st.sampled_from(STEPS)).map(sorted)
SAID = st.builds(
    lambda ends, ahead, slots: said(*ends, ahead=ahead, slots=slots), RANGES, st.integers(0, 9), st.integers(1, 9)
)


@given(st.lists(SAID, min_size=2, max_size=20))
def test_nothing_told_grows_without_a_word(fresh) -> None:
    before = None
    for one in fresh:
        told = announce(before, one)
        assert told.range.low_minutes <= told.range.high_minutes
        grew = before is not None and told.range.high_minutes > before.range.high_minutes
        assert not grew or told.word is not None
        before = told
