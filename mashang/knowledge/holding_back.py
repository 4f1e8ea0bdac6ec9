"""Questions that the finder has not seen, made from the knowledge itself.

A phrasing held back is a question with an answer; a phrasing whose whole answer was held
back is a related question without one.  Nothing is learnt again for that: what the
classifiers would have said without them follows exactly from the one decomposition that
they come from (`ridge`).  Small talk (a list beside this file) is everything else.

Does not: learn (`learning`), or make probabilities (`calibration`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mashang.knowledge import features
from mashang.knowledge.calibration import NOWHERE, Sample, weighed
from mashang.knowledge.coverage import by_itself
from mashang.knowledge.evidence import NOTHING, Asked, Evidence, gather
from mashang.knowledge.finder import BIAS, COVERED, Model
from mashang.knowledge.ridge import Decomposed
from mashang.knowledge.space import Rows

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_MOST = 4000  # phrasings and sentences held back in turn
_AT_ONCE = 128
_NEAR = 0.6  # of a likeness of 2, which is the same words
_ENOUGH_NEAR = 10


class Task(NamedTuple):
    """What was learnt from: phrasings and sentences in order of their answers, in both views, and whose they are."""

    texts: list[str]
    is_asked: NDArray[np.bool_]  # by customers; or a sentence of the answer itself
    rows: tuple[Rows, Rows]
    owners: Ints
    solved: Decomposed


class Finding(NamedTuple):
    """What was found for phrasings held back: the evidence, and the answer each belongs to."""

    evidence: Evidence
    owners: Ints
    rows: Ints  # of the task; behind its end those of small talk


class _Only(NamedTuple):
    """Which part of each text's length no other text has, none of another answer, none of its own; texts x views."""

    texts: NDArray[np.float64]
    answers: NDArray[np.float64]
    siblings: NDArray[np.float64]


class _Stretch(NamedTuple):
    """Some answers with all their phrasings, and what is needed to hold any of them back."""

    low: int  # the first phrasing
    high: int
    like: list[Floats]  # to all phrasings, by view
    kernels: list[Floats]
    covered: list[Floats]  # by all of them
    scores: list[Floats]  # with all of them, by view
    back: Floats  # columns of the inverse
    only: _Only
    length: NDArray[np.float64]


def judged(task: Task, model: Model) -> Sample:
    """What is to be calibrated on."""
    parts, only = [], _only(task)
    for low, high in _stretches(model.starts):
        stretch = _stretch(task, model, low, high, only)
        parts += [_placed(phrasings(task, model, stretch), 0), _without(answers(task, model, stretch), 1)]
    parts.append(_without(_far(model, len(task.texts)), 2))
    figures, kind, place, group, first, row = (np.concatenate(column) for column in zip(*parts, strict=True))
    texts = [*task.texts, *small_talk()]
    chinese = np.array([features.is_chinese(texts[each]) for each in row], np.bool_)
    return Sample(figures, weighed(kind), place, kind, group, first, row, chinese)


def _stretches(starts: Ints) -> list[tuple[int, int]]:
    """The last answers, for what is nothing before its first row costs less; any of them are a fair sample."""
    found, high = [], int(starts[-1])
    while high > max(0, int(starts[-1]) - _MOST):
        at = min(np.searchsorted(starts, high - _AT_ONCE), np.searchsorted(starts, high) - 1)
        found.append((int(starts[at]), high))
        high = int(starts[at])
    return found


def _stretch(task: Task, model: Model, low: int, high: int, only: _Only) -> _Stretch:
    units = np.zeros((len(task.texts), high - low), np.float32)
    units[np.arange(low, high), np.arange(high - low)] = 1
    like = [space.likenesses(rows, low, high) for space, rows in zip(model.spaces, task.rows, strict=True)]
    kernels = [each + np.float32(BIAS / 2) for each in like]
    covered = [each.covered_each(rows, low, high) for each, rows in zip(model.coverage, task.rows, strict=True)]
    scores = [
        np.asarray(kernel @ model.shares.T + COVERED * words, np.float32)
        for kernel, words in zip(kernels, covered, strict=True)
    ]
    length = np.array([len(text) for text in task.texts[low:high]], np.float64)
    return _Stretch(low, high, like, kernels, covered, scores, task.solved.solve(units, low), only, length)


def crossed(task: Task, model: Model) -> float:
    """Of customers' phrasings with a near one: the share to which one of another answer is as near as one of its own.

    Phrasings without another of their own answer do not count; 0 where too few have a near one.
    """
    sizes = np.bincount(task.owners[task.is_asked], minlength=len(model.ids))
    near = across = 0
    for low, high in _stretches(model.starts):
        like = sum(space.likenesses(rows, low, high) for space, rows in zip(model.spaces, task.rows, strict=True))
        like = np.where(task.is_asked, like, 0)
        like[np.arange(high - low), np.arange(low, high)] = 0
        is_own = task.owners[low:high, None] == task.owners
        own, other = np.where(is_own, like, 0).max(1), np.where(is_own, 0, like).max(1)
        counts = task.is_asked[low:high] & (sizes[task.owners[low:high]] > 1) & (np.maximum(own, other) >= _NEAR)
        near += int(counts.sum())
        across += int((counts & (other >= own)).sum())
    return across / near if near >= _ENOUGH_NEAR else 0.0


