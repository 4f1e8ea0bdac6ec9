"""Learning a finder from answers and how customers ask for them.

Where there is enough of it, the knowledge itself tells how sure one may be: phrasings and
whole answers are held back in turn (`holding_back`).  Where there is not, margin and
nearness alone speak, and little is answered.

Does not: answer a question (`finder`), or read a database (`relearning`).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from mashang.knowledge import calibration as calibrating
from mashang.knowledge import features, holding_back
from mashang.knowledge.calibration import FALLBACK, NEARNESS, Sample
from mashang.knowledge.coverage import Coverage
from mashang.knowledge.finder import BIAS, Answerable, Model
from mashang.knowledge.holding_back import Task
from mashang.knowledge.ridge import Decomposed
from mashang.knowledge.space import Space

PENALTY, STIFFER = 1.2, 5.0
_MUDDLED = 0.85  # of the held-back phrasings find their answer: below it the stiffer one is tried
SAID = 0.3  # what a sentence of the answer itself counts, where a phrasing counts one
SENTENCES = 12  # of one answer
MOST = 11_000  # phrasings and sentences: what can be learnt from in seconds
FEWEST = 100  # phrasings in all, and more than two of the middle answer
_SEED = 7


class Learnt(NamedTuple):
    """A calibrated model, what it was learnt from, and what held-back questions said of it (None: too few)."""

    task: Task | None
    model: Model
    sample: Sample | None


def learn(answers: Sequence[Answerable]) -> Model:
    """Learn and calibrate; the same answers give the same model."""
    return calibrated(answers, *learnt(answers)).model


def calibrated(answers: Sequence[Answerable], task: Task | None, model: Model) -> Learnt:
    """The model with what the knowledge says of itself, as far as there is enough of it.

    Where many phrasings lead elsewhere when held back, some are in the wrong place: a stiffer model that believes
    single ones less is tried, and taken if more of the held-back ones find their answer.
    """
    if task is None or too_few(task, model):
        apart = FALLBACK if len(model.ids) > 2 else NEARNESS
        if task is not None:
            crossed = holding_back.crossed(task, model)
            apart = msgspec.structs.replace(apart, crossed=crossed, is_scarce=_is_scarce(task, model))
        return Learnt(task, msgspec.structs.replace(model, calibration=apart), None)
    sample = holding_back.judged(task, model)
    if sample.found < _MUDDLED:
        other_task, other = learnt(answers, STIFFER)
        again = holding_back.judged(other_task, other) if other_task else sample
        if again.found > sample.found:
            task, model, sample = other_task or task, other, again
    found = msgspec.structs.replace(calibrating.calibrate(sample), crossed=holding_back.crossed(task, model))
    return Learnt(task, msgspec.structs.replace(model, calibration=found), sample)


def learnt(answers: Sequence[Answerable], penalty: float = PENALTY) -> tuple[Task | None, Model]:
    """The classifiers, not calibrated yet, and what they were learnt from; None where there was nothing."""
    asked = {one.id: tuple(dict.fromkeys(filter(None, map(features.plain, one.phrasings)))) for one in answers}
    asked = _shortened(asked)
    said = _said(answers, asked)
    ids = sorted(one for one in asked if asked[one] or said[one])
    Random(_SEED).shuffle(ids)  # noqa: S311 — so that any stretch of them is a fair sample
    texts = [text for one in ids for text in (*asked[one], *said[one])]
    starts = np.cumsum([0, *(len(asked[one]) + len(said[one]) for one in ids)])
    is_asked = np.array([kind for one in ids for kind in [True] * len(asked[one]) + [False] * len(said[one])], np.bool_)
    filed = [Space.of(view(texts), len(texts)) for view in features.VIEWS]
    spaces, rows = (filed[0][0], filed[1][0]), (filed[0][1], filed[1][1])
    owners = np.repeat(np.arange(len(ids)), np.diff(starts))
    coverage = (Coverage.of(rows[0], owners, len(ids)), Coverage.of(rows[1], owners, len(ids)))
    if not ids:
        return None, Model((), starts, spaces, coverage, np.zeros((0, 0), np.float32), FALLBACK)

    def kernel(low: int, high: int) -> NDArray[np.float32]:
        first, second = (space.likenesses(each, low, high, high) for space, each in zip(spaces, rows, strict=True))
        first += second
        first += np.float32(BIAS)
        return first

    solved = Decomposed(kernel, np.where(is_asked, penalty, penalty / SAID).astype(np.float32))
    wanted = np.where(owners[:, None] == np.arange(len(ids)), np.float32(1), np.float32(-1))
    shares = np.ascontiguousarray(solved.solve(wanted).T)
    return Task(texts, is_asked, rows, owners, solved), Model(tuple(ids), starts, spaces, coverage, shares, FALLBACK)


def _shortened(asked: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """At most so many that all together can be learnt from."""
    longest = max(map(len, asked.values()), default=0)
    while sum(min(len(texts), longest) for texts in asked.values()) > MOST and longest > 1:
        longest -= 1
    return {one: texts[:longest] for one, texts in asked.items()}


def _said(answers: Sequence[Answerable], asked: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The sentences of each answer's own words, as far as there is room for them."""
    room = (MOST - sum(map(len, asked.values()))) // max(1, len(asked))
    return {
        one.id: tuple(text for text in features.sentences(one.words) if text not in asked[one.id])[
            : max(0, min(SENTENCES, room))
        ]
        for one in answers
    }


def too_few(task: Task, model: Model) -> bool:
    """Is there too little to hold any of it back?"""
    sizes = np.bincount(task.owners[task.is_asked], minlength=len(model.ids))
    return _is_scarce(task, model) or int(sizes.sum()) < FEWEST


def _is_scarce(task: Task, model: Model) -> bool:
    sizes = np.bincount(task.owners[task.is_asked], minlength=len(model.ids))
    return len(sizes) < 3 or float(np.median(sizes)) <= 2
