"""How much one text is like another: weighed runs, and the phrasings that share them.

TF-IDF with rows of length one, as an inverted index.  Runs that a good part of all
phrasings have lie in a dense matrix instead: there the processor's vector units are
quicker than following lists.  What a question has and no phrasing has counts into its
length, so that likeness goes down with everything that is not known.

Does not: know answers; phrasings are numbers here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from mashang.knowledge.features import Runs

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_FREQUENT = 1 / 50  # of all phrasings
_PAIRS = 300_000  # weights multiplied at a time: what is kept of them is many times as large


class Row(NamedTuple):
    """A text: numbers of its known runs, their weights, and which part of its length is not known."""

    runs: Ints
    weights: Floats
    unknown: float


class Rows(NamedTuple):
    """Many texts, one behind the other."""

    starts: Ints
    runs: Ints
    weights: Floats


class Space(msgspec.Struct, frozen=True):
    """One view of all phrasings."""

    hashes: NDArray[np.uint64]  # of the runs, in order
    idf: Floats
    starts: Ints  # of each run's list
    phrasings: NDArray[np.int32]
    weights: Floats
    slot: NDArray[np.int32]  # of a frequent run in `dense`; -1: not frequent
    dense: Floats  # frequent runs x phrasings
    count: int  # of phrasings

    @classmethod
    def of(cls, texts: Runs, count: int) -> tuple[Self, Rows]:
        """The space of the runs of so many texts, and the texts in it."""
        hashes, first, numbers = np.unique(texts.numbers, return_index=True, return_inverse=True)
        factors = texts.factors[first]
        cells, times = np.unique(texts.texts * max(1, len(hashes)) + numbers, return_counts=True)
        owner, runs = np.divmod(cells, max(1, len(hashes)))
        often = np.bincount(runs, minlength=len(hashes))
        idf = factors * (np.log((1 + count) / (1 + often)) + 1).astype(np.float32)
        weights = (1 + np.log(times)).astype(np.float32) * idf[runs]
        length = np.sqrt(np.bincount(owner, weights.astype(np.float64) ** 2, minlength=count))
        weights = (weights / np.maximum(length, 1e-9)[owner]).astype(np.float32)
        rows = Rows(np.searchsorted(owner, np.arange(count + 1)), runs, weights)
        return cls._filed(hashes, idf, often, (owner, runs, weights), count), rows

    @classmethod
    def _filed(
        cls, hashes: NDArray[np.uint64], idf: Floats, often: Ints, cells: tuple[Ints, Ints, Floats], count: int
    ) -> Self:
        owner, runs, weights = cells
        frequent = often > max(8, count * _FREQUENT)
        slot = np.where(frequent, np.cumsum(frequent) - 1, -1).astype(np.int32)
        dense = np.zeros((int(frequent.sum()), count), np.float32)
        there = frequent[runs]
        dense[slot[runs[there]], owner[there]] = weights[there]
        runs, owner, weights = runs[~there], owner[~there], weights[~there]
        order = np.argsort(runs, kind="stable")
        starts = np.searchsorted(runs[order], np.arange(len(hashes) + 1))
        return cls(hashes, idf, starts, owner[order].astype(np.int32), weights[order], slot, dense, count)

    def row(self, text: Runs) -> Row:
        """A question in this space."""
        found, first, times = np.unique(text.numbers, return_index=True, return_counts=True)
        weights = 1 + np.log(times)
        at = np.searchsorted(self.hashes, found)
        known = at < len(self.hashes)
        known[known] = self.hashes[at[known]] == found[known]
        weights[known] *= self.idf[at[known]]
        weights[~known] *= text.factors[first[~known]] * (np.log(1 + self.count) + 1)
        squares = weights**2
        whole = max(float(squares.sum()), 1e-9)
        unknown = float(squares[~known].sum()) / whole
        return Row(at[known], (weights[known] / np.sqrt(whole)).astype(np.float32), unknown)

    def likeness(self, row: Row) -> Floats:
        """Of one question to every phrasing: 0 to 1."""
        slots = self.slot[row.runs]
        frequent = slots >= 0
        like = row.weights[frequent] @ self.dense[slots[frequent]]
        runs, weights = row.runs[~frequent], row.weights[~frequent]
        begin = self.starts[runs]
        places, share = along(begin, self.starts[runs + 1] - begin, weights)
        like += np.bincount(self.phrasings[places], share * self.weights[places], minlength=self.count)
        return like

    def likenesses(self, rows: Rows, first: int, last: int, until: int | None = None) -> Floats:
        """Of the texts `first` to `last` (not included) to the phrasings before `until`, these texts among them."""
        until = self.count if until is None else until
        before = np.bincount(rows.runs[: rows.starts[until]], minlength=len(self.hashes))
        low, high = rows.starts[first], rows.starts[last]
        owner = np.repeat(np.arange(last - first), np.diff(rows.starts[first : last + 1]))
        runs, weights = rows.runs[low:high], rows.weights[low:high]
        slots = self.slot[runs]
        frequent = slots >= 0
        asked = np.zeros((last - first, len(self.dense)), np.float32)
        asked[owner[frequent], slots[frequent]] = weights[frequent]
        like = asked @ self.dense[:, :until]
        shared = ~frequent & (before[runs] > 1)
        owner, runs, weights = owner[shared], runs[shared], weights[shared]
        begin, sizes = self.starts[runs], before[runs]
        flat = like.reshape(-1)
        for cut in _portions(sizes):
            places, share = along(begin[cut], sizes[cut], weights[cut])
            cells = np.repeat(owner[cut] * until, sizes[cut]) + self.phrasings[places]
            np.add.at(flat, cells, share * self.weights[places])
        like[np.arange(last - first), np.arange(first, last)] = 1  # what no other phrasing has is not in it yet
        return like


def along(begin: Ints, sizes: Ints, weights: Floats) -> tuple[Ints, Floats]:
    """The places of these stretches, one behind the other, each with its weight."""
    ends = np.cumsum(sizes)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begin - ends + sizes, sizes)
    return places, np.repeat(weights, sizes)


def _portions(sizes: Ints) -> list[slice]:
    ends = np.cumsum(sizes)
    cuts = np.searchsorted(ends, np.arange(_PAIRS, int(ends[-1]) if len(ends) else 0, _PAIRS))
    bounds = [0, *cuts.tolist(), len(sizes)]
    return [slice(low, high) for low, high in pairwise(bounds)]
