"""A simulated week is the product's own rules; only the customers are made up, and the same seed is the same week."""

from __future__ import annotations

import msgspec
import pytest

from mashang.insights import week
from mashang.insights.week import Consultation, Report
from mashang.knowledge.finder import Candidate, Found

SLOW = Consultation("充值好慢", "recharge-slow")
PAID_TWICE = Consultation("扣了两次款", "paid-twice")
NOBODY_KNOWS = Consultation("你们老板是谁")


class Knows:
    """A finder that says what it is told to."""

    def __init__(self, band: str, *best: str) -> None:
        self._band, self._best = band, best

    def find(self, question: str) -> Found:
        candidates = tuple(Candidate(one, 1.0, 0.9) for one in self._best)
        return Found(question, candidates, 0.9 if self._best else 0.0, self._band, "")  # type: ignore[arg-type]  # a band


def of(model: Knows, *drawn: Consultation, number: int = 400, **how: int) -> Report:
    return week.simulate(model, drawn, seed=how.pop("seed", 1), number=number, **how)


def test_the_same_seed_is_the_same_week() -> None:
    model = Knows("answer", "recharge-slow", "paid-twice")
    assert of(model, SLOW, PAID_TWICE) == of(model, SLOW, PAID_TWICE)
    assert of(model, SLOW, PAID_TWICE) != of(model, SLOW, PAID_TWICE, seed=2)


def test_right_answers_solve_and_are_there_at_once() -> None:
    report = of(Knows("answer", "recharge-slow"), SLOW)
    assert report.resolution == report.really_solved == pytest.approx(week.CONTENT, abs=0.05)
    assert (report.wrong, report.misled) == (0.0, 0.0)
    assert report.first_response.p50 == week.ASSISTANT


def test_wrong_answers_are_wrong_even_when_nobody_says_so() -> None:
    report = of(Knows("answer", "paid-twice"), SLOW)
    assert report.wrong == 1.0
    assert report.really_solved == 0.0
    assert report.misled > 0
    assert 0 < report.resolution <= report.misled  # those the dashboard cannot tell from helped ones
    assert report.handed_over > 0.8


def test_the_right_choice_is_picked_and_none_of_them_leads_to_a_person() -> None:
    assert of(Knows("suggest", "paid-twice", "recharge-slow"), SLOW).really_solved > 0.8
    wrong = of(Knows("suggest", "paid-twice"), SLOW)
    assert wrong.reasons["misunderstood"] > 300


def test_what_is_not_known_goes_to_a_person_after_one_more_try() -> None:
    report = of(Knows("hand_over"), NOBODY_KNOWS)
    assert (report.handed_over, report.basic, report.reasons) == (1.0, 0, {"misunderstood": 400})
    assert report.first_response.p50 >= week.FIRST_WORDS


def test_anger_and_asking_for_a_person_need_no_finder() -> None:
    report = of(Knows("answer", "recharge-slow"), Consultation("转人工", "recharge-slow"))
    assert report.reasons == {"asked": 400}


def test_too_few_people_are_felt_without_the_assistant() -> None:
    few = of(Knows("answer", "recharge-slow"), SLOW, number=5000, slots=1)
    assert few.first_response_without.p50 > 3600
    assert few.first_response.p50 == week.ASSISTANT
    assert msgspec.to_builtins(few)["slots"] == 1
