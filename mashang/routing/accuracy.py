"""How good wait estimates were, told by what customers heard and what they waited.  Pure.

The same words everywhere, in the simulation, the bench and the desk: the *error* is the mean distance
between the median that was told and the wait, ÷ the mean wait; *holds* is the share who waited no longer
than the upper end; *width* is the upper end ÷ the median, in the middle one of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

import msgspec

from mashang.routing.announcement import rounded
from mashang.routing.simulation import Heard


class Accuracy(msgspec.Struct, frozen=True):
    """Of customers who waited and were served.

    `by_length` and `by_last` are the errors of the simple rules; `holds_as_told` and `width_as_told` are of
    the range in round minutes.
    """

    customers: int
    mean_wait: float
    error: float
    by_length: float
    by_last: float
    holds: float
    holds_as_told: float
    width: float
    width_as_told: float


def judge(heard: Sequence[Heard]) -> Accuracy:
    """Of at least one."""
    waits = [one.waited or 0.0 for one in heard]
    told = [rounded(one.told) for one in heard]
    mean_wait = fmean(waits)

    def error(medians: list[float]) -> float:
        return fmean(abs(said - waited) for said, waited in zip(medians, waits, strict=True)) / mean_wait

    return Accuracy(
        customers=len(heard),
        mean_wait=mean_wait,
        error=error([one.told.median for one in heard]),
        by_length=error([one.by_length for one in heard]),
        by_last=error([one.by_last for one in heard]),
        holds=fmean(one.told.upper >= waited for one, waited in zip(heard, waits, strict=True)),
        holds_as_told=fmean(one.high_minutes >= waited for one, waited in zip(told, waits, strict=True)),
        width=median(one.told.upper / one.told.median for one in heard),
        width_as_told=median(one.high_minutes / one.low_minutes for one in told),
    )
