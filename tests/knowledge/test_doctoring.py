"""The knowledge doctor names what is taken for each other, what is thin, and what more would bring."""

from __future__ import annotations

import pytest

from bench.answer_cases import asked
from mashang.knowledge import learning
from mashang.knowledge.doctoring import Examination, examine
from mashang.knowledge.finder import Answerable

CHINESE = asked("zh")


def examined(answers: list[Answerable]) -> Examination:
    return examine(answers, learning.calibrated(answers, *learning.learnt(answers)))


@pytest.fixture(scope="module")
def doubled() -> Examination:
    """Two answers are asked for in the same words, politely or not as it comes; another has three phrasings."""
    answers = [Answerable(name, tuple(texts)) for name, texts in list(CHINESE.items())[:12]]
    refund = CHINESE["申请退款"]
    answers = [one for one in answers if one.id != "申请退款"]
    polite = [f"请问{text}" for text in refund]
    answers += [
        Answerable("退款一", (*refund[::2], *polite[1::2])),
        Answerable("退款二", (*refund[1::2], *polite[::2])),
    ]
    return examined([*answers, Answerable("发票", tuple(CHINESE["开发票"][:3]))])


def test_two_answers_for_the_same_are_a_pair_with_examples(doubled) -> None:
    pair = next(one for one in doubled.pairs if {one.one, one.other} == {"退款一", "退款二"})
    assert pair.share >= 0.2
    assert 1 < len(pair.examples) <= 12
    assert {one.answer for one in pair.examples} <= {pair.one, pair.other}


def test_what_is_hardly_asked_for_is_thin(doubled) -> None:
    assert (doubled.thin[0].answer, doubled.thin[0].phrasings) == ("发票", 3)


def test_the_weakest_are_those_that_are_not_found(doubled) -> None:
    assert {"退款一", "退款二"} & {one.answer for one in doubled.weakest}
    assert all(one.right < 0.5 for one in doubled.weakest)


def test_shares_and_curve_belong_together(doubled) -> None:
    assert 0.4 < doubled.right < 0.95
    assert doubled.answered_right + doubled.answered_wrong <= 1
    assert [point.phrasings for point in doubled.curve] == sorted(point.phrasings for point in doubled.curve)
    assert doubled.curve[-1].right == doubled.right
    assert doubled.right <= doubled.with_twice <= 0.99


def test_all_that_the_evaluation_tells_is_told_of_the_own_knowledge(doubled) -> None:
    assert doubled.right < doubled.mrr <= doubled.accuracy_at_5 <= 1
    assert doubled.right + (doubled.accuracy_at_5 - doubled.right) / 2 >= doubled.mrr - 1e-3
    assert 0.5 < doubled.auroc <= 1
    assert 0 < doubled.suggested_right <= 1 - doubled.answered_right - doubled.answered_wrong + 1e-3
    assert doubled.answered_right == 0 or doubled.precision > 0.8
    assert 0 < doubled.p50_ms <= doubled.p99_ms
    assert doubled.memory_mb > 0


def test_too_little_is_said_to_be_too_little() -> None:
    found = examined([Answerable(name, tuple(texts[:2])) for name, texts in CHINESE.items()])
    assert (found.silent, found.right, found.pairs, found.curve) == ("few", None, [], [])
    assert len(found.thin) == len(CHINESE)
