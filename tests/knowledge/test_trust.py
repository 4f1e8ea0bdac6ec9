"""An answer that was judged wrong needs more, and one that was judged right comes back."""

from __future__ import annotations

import pytest

from mashang.knowledge import trust
from mashang.knowledge.trust import Judged, reaches, shift

THRESHOLD = 0.88


def after(*verdicts: bool, p: float = 0.97) -> bool:
    return reaches(p, THRESHOLD, shift([Judged(p, is_right) for is_right in verdicts]))


def test_who_was_never_judged_is_where_it_was() -> None:
    assert shift([]) == 0
    assert reaches(THRESHOLD, THRESHOLD, 0.0)
    assert not reaches(THRESHOLD - 1e-9, THRESHOLD, 0.0)


def test_one_slip_of_a_finger_holds_nothing_back_and_a_few_do() -> None:
    assert after(False)
    assert not after(False, False, False)


def test_judged_right_it_comes_back() -> None:
    assert after(*[False] * 3, *[True] * 20)


def test_wrong_among_many_right_is_what_was_promised() -> None:
    assert abs(shift([Judged(0.95, place > 0) for place in range(20)])) < 0.05


def test_being_right_eases_only_a_little() -> None:
    assert 0 < shift([Judged(0.8, is_right=True)] * 3) < shift([Judged(0.8, is_right=True)] * 500)
    assert shift([Judged(0.8, is_right=True)] * 500) == trust.MOST_EASED


def test_however_many_strangers_make_it_a_little_more_careful_and_never_silent() -> None:
    strangers = [Judged(0.97, is_right=False, by_known=False)] * 50
    assert shift(strangers) == -trust.BY_STRANGERS
    assert reaches(0.97, THRESHOLD, shift(strangers))
    known = [Judged(0.97, is_right=False)] * 3
    assert shift([*known, *strangers]) == pytest.approx(shift(known) - trust.BY_STRANGERS, abs=0.002)


def test_strangers_hardly_take_back_what_the_known_said() -> None:
    known = [Judged(0.97, is_right=False)] * 5
    praise = [Judged(0.97, is_right=True, by_known=False)] * 50
    assert not reaches(0.97, THRESHOLD, shift([*known, *praise]))


def test_what_never_answers_stays_silent_however_it_was_judged() -> None:
    assert not reaches(1.0, 2.0, trust.MOST_EASED)


@pytest.mark.parametrize("p", [0.0, 1.0, 0.5], ids=["nothing", "certain", "half"])
def test_any_probability_may_be_judged(p: float) -> None:
    assert -50 <= shift([Judged(p, is_right=False)] * 50) <= 0 <= shift([Judged(p, is_right=True)] * 50)
