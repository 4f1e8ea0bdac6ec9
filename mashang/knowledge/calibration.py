"""How likely the best answer is right, and from which likelihood on it is given.

A logistic regression on the evidence, fitted from the knowledge itself: phrasings that
were held back are questions with an answer, phrasings whose whole answer was held back
are related questions without one, bundled small talk is everything else.  They count as
eight, one and one of ten questions.

The threshold for a wished share of right answers is read from probabilities of which
the regression had not seen the answer, with a margin for what the knowledge cannot know of
itself.  Chinese and other questions have one each: a common one would be kept by the
language that the shop knows well, at the cost of the other.

Does not: hold anything back (`holding_back`), or decide what is said (`finder`).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

NOWHERE = 9  # the place of an answer that is not among the best
MIX = (0.8, 0.1, 0.1)  # of questions: with an answer, related without one, anything else
TARGETS = tuple(round(0.70 + step / 100, 2) for step in range(30))  # 0.70 to 0.99
NEVER = 2.0  # no probability is as high
_DOUBTED, _DOUBT = 3.0, 0.8  # answers imagined, and which part of them right
_MARGIN = 0.1  # of what may be wrong: measured, one shop in twenty-five was wrong far oftener than it had foreseen
_OF_ITS_OWN = 100  # questions with an answer: a language with fewer has the threshold of all
_FOLDS = 5
_PENALTY = 3.0
Silent = Literal["", "contradicts", "few"]
_CONTRADICTS = 0.7  # crossed: sound knowledge was at .66 at most, a quarter of it in the wrong place at .75
_FEWEST = 0.02  # of the questions with an answer: who would answer fewer is told to be silent


class Sample(NamedTuple):
    """Judged findings: evidence, what part of all questions each stands for, the right answer's place, and group."""

    figures: Doubles
    counts: Doubles
    place: NDArray[np.int64]  # of the right answer: 0 is first
    kind: NDArray[np.int64]  # as in MIX
    group: NDArray[np.int64]  # the answer it belongs to
    first: NDArray[np.int64]  # the answer that was found
    row: NDArray[np.int64]  # of the phrasing
    chinese: NDArray[np.bool_]

    @property
    def in_scope(self) -> NDArray[np.bool_]:
        """Is there an answer to it?"""
        return np.equal(self.kind, 0)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Is the first answer right?"""
        return np.equal(self.place, 0)

    @property
    def found(self) -> float:
        """Which share of what has an answer led to it."""
        return float(self.right[self.in_scope].mean())


class Calibration(msgspec.Struct, frozen=True):
    """From evidence to a probability, and the thresholds for every target."""

    middle: Doubles
    spread: Doubles
    weights: Doubles  # the last one stands alone
    answer_from: Doubles  # for each of TARGETS; of questions without Chinese, and with
    suggest_from: float
    behind: Doubles  # how often the second, third … is right where the first is not
    held_back_right: float  # which share of held-back phrasings led to their answer; 0: none were held back
    crossed: float = 0.0  # of phrasings with a near one: the share to which another answer's is as near as its own
    is_scarce: bool = False  # an answer or two, or one or two phrasings for most: hardly anything is ever answered

    def likely(self, figures: Doubles) -> Doubles:
        """The probability that the first answer is right, of each row."""
        return _likely(_prepared(figures, self.middle, self.spread), self.weights)

    def thresholds(self, target: float) -> Doubles:
        """From which probability on an answer is given so that `target` of the given ones are right.

        One for questions without Chinese, and one for those with.
        """
        at = int(np.searchsorted(np.array(TARGETS), target - 1e-9))
        return np.asarray(self.answer_from[:, min(at, len(TARGETS) - 1)])

    def silent(self, target: float) -> Silent:
        """Why nothing, or hardly anything, is ever answered at this target; "" where something is."""
        never = self.thresholds(target).min() >= NEVER
        if self.crossed >= _CONTRADICTS and (never or not self.held_back_right):
            return "contradicts"
        return "few" if never or self.is_scarce else ""


def calibrate(sample: Sample) -> Calibration:
    """Fit and set thresholds."""
    middle, spread = _scale(sample)
    weights = _fitted(_prepared(sample.figures, middle, spread), sample.right, sample.counts)
    likely = unseen(sample)
    answer_from = np.stack([_thresholds(likely, sample, chinese=chinese) for chinese in (False, True)])
    inside = sample.place[sample.in_scope]
    missed = max(1, int((inside > 0).sum()))
    behind = np.array([(inside == place).sum() / missed for place in range(1, 5)])
    return Calibration(middle, spread, weights, answer_from, _worth_offering(likely, sample), behind, sample.found)


def unseen(sample: Sample) -> Doubles:
    """The probability of each finding by a regression that had not seen its answer."""
    prepared = _prepared(sample.figures, *_scale(sample))
    found = np.zeros(len(prepared))
    for fold in range(_FOLDS):
        out = sample.group % _FOLDS == fold
        if out.any() and not out.all():
            weights = _fitted(prepared[~out], sample.right[~out], sample.counts[~out])
            found[out] = _likely(prepared[out], weights)
    return found


def separated(p: Doubles, inside: NDArray[np.bool_]) -> float | None:
    """How often a question with an answer is likelier answered than one without (area under the ROC curve)."""
    if inside.all() or not inside.any():
        return None
    _, place, number = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(number) - (number - 1) / 2)[place]
    many = int(inside.sum())
    above = float(ranks[inside].sum()) - many * (many + 1) / 2
    return round(above / (many * (len(p) - many)), 6)


def _scale(sample: Sample) -> tuple[Doubles, Doubles]:
    return sample.figures.mean(0), np.maximum(sample.figures.std(0), 1e-6)


def _prepared(figures: Doubles, middle: Doubles, spread: Doubles) -> Doubles:
    scaled = np.clip((figures - middle) / spread, -6, 6)
    return np.concatenate([scaled, np.ones((len(scaled), 1))], 1)


def _likely(prepared: Doubles, weights: Doubles) -> Doubles:
    return 1 / (1 + np.exp(-np.clip(prepared @ weights, -30, 30)))


def _fitted(prepared: Doubles, right: NDArray[np.bool_], counts: Doubles) -> Doubles:
    """Newton's method on the penalised likelihood."""
    weights = np.zeros(prepared.shape[1])
    penalty = np.full(len(weights), _PENALTY)
    penalty[-1] = 1e-3
    scale = counts * (len(counts) / counts.sum())
    for _ in range(30):
        likely = _likely(prepared, weights)
        slope = prepared.T @ (scale * (right - likely)) - penalty * weights
        bend = (prepared * (scale * likely * (1 - likely))[:, None]).T @ prepared + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def _thresholds(likely: Doubles, sample: Sample, *, chinese: bool) -> Doubles:
    """For each of TARGETS, from the questions of this language if there are enough."""
    own = sample.chinese == chinese
    if (own & sample.in_scope).sum() >= _OF_ITS_OWN:
        likely, sample = likely[own], Sample(*(column[own] for column in sample))
        sample = sample._replace(counts=weighed(sample.kind))
    return np.array([_lowest(likely, sample, target + _MARGIN * (1 - target)) for target in TARGETS])


