"""How much of a question each answer has words for, in whichever of its phrasings.

Likeness asks for one phrasing that resembles the question.  Customers join what stands in
several, and a question beside the knowledge shares a few strong words with one phrasing and
nothing else with the rest: all phrasings of an answer together tell these two apart.

Does not: weigh runs (`space`), or say what coverage is worth (`finder`, `calibration`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from mashang.knowledge.space import Row, Rows, along

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class Coverage(msgspec.Struct, frozen=True):
    """Which answers have a run, in one view."""

    starts: Ints  # of each run's list
    answers: NDArray[np.int32]
    count: int  # of answers

    @classmethod
    def of(cls, rows: Rows, owners: Ints, count: int) -> Self:
        """The coverage by texts and whose they are."""
        cells = np.sort(_cells(rows, owners, count))  # and not np.unique, which takes ten times as long
        runs, answers = np.divmod(cells[np.diff(cells, prepend=-1) > 0], max(1, count))
        ends = np.searchsorted(runs, np.arange(int(rows.runs.max(initial=-1)) + 2))
        return cls(ends, answers.astype(np.int32), count)

    def covered(self, row: Row) -> Floats:
        """Which part of a question's length, squared, each answer has."""
        begin = self.starts[row.runs]
        places, share = along(begin, self.starts[row.runs + 1] - begin, row.weights**2)
        return np.bincount(self.answers[places], share, minlength=self.count).astype(np.float32)

    def covered_each(self, rows: Rows, first: int, last: int) -> Floats:
        """The same of the texts `first` to `last` (not included), a row each."""
        cuts = [slice(low, high) for low, high in pairwise(rows.starts[first : last + 1].tolist())]
        return np.stack([self.covered(Row(rows.runs[cut], rows.weights[cut], 0.0)) for cut in cuts])


def by_itself(rows: Rows, owners: Ints, count: int) -> NDArray[np.float64]:
    """Which part of each text no other text of its answer has."""
    _, inverse, number = np.unique(_cells(rows, owners, count), return_inverse=True, return_counts=True)
    texts = np.repeat(np.arange(len(owners)), np.diff(rows.starts))
    alone = rows.weights.astype(np.float64) ** 2 * (number[inverse] == 1)
    return np.bincount(texts, alone, minlength=len(owners)).astype(np.float64)


def _cells(rows: Rows, owners: Ints, count: int) -> Ints:
    """A number for each run of each answer."""
    return rows.runs * max(1, count) + np.repeat(owners, np.diff(rows.starts))
