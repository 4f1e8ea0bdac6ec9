"""What speaks for the best answer being right: some seventeen figures of one finding.

How sure the classifiers are and by how much they prefer it, whether both views agree,
how near the nearest phrasings lie and how near those of other answers, how much of the
question its phrasings together have words for, and how much nobody has ever written.  A
sentence embedding would join here as one more column of `EVIDENCE`.

Does not: make a probability of them (`calibration`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

EVIDENCE = (
    "score", "gap", "gap_to_third", "characters", "characters_gap", "sounds", "sounds_gap",
    "near_characters", "near_characters_gap", "near_sounds", "near_sounds_gap", "near_three",
    "unknown_characters", "unknown_sounds", "length", "covered_lead", "covered_of_known",
)  # fmt: skip
NOTHING = np.float32(-9)  # the score of an answer that is out of the question
_NEXT_TO_NOTHING = 1e-3


class Asked(NamedTuple):
    """Questions, a row each: scores and coverage of answers and likeness to phrasings by each view, what is unknown."""

    scores: tuple[Floats, Floats]
    covered: tuple[Floats, Floats]
    like: tuple[Floats, Floats]
    unknown: NDArray[np.float64]  # questions x views
    length: NDArray[np.float64]

    def only(self, rows: NDArray[np.bool_]) -> Asked:
        """Some of them."""
        scores, covered, like = ((first[rows], second[rows]) for first, second in self[:3])
        return Asked(scores, covered, like, self.unknown[rows], self.length[rows])


class Evidence(NamedTuple):
    """The five best answers of each question, their scores, and the figures for the first."""

    best: Ints
    scores: Floats
    figures: NDArray[np.float64]


def gather(asked: Asked, starts: Ints) -> Evidence:
    """The evidence; `starts` are the first phrasings of the answers, and the end."""
    scores = asked.scores[0] + asked.scores[1]
    every = np.arange(len(scores))
    best = _first(scores, 5)
    top = np.take_along_axis(scores, best, 1)
    first = best[:, 0]
    figures = [top[:, 0], _behind(top, 1), _behind(top, 2)]
    for view in asked.scores:
        figures += [view[every, first], _lead(view, first)]
    near = [np.maximum.reduceat(like, starts[:-1], axis=1) for like in asked.like]
    for each in near:
        figures += [each[every, first], _lead(each, first)]
    figures.append(_three(asked.like[0] + asked.like[1], first, starts))
    figures += [asked.unknown[:, 0], asked.unknown[:, 1], np.log1p(asked.length)]
    covered = asked.covered[0] + asked.covered[1]
    known = np.maximum(2 - asked.unknown.sum(1), _NEXT_TO_NOTHING)
    figures += [_lead(covered, first), covered[every, first] / known]
    return Evidence(best, top, np.stack(figures, 1).astype(np.float64))


def _first(scores: Floats, number: int) -> Ints:
    number = min(number, scores.shape[1])
    if number < scores.shape[1]:
        some = np.argpartition(-scores, number - 1, axis=1)[:, :number]
    else:
        some = np.tile(np.arange(number), (len(scores), 1))
    order = np.argsort(-np.take_along_axis(scores, some, 1), axis=1, kind="stable")
    return np.take_along_axis(some, order, 1)


def _behind(top: Floats, place: int) -> Floats:
    behind = top[:, place] if top.shape[1] > place else np.float32(-1)
    return np.asarray(top[:, 0] - behind, np.float32)


def _lead(values: Floats, first: Ints) -> Floats:
    """By how much each row's chosen column is above the best other one."""
    every = np.arange(len(values))
    chosen: Floats = values[every, first]
    if values.shape[1] == 1:
        return chosen
    others = values.copy()
    others[every, first] = NOTHING
    lead: Floats = chosen - others.max(1)
    return lead


def _three(like: Floats, first: Ints, starts: Ints) -> Floats:
    """The mean likeness of the three nearest phrasings of each row's chosen answer."""
    found = np.zeros(len(like), np.float32)
    for row, answer in enumerate(first):
        own = like[row, starts[answer] : starts[answer + 1]]
        number = min(3, len(own))
        found[row] = np.partition(own, len(own) - number)[len(own) - number :].sum() / 3
    return found
