"""Are two questions about the same thing, as far as their words tell?

Likeness is the share of runs that two questions have in common (Dice), of their characters or of their sounds,
whichever is larger; the runs are the finder's own (`knowledge.features`).  A question joins the group with the most
alike of its newest members, from `ALIKE` on.  Nine tenths of a group made so ask for one answer (starter knowledge).

All are compared at once, as arrays: of a hundred questions and ten thousand most of the time goes into reading them.

Pure.  Does not: know what was asked (`gaps`).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mashang.knowledge import features

ALIKE = 0.4
MOST = 12  # members of a group that are compared

Shares = NDArray[np.float32]


def alike(one: str, other: str) -> float:
    """Between 0 and 1."""
    return float(_Compared([one, other]).with_(0)[1])


def grouped(known: Sequence[tuple[int, str]], new: Sequence[str]) -> list[int]:
    """The group of each new question: one of those `known`, whose numbers are positive, or one begun: -1, -2 …"""
    if not new:
        return []
    compared = _Compared([words for _, words in known] + list(new))
    groups: list[int] = []
    newest: defaultdict[int, deque[int]] = defaultdict(deque)
    is_newest = np.zeros(len(known) + len(new), np.bool_)

    def join(group: int) -> None:
        is_newest[len(groups)] = True
        newest[group].append(len(groups))
        groups.append(group)
        if len(newest[group]) > MOST:
            is_newest[newest[group].popleft()] = False

    for group, _ in known:
        join(group)
    begun = 0
    for at in range(len(known), len(known) + len(new)):
        shares = np.where(is_newest, compared.with_(at), 0)
        best = int(shares.argmax())
        if shares[best] >= ALIKE:
            join(groups[best])
        else:
            begun -= 1
            join(begun)
    return groups[len(known) :]


class _Compared:
    """Texts by their runs."""

    def __init__(self, texts: Sequence[str]) -> None:
        plain = [features.plain(text) for text in texts]
        self._views = [_View(view(plain), len(plain)) for view in features.VIEWS]

    def with_(self, at: int) -> Shares:
        """How alike each is to one of them."""
        found: Shares = np.maximum.reduce([view.with_(at) for view in self._views])
        return found


class _View:
    """Every different run of each text, in the order of the texts and in that of the runs."""

    def __init__(self, runs: features.Runs, count: int) -> None:
        order = np.lexsort((runs.numbers, runs.texts))
        texts, numbers = runs.texts[order], runs.numbers[order]
        is_new = np.ones(len(order), np.bool_)
        is_new[1:] = (texts[1:] != texts[:-1]) | (numbers[1:] != numbers[:-1])
        owners = texts[is_new]
        self._ends = np.searchsorted(owners, np.arange(count + 1))
        self._numbers, self._weights = numbers[is_new], runs.factors[order][is_new]
        self._sums = np.bincount(owners, self._weights, count).astype(np.float32)
        order = np.argsort(self._numbers, kind="stable")
        self._sorted, self._owners = self._numbers[order], owners[order]

    def with_(self, at: int) -> Shares:
        mine = slice(self._ends[at], self._ends[at + 1])
        first, last = (np.searchsorted(self._sorted, self._numbers[mine], side) for side in ("left", "right"))
        shared = np.zeros(len(self._sums), np.float32)
        for begin, end, weight in zip(first, last, self._weights[mine], strict=True):
            shared[self._owners[begin:end]] += weight
        found: Shares = 2 * shared / np.maximum(self._sums + self._sums[at], 1e-6)
        return found
