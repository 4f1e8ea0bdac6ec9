"""Regularised least squares for all answers at once, with every left-out prediction for nothing.

Phrasings are few (10,000 at most), so the system is solved between them and not between
their runs: one blocked Cholesky decomposition, in place and in half the square, gives the
coefficients of every answer; from the same decomposition come, exactly, the scores that
a phrasing would have got had it, or its whole answer, never been learnt
(Rifkin and Lippert, Notes on Regularized Least Squares, 2007).

A penalty of its own for every row: what counts less is fitted less.

Does not: know words or answers' names.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

BLOCK = 512
_CORNER = 128  # what is decomposed as it stands


class Decomposed:
    """L of K + Λ = L Lᵀ, by rows of blocks; `rows(low, high)` are those of K, with the columns before `high`."""

    def __init__(self, rows: Callable[[int, int], Floats], penalties: Floats) -> None:
        self.edges = [*range(0, len(penalties), BLOCK), len(penalties)]
        self.blocks: list[Floats] = []
        self.inverses: list[Floats] = []
        for low, high in pairwise(self.edges):
            row = rows(low, high)
            row[np.arange(high - low), np.arange(low, high)] += penalties[low:high]
            self._append(row, low)

    def _append(self, row: Floats, low: int) -> None:
        for before, (left, right) in enumerate(pairwise(self.edges)):
            if left == low:
                break
            part = row[:, left:right] - row[:, :left] @ self.blocks[before][:, :left].T
            row[:, left:right] = part @ self.inverses[before].T
        row[:, low:], inverse = _decomposed((row[:, low:] - row[:, :low] @ row[:, :low].T).astype(np.float64))
        self.blocks.append(row)
        self.inverses.append(inverse.astype(np.float32))

    def solve(self, wanted: Floats, first: int = 0) -> Floats:
        """(K + Λ)⁻¹ of these columns, which are nothing before the row `first`."""
        found = np.array(wanted, np.float32)
        begins = (first // BLOCK) * BLOCK
        spans = list(pairwise(self.edges))
        for block, inverse, (low, high) in zip(self.blocks, self.inverses, spans, strict=True):
            if low >= begins:
                found[low:high] = inverse @ (found[low:high] - block[:, begins:low] @ found[begins:low])
        for block, inverse, (low, high) in reversed(list(zip(self.blocks, self.inverses, spans, strict=True))):
            found[low:high] = inverse.T @ found[low:high]
            found[:low] -= block[:, :low].T @ found[low:high]
        return found


def _decomposed(square: Doubles) -> tuple[Doubles, Doubles]:
    """L of L Lᵀ, and its inverse, by halves: nearly all of it is products."""
    lower, inverse = np.zeros_like(square), np.zeros_like(square)
    half = len(square) // 2
    if half < _CORNER:
        lower[:] = np.linalg.cholesky(square)
        inverse[:] = np.linalg.inv(lower)
        return lower, inverse
    upper, rest = slice(half), slice(half, None)
    lower[upper, upper], inverse[upper, upper] = _decomposed(square[upper, upper])
    lower[rest, upper] = square[rest, upper] @ inverse[upper, upper].T
    lower[rest, rest], inverse[rest, rest] = _decomposed(square[rest, rest] - lower[rest, upper] @ lower[rest, upper].T)
    inverse[rest, upper] = -inverse[rest, rest] @ lower[rest, upper] @ inverse[upper, upper]
    return lower, inverse
