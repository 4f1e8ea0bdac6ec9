"""Finding the answer to a question, and knowing when there is none.

Help centre, widget, desk and assistant ask here.  Two views of the question (`features`)
are scored by linear classifiers of all answers, learnt from how customers ask; the
words that all phrasings of an answer have join them (`coverage`), the nearest phrasings and
what is not known speak for or against the best one (`evidence`);
that becomes a probability (`calibration`), and the probability one of three bands:
give the answer, offer up to three, or hand over to a person.

Does not: learn (`learning`), keep itself fresh (`serving`), or speak to anybody (`bot`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from mashang.knowledge import features, trust
from mashang.knowledge.calibration import Calibration
from mashang.knowledge.coverage import Coverage
from mashang.knowledge.evidence import NOTHING, Asked, gather
from mashang.knowledge.space import Space

TARGET = 0.95  # of what is answered is to be right
BIAS = 1.0  # what any two questions have in common
COVERED = np.float32(0.25)  # what having words for all of a question adds to a score
_ALL_AT_ONCE = 1_000_000  # coefficients that are quicker multiplied than chosen from
_SHORTLIST = 32  # answers, of very many, whose nearest phrasings let them in: below it the best one may be left out

Band = Literal["answer", "suggest", "hand_over"]
# Why nothing is answered; "" where something is.
Why = Literal["", "empty", "unlearned", "contradicts", "few", "judged", "unsure"]


class Answerable(msgspec.Struct, frozen=True):
    """An answer: how customers ask for it, and its own words, which say what it is about."""

    id: str
    phrasings: tuple[str, ...]
    words: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """One possible answer: what the classifiers say, and how likely it is right."""

    id: str
    score: float
    p: float


class Found(msgspec.Struct, frozen=True):
    """What a question led to; at most five candidates, best first; `p` is that of the first."""

    question: str
    candidates: tuple[Candidate, ...]
    p: float
    band: Band
    why: Why


_BANDS: tuple[Band, ...] = ("hand_over", "suggest", "answer")


class Banded(Protocol):
    """What was found, as far as it matters here."""

    @property
    def band(self) -> Band: ...


One = TypeVar("One", bound=Banded)


def surer(found: One, again: One) -> One:
    """Of the same question asked in two ways, the second only where more comes of it."""
    return again if _BANDS.index(again.band) > _BANDS.index(found.band) else found


class Model(msgspec.Struct, frozen=True):
    """What was learnt: arrays, and the answers' ids in the order of their phrasings."""

    ids: tuple[str, ...]
    starts: NDArray[np.int64]  # the first phrasing of each answer, and the end
    spaces: tuple[Space, Space]
    coverage: tuple[Coverage, Coverage]
    shares: NDArray[np.float32]  # answers x phrasings: the classifiers' coefficients
    calibration: Calibration

    def find(self, question: str, target: float = TARGET, shifts: Mapping[str, float] = trust.NONE) -> Found:
        """The best answers to a question, and what to do with them so that `target` of the answered are right.

        `shifts` are those of answers that were judged (`trust`).
        """
        text = features.plain(question)
        if not text or not self.ids:
            return Found(question, (), 0.0, "hand_over", "unlearned" if text else "empty")
        evidence = gather(self.asked(text), self.starts)
        p = float(self.calibration.likely(evidence.figures)[0])
        chances = [p, *((1 - p) * self.calibration.behind)]
        candidates = tuple(
            Candidate(self.ids[answer], float(score), float(chance))
            for answer, score, chance in zip(evidence.best[0], evidence.scores[0], chances, strict=False)
            if score > NOTHING
        )
        band, why = self._decided(
            p, self._threshold(text, target), target, shifts.get(self.ids[evidence.best[0, 0]], 0.0)
        )
        return Found(question, candidates, p, band, why)

    def _threshold(self, text: str, target: float) -> float:
        return float(self.calibration.thresholds(target)[int(features.is_chinese(text))])

    def _decided(self, p: float, threshold: float, target: float, moved: float) -> tuple[Band, Why]:
        if trust.reaches(p, threshold, moved):
            return "answer", ""
        why = self.calibration.silent(target) or ("judged" if p >= threshold else "unsure")
        return "suggest" if p >= self.calibration.suggest_from else "hand_over", why

    def asked(self, text: str) -> Asked:
        """A plain question: how every answer scores, and how near every phrasing is."""
        rows = [space.row(view([text])) for space, view in zip(self.spaces, features.VIEWS, strict=True)]
        like = [space.likeness(row) for space, row in zip(self.spaces, rows, strict=True)]
        covered = [coverage.covered(row) for coverage, row in zip(self.coverage, rows, strict=True)]
        scores = self._scores(np.stack(like), np.stack(covered))
        return Asked(
            (scores[:1], scores[1:]),
            (covered[0][None], covered[1][None]),
            (like[0][None], like[1][None]),
            np.array([[row.unknown for row in rows]]),
            np.array([float(len(text))]),
        )

    def _among(self, like: NDArray[np.float32]) -> NDArray[np.int64] | None:
        """With very many answers only those count of which a phrasing, or all together, lie near."""
        if self.shares.size <= _ALL_AT_ONCE or len(self.ids) <= 2 * _SHORTLIST:
            return None
        both = like[0] + like[1]
        nearest = np.maximum.reduceat(both, self.starts[:-1])
        usual = np.add.reduceat(both, self.starts[:-1]) / np.diff(self.starts)
        near = (np.argpartition(-each, _SHORTLIST)[:_SHORTLIST] for each in (nearest, usual))
        return np.union1d(*near)

    def _scores(self, like: NDArray[np.float32], covered: NDArray[np.float32]) -> NDArray[np.float32]:
        """By view and answer, from views x phrasings and views x answers."""
        kernels = like + np.float32(BIAS / 2)
        among = self._among(like)
        if among is None:
            return np.asarray(kernels @ self.shares.T + COVERED * covered, np.float32)
        scores = np.full(covered.shape, NOTHING, np.float32)
        products = np.stack([kernels @ self.shares[answer] for answer in among], 1)
        scores[:, among] = products + COVERED * covered[:, among]
        return scores
