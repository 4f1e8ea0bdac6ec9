"""How times are spread, and whether one spread of times really is shorter than another.

Times come as how often each whole second was measured, so a million of them are some thousand numbers.

Two medians are compared by their ratio with a 95 % interval that assumes nothing of how the times are spread: the
method of Price and Bonett ("Distribution-free confidence intervals for difference and ratio of medians", Journal of
Statistical Computation and Simulation 72, 2002).  The standard error of each logarithm of a median comes from two of
the sorted times around it, chosen by the binomial distribution; half a second is added outside, since times are whole
seconds.  The same times give the same answer: nothing is drawn by lot.

Pure.  Does not: know what was measured.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from statistics import NormalDist
from typing import Literal

import msgspec

FEWEST = 30  # on each side, or nothing is said
_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)
_EXACT = 1000  # so many times or fewer: binomial sums, above it their normal approximation

Verdict = Literal["faster", "slower", "no_difference", "too_few"]


class Spread(msgspec.Struct, frozen=True):
    """Seconds: of `n` times the median, the quartiles, and where the outer twentieths begin; null without times."""

    n: int
    p05: float | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    p95: float | None = None


class Ratio(msgspec.Struct, frozen=True):
    """One median as a share of another, its 95 % interval, and what that allows to say; null with fewer than thirty."""

    verdict: Verdict
    ratio: float | None = None
    low: float | None = None
    high: float | None = None


class Times:
    """Times in whole seconds, sorted, by how often each was measured."""

    def __init__(self, counted: Mapping[int, int]) -> None:
        self._seconds = sorted(counted)
        self._until = list(accumulate(counted[second] for second in self._seconds))
        self.n = self._until[-1] if self._until else 0

    def ranked(self, rank: int) -> int:
        """The time with so many before it."""
        return self._seconds[bisect_right(self._until, rank)]

    def share(self, part: float) -> float:
        """What so large a part of the times does not exceed, between two of them in proportion."""
        place = part * (self.n - 1)
        below = math.floor(place)
        low, high = self.ranked(below), self.ranked(math.ceil(place))
        return low + (high - low) * (place - below)

    @property
    def spread(self) -> Spread:
        """The five numbers that are shown."""
        if not self.n:
            return Spread(0)
        return Spread(self.n, *(round(self.share(part), 1) for part in (0.05, 0.25, 0.5, 0.75, 0.95)))


def ratio_of_medians(one: Times, other: Times) -> Ratio:
    """How `one` compares with `other`."""
    if min(one.n, other.n) < FEWEST:
        return Ratio("too_few")
    distance = math.log(_median(one)) - math.log(_median(other))
    off = _Z * math.hypot(_error(one), _error(other))
    low, high = math.exp(distance - off), math.exp(distance + off)
    verdict: Verdict = "faster" if high < 1 else "slower" if low > 1 else "no_difference"
    return Ratio(verdict, round(math.exp(distance), 4), round(low, 4), round(high, 4))


def _median(times: Times) -> float:
    return max(times.share(0.5), 0.5)


def _error(times: Times) -> float:
    """The standard error of the logarithm of the median."""
    off = max(round((times.n + 1) / 2 - math.sqrt(times.n)), 1)  # the rank, from each end, of the two times
    low, high = times.ranked(off - 1) - 0.5, times.ranked(times.n - off) + 0.5
    return (math.log(high) - math.log(max(low, 0.5))) / (2 * _deviations(times.n, off))


def _deviations(n: int, off: int) -> float:
    """How many standard errors lie between the median and either of the two times with that rank."""
    if n <= _EXACT:
        outside = 2 * sum(math.comb(n, k) for k in range(off)) / 2**n
        return _NORMAL.inv_cdf(1 - outside / 2)
    return (n / 2 - off + 0.5) / (math.sqrt(n) / 2)
