"""What a waiting customer is told: a range in round minutes, that does not grow without a word.

Pure.  The median and the upper end are rounded up, to numbers people say.  What was told stands as long
as the new range is no more than a step higher, so it does not flicker; lower it goes at once.
When it must go up by more, the word says why, as far as it is known.

Does not: estimate (`estimate`) or say it in a language (the pages and the catalogue).
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Literal

import msgspec

from mashang.routing.estimate import Estimate

STEPS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 360, 480)
Word = Literal["privileged", "unanswered", "returned", "fewer_agents", "slower"]


class Range(msgspec.Struct, frozen=True):
    """From one number of minutes to another; 1 to 1 is less than a minute."""

    low_minutes: int
    high_minutes: int


class Announcement(msgspec.Struct, frozen=True):
    """What was told, why it had grown, and what it rested on: compared when it is told anew.

    `privileged` counts, of those ahead, who has a higher priority; `refused`, who was asked and did not come.
    """

    range: Range
    ahead: int
    privileged: int
    slots: int
    word: Word | None = None
    refused: int = 0


def rounded(estimate: Estimate) -> Range:
    """Up to the next number people say; the last one stands for everything above."""
    return Range(_up(estimate.median), _up(estimate.upper))


def announce(before: Announcement | None, now: Announcement) -> Announcement:
    """What to tell now, after what was told `before`; the same object when there is nothing new to say."""
    if before is None:
        return now
    steps = _step(now.range.high_minutes) - _step(before.range.high_minutes)
    if steps > 1:
        return msgspec.structs.replace(now, word=_why(before, now))
    if steps < 0 or now.range.low_minutes < before.range.low_minutes:
        return msgspec.structs.replace(now, range=Range(now.range.low_minutes, min(_highs(before, now))))
    return before


def _highs(before: Announcement, now: Announcement) -> tuple[int, int]:
    return before.range.high_minutes, now.range.high_minutes


def _why(before: Announcement, now: Announcement) -> Word:
    if now.privileged > before.privileged:
        return "privileged"
    if now.refused > before.refused:
        return "unanswered"
    if now.slots < before.slots:
        return "fewer_agents"
    return "returned" if now.ahead > before.ahead else "slower"


def _up(minutes: float) -> int:
    return STEPS[min(bisect_left(STEPS, minutes), len(STEPS) - 1)]


def _step(minutes: int) -> int:
    return bisect_left(STEPS, minutes)