def phrasings(task: Task, model: Model, stretch: _Stretch) -> Finding:
    """Each phrasing held back by itself; answers with a single one are left out."""
    own, row = np.arange(stretch.low, stretch.high), np.arange(stretch.high - stretch.low)
    gone = model.shares.T[own] / stretch.back[own, row][:, None]
    own_words = [np.einsum("ij,ji->i", kernel, stretch.back)[:, None] for kernel in stretch.kernels]
    scores = [every - of_it * gone for every, of_it in zip(stretch.scores, own_words, strict=True)]
    like = [each.copy() for each in stretch.like]
    for each in like:
        each[row, own] = 0
    owners = task.owners[own]
    covered = [each.copy() for each in stretch.covered]
    for words, score, lost in zip(covered, scores, stretch.only.siblings[own].T.astype(np.float32), strict=True):
        words[row, owners] -= lost
        score[row, owners] -= COVERED * lost
    kept = (np.diff(model.starts)[owners] > 1) & task.is_asked[own]
    asked = Asked(_two(scores), _two(covered), _two(like), stretch.only.texts[own], stretch.length)
    return Finding(gather(asked.only(kept), model.starts), owners[kept], own[kept])


def answers(task: Task, model: Model, stretch: _Stretch) -> Finding:
    """Each phrasing, with its whole answer held back."""
    low, high = stretch.low, stretch.high
    scores, covered, like = ([each.copy() for each in part] for part in (stretch.scores, stretch.covered, stretch.like))
    owners = task.owners[low:high]
    for answer in range(int(owners[0]), int(owners[-1]) + 1):
        own = slice(int(model.starts[answer]), int(model.starts[answer + 1]))
        here = slice(own.start - low, own.stop - low)
        square = stretch.back[own, here].astype(np.float64)
        gone = np.linalg.solve(square, model.shares.T[own]).astype(np.float32)
        for score, kernel, words, near in zip(scores, stretch.kernels, covered, like, strict=True):
            score[here] -= (kernel[here] @ stretch.back[:, here]) @ gone
            score[here, answer] = NOTHING
            words[here, answer] = 0
            near[here, own] = 0
    kept = task.is_asked[low:high]
    asked = Asked(_two(scores), _two(covered), _two(like), stretch.only.answers[low:high], stretch.length)
    return Finding(gather(asked.only(kept), model.starts), owners[kept], np.arange(low, high)[kept])


def _only(task: Task) -> _Only:
    every = np.arange(len(task.texts))
    return _Only(
        np.stack([_only_in(rows, every) for rows in task.rows], 1),
        np.stack([_only_in(rows, task.owners) for rows in task.rows], 1),
        np.stack([by_itself(rows, task.owners, int(task.owners[-1]) + 1) for rows in task.rows], 1),
    )


def _only_in(rows: Rows, groups: Ints) -> NDArray[np.float64]:
    """Which part of each text's length is in runs that no text of another group has."""
    texts = len(rows.starts) - 1
    owner = np.repeat(np.arange(texts), np.diff(rows.starts))
    often = np.bincount(rows.runs)
    cells = groups[owner] * len(often) + rows.runs
    _, inverse, number = np.unique(cells, return_inverse=True, return_counts=True)
    only = number[inverse] == often[rows.runs]
    return np.bincount(owner, rows.weights.astype(np.float64) ** 2 * only, minlength=texts).astype(np.float64)


def _far(model: Model, row: int) -> Finding:
    asked = [model.asked(text) for text in small_talk()]
    scores, covered, like = (
        _two([np.concatenate(view) for view in zip(*part, strict=True)])
        for part in ([one.scores for one in asked], [one.covered for one in asked], [one.like for one in asked])
    )
    unknown, length = (np.concatenate(part) for part in zip(*((one.unknown, one.length) for one in asked), strict=True))
    joined = Asked(scores, covered, like, unknown, length)
    return Finding(gather(joined, model.starts), np.arange(len(asked)), row + np.arange(len(asked)))


def _two(views: list[Floats]) -> tuple[Floats, Floats]:
    first, second = views
    return first, second


@cache
def small_talk() -> tuple[str, ...]:
    """What people say that no shop's knowledge answers."""
    lines = Path(__file__).with_name("small_talk.txt").read_text("utf-8").splitlines()
    return tuple(filter(None, map(features.plain, lines)))


_Part = tuple[NDArray[np.float64], Ints, Ints, Ints, Ints, Ints]


def _placed(finding: Finding, kind: int) -> _Part:
    hit = finding.evidence.best == finding.owners[:, None]
    return _part(finding, kind, np.where(hit.any(1), hit.argmax(1), NOWHERE))


def _without(finding: Finding, kind: int) -> _Part:
    return _part(finding, kind, np.full(len(finding.owners), NOWHERE))


def _part(finding: Finding, kind: int, place: Ints) -> _Part:
    first = finding.evidence.best[:, 0]
    return finding.evidence.figures, np.full(len(place), kind), place, finding.owners, first, finding.rows
