"""How well questions find their answers, told against what was meant.

A file of knowledge (`{"id", "answer", "phrasings": […]}` a line) and one of questions
(`{"text", "expect": id or null}`); null is a question that nothing here answers.  What is
judged is what the product does: learnt in a process of its own, packed, unpacked, asked.

Does not: hold a set of questions (`bench`), or judge what a shop made of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, perf_counter_ns

import msgspec
import numpy as np
from numpy.typing import NDArray

from mashang.kit.given import lines_of
from mashang.kit.memory import resident_mb
from mashang.kit.trouble import Trouble
from mashang.knowledge import features
from mashang.knowledge.apart import learnt_at_once
from mashang.knowledge.calibration import separated
from mashang.knowledge.evidence import NOTHING
from mashang.knowledge.finder import TARGET, Answerable, Found, Model
from mashang.knowledge.packing import unpacked

_WARMED = 100


class Known(msgspec.Struct, frozen=True):
    """A line of the knowledge."""

    id: str
    phrasings: list[str]
    answer: str = ""


class Question(msgspec.Struct, frozen=True):
    """A line of the questions."""

    text: str
    expect: str | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Shares; those of answering at the product's own target.  None: there was nothing to take a share of.

    Classifiers serve as soon as they are there; what is learnt of how sure they are follows.
    """

    accuracy_at_1: float | None
    accuracy_at_5: float | None
    mrr: float | None
    auroc_rejection: float | None
    answered_right: float | None
    answered_wrong: float | None
    suggested_right: float | None
    rejected_answered: float | None
    precision: float | None
    p50_ms: float
    p99_ms: float
    memory_mb: float
    questions: int
    in_scope: int
    target: float
    classifiers_in_s: float
    learnt_in_s: float
    silent: str


def read_knowledge(path: Path) -> list[Answerable]:
    """The answers of a file; raises Trouble, in one sentence, for a file that is none."""
    answers: dict[str, Answerable] = {}
    for number, line in lines_of(path, Known):
        if line.id in answers:
            raise Trouble("eval_id_twice", path=path, line=number, name=line.id)
        answers[line.id] = Answerable(line.id, tuple(line.phrasings), line.answer)
    return list(answers.values())


def read_questions(path: Path, answers: Sequence[Answerable]) -> list[Question]:
    """The questions of a file, each of which expects one of these answers or none; raises Trouble."""
    known = {one.id for one in answers}
    questions = []
    for number, line in lines_of(path, Question):
        if line.expect is not None and line.expect not in known:
            raise Trouble("eval_unknown_id", path=path, line=number, name=line.expect)
        questions.append(line)
    return questions


def judge(answers: Sequence[Answerable], questions: Sequence[Question], *, since_mb: float) -> Verdict:
    """Learn, ask, and compare; `since_mb` is what the process held before it knew of any finder."""
    target = TARGET
    learnt_in: list[float] = []
    began = perf_counter()
    for said in learnt_at_once(answers):
        model = unpacked(said.content)
        learnt_in.append(perf_counter() - began)
    for question in questions[:_WARMED]:
        model.find(question.text, target)
    found, took = [], []
    for question in questions:
        asked = perf_counter_ns()
        found.append(model.find(question.text, target))
        took.append((perf_counter_ns() - asked) / 1e6)
    memory = resident_mb() - since_mb
    return Verdict(
        **_ranked(model, questions),
        **_decided(questions, found),
        p50_ms=round(float(np.percentile(took, 50)), 3),
        p99_ms=round(float(np.percentile(took, 99)), 3),
        memory_mb=round(memory, 1),
        questions=len(questions),
        in_scope=sum(one.expect is not None for one in questions),
        target=target,
        classifiers_in_s=round(learnt_in[0], 2),
        learnt_in_s=round(learnt_in[-1], 2),
        silent=model.calibration.silent(target),
    )


def _ranked(model: Model, questions: Sequence[Question]) -> dict[str, float | None]:
    """How far up the right answer stands."""
    places = np.array([_place(model, one.text, one.expect) for one in questions if one.expect is not None])
    return {
        "accuracy_at_1": _mean(places == 1),
        "accuracy_at_5": _mean(places <= 5),
        "mrr": _mean(1 / places),
    }


def _place(model: Model, question: str, expected: str) -> float:
    text = features.plain(question)
    if not text or expected not in model.ids:
        return np.inf
    asked = model.asked(text)
    scores = (asked.scores[0] + asked.scores[1])[0]
    own = scores[model.ids.index(expected)]
    return float(1 + (scores > own).sum()) if own > NOTHING else np.inf


def _decided(questions: Sequence[Question], found: Sequence[Found]) -> dict[str, float | None]:
    """What came of the questions."""
    inside = np.array([one.expect is not None for one in questions])
    answered = np.array([one.band == "answer" for one in found])
    right = np.array(
        [
            bool(one.candidates) and one.candidates[0].id == asked.expect
            for asked, one in zip(questions, found, strict=True)
        ]
    )
    offered = np.array(
        [
            one.band == "suggest" and asked.expect in [each.id for each in one.candidates[:3]]
            for asked, one in zip(questions, found, strict=True)
        ]
    )
    return {
        "auroc_rejection": separated(np.array([one.p for one in found]), inside),
        "answered_right": _mean((answered & right)[inside]),
        "answered_wrong": _mean((answered & ~right)[inside]),
        "suggested_right": _mean(offered[inside]),
        "rejected_answered": _mean(answered[~inside]),
        "precision": _mean(right[answered]),
    }


def _mean(values: NDArray[np.bool_] | NDArray[np.float64]) -> float | None:
    return round(float(values.mean()), 6) if len(values) else None
