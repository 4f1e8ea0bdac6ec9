"""All phrasings of an answer speak together for what a question says."""

from __future__ import annotations

import numpy as np
import pytest

from bench.answer_cases import asked
from mashang.knowledge import features, holding_back
from mashang.knowledge.evidence import gather
from mashang.knowledge.finder import Answerable, Model
from mashang.knowledge.learning import learnt

CHINESE = asked("zh")


def known(number: int, left_out: str = "") -> list[Answerable]:
    few = list(CHINESE.items())[:number]
    return [Answerable(name, tuple(text for text in texts if features.plain(text) != left_out)) for name, texts in few]


def covered(model: Model, question: str) -> dict[str, float]:
    asked = model.asked(features.plain(question))
    both = (asked.covered[0] + asked.covered[1])[0] / 2
    return dict(zip(model.ids, both.tolist(), strict=True))


def test_words_of_several_phrasings_together_cover_a_question() -> None:
    answers = [Answerable("退款", ("怎么退款", "微信支付")), Answerable("发票", ("怎么开发票", "发票抬头"))]
    _, model = learnt(answers)
    found = covered(model, "微信支付怎么退款")
    assert found["退款"] > 0.8
    assert 0 < found["发票"] < 0.3
    assert max(covered(model, "明天下雨").values()) < 0.05, "but for where it begins and ends"


def test_a_phrasing_is_covered_by_its_answer_and_not_without_it() -> None:
    task, model = learnt(known(6))
    stretch = holding_back._stretch(task, model, 0, len(task.texts), holding_back._only(task))
    assert stretch.covered[0][np.arange(len(task.texts)), task.owners] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("row", [3, 17, 41])
def test_what_covers_a_phrasing_held_back_is_what_covers_it_when_it_was_never_learnt(row: int) -> None:
    task, model = learnt(known(30))
    stretch = holding_back._stretch(task, model, 0, len(task.texts), holding_back._only(task))
    alone, text = holding_back.phrasings(task, model, stretch), task.texts[row]
    _, without = learnt(known(30, left_out=text))
    evidence = gather(without.asked(text), without.starts)
    # the weights of runs are learnt from all phrasings, so the figures agree nearly
    assert model.ids[alone.evidence.best[row, 0]] == without.ids[evidence.best[0, 0]]
    assert alone.evidence.figures[row, -2:] == pytest.approx(evidence.figures[0, -2:], abs=0.05)


def test_an_answer_held_back_covers_nothing() -> None:
    answers = [Answerable("退款", ("怎么退款", "我要退款")), Answerable("发票", ("怎么开发票", "发票抬头"))]
    task, model = learnt(answers)
    stretch = holding_back._stretch(task, model, 0, len(task.texts), holding_back._only(task))
    gone = holding_back.answers(task, model, stretch)
    assert (gone.evidence.best[:, 0] != task.owners).all()
    both = (stretch.covered[0] + stretch.covered[1])[np.arange(4), 1 - task.owners]
    assert gone.evidence.figures[:, -2] == pytest.approx(both), "ahead of nothing"