def weighed(kind: NDArray[np.int64]) -> Doubles:
    """What part of all questions each stands for, so that the kinds are mixed as in MIX."""
    return np.array(MIX)[kind] / np.bincount(kind)[kind]


def _lowest(likely: Doubles, sample: Sample, target: float) -> float:
    """The lowest probability above which `target` are right; NEVER where that leaves next to nothing.

    Counted in questions with an answer, and as if a few more had been answered worse: of a handful that were all
    right one cannot know that nineteen of twenty would be.
    """
    order = np.argsort(-likely, kind="stable")
    inside = sample.in_scope[order]
    counts = sample.counts[order] * (inside.sum() / max(float(sample.counts[sample.in_scope].sum()), 1e-12))
    given = np.cumsum(counts)
    right = np.cumsum(counts * sample.right[order])
    answered = np.cumsum(inside) / max(1, int(inside.sum()))
    careful = (right + _DOUBTED * _DOUBT) / (given + _DOUBTED)
    reaches = (careful >= target) & (answered >= _FEWEST)
    if not reaches.any():
        return NEVER
    return float(likely[order][np.nonzero(reaches)[0][-1]])


def _worth_offering(likely: Doubles, sample: Sample) -> float:
    """The lowest probability at which every second offer of three still holds the right one."""
    order = np.argsort(likely, kind="stable")
    counts = sample.counts[order]
    width = max(20, len(order) // 20)
    helped = np.convolve(counts * (sample.place[order] < 3), np.ones(width), "same")
    offered = np.convolve(counts, np.ones(width), "same")
    useless = np.nonzero(helped < 0.5 * offered)[0]
    return float(likely[order][useless[-1]]) if len(useless) else 0.0


_USUAL = np.array([0.3, 0.15, 0.1, 0.05])
# For knowledge of which nothing can be held back yet: margin and nearness as they spoke with one to three phrasings
# an answer of the sets in `bench/asked`, three times as careful as asked for.  What coverage adds to score and gap is
# taken off again: of so few words it says little.
FALLBACK = Calibration(
    middle=np.array([-.391, .245, .371, -.222, .076, -.169, .088, .232, .063, .203, .07, .206, .62, .66, 2.541, 0, 0]),
    spread=np.array([.332, .367, .415, .18, .097, .159, .105, .138, .099, .132, .107, .127, .245, .233, .607, 1, 1]),
    weights=np.array([1.187, 1.631, 0, 0, 0, 0, 0, -.165, -.023, .259, -.335, 0, .064, -.15, 0, -1.1, -.7, .189]),
    answer_from=np.tile(1 - (1 - np.array(TARGETS)) / 3, (2, 1)), suggest_from=0.3, behind=_USUAL, held_back_right=0.0,
)  # fmt: skip
# For one answer or two, where there is nothing to be ahead of: nearness alone.
NEARNESS = Calibration(
    middle=np.zeros(17), spread=np.ones(17),
    weights=np.array([0, 0, 0, 0, 0, 0, 0, 6.0, 0, 6.0, 0, 0, 0, 0, 0, 0, 0, -5.0]),
    answer_from=np.tile(TARGETS, (2, 1)), suggest_from=0.3, behind=_USUAL, held_back_right=0.0,
)  # fmt: skip
