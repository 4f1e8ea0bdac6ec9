"""When a department is open: a week of intervals on the wall clock, several a day, past midnight too.

    22:00–02:00 on Friday        open until two on Saturday morning
    00:00–00:00                  the whole day

An interval is two times of day; one that closes no later than it opens closes on the next day.  What counts is
what the clock on the wall of the installation's zone shows, so where clocks are set back an hour may be open twice,
and where they are set forward an opening that falls into the gap is at its end.

Pure: values in, values out.  Does not: know holidays (a later step), or read rows (`opening.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from mashang.kit.clock import ClockTime

_DAY = 24 * 60
_AHEAD = 8  # days that are looked at: after a week everything has come once
_MINUTE = timedelta(minutes=1)


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From one time of day to another, `09:00` to `18:00`."""

    opens: ClockTime
    closes: ClockTime

    @property
    def span(self) -> tuple[int, int]:
        """In minutes of the day it opens on; the end may lie in the next one."""
        opens, closes = _minutes(self.opens), _minutes(self.closes)
        return opens, closes if closes > opens else closes + _DAY


Day = Annotated[list[Interval], Meta(max_length=6)]
Week = Annotated[list[Day], Meta(min_length=7, max_length=7)]


def open_at(week: Week, at: datetime, zone: ZoneInfo) -> bool:
    """Is it open at this instant?"""
    local = at.astimezone(zone)
    minute, today = local.hour * 60 + local.minute, local.weekday()
    return any(opens <= minute < closes for opens, closes in _spans(week[today])) or any(
        minute < closes - _DAY for _, closes in _spans(week[today - 1])
    )


def next_opening(week: Week, at: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant from `at` on at which it is open, to the minute; None when it never opens."""
    if open_at(week, at, zone):
        return at
    return next(
        (moment for moment in sorted(_moments(week, at, zone)) if moment > at and open_at(week, moment, zone)), None
    )


def open_for(week: Week, since: datetime, until: datetime, zone: ZoneInfo) -> timedelta:
    """How long it is open between two instants."""
    turns = {since, until, *(moment for moment in _turns(week, since, until, zone) if since < moment < until)}
    ordered = sorted(turns)
    return sum((end - begin for begin, end in pairwise(ordered) if open_at(week, begin, zone)), start=timedelta(0))


def _turns(week: Week, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Where open can turn to closed, or closed to open."""
    day, last = since.astimezone(zone).date() - timedelta(days=1), until.astimezone(zone).date()
    while day <= last:
        for minute in {minute for span in _spans(week[day.weekday()]) for minute in span}:
            on = day + timedelta(days=minute // _DAY)
            yield from (_instant(on, minute % _DAY, zone, fold) for fold in (0, 1))
        begins, ends = (_instant(one, 0, zone, 0) for one in (day, day + timedelta(days=1)))
        if _offset(begins, zone) != _offset(ends, zone):
            yield _moved(begins, ends, zone)
        day += timedelta(days=1)


def _moments(week: Week, at: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Where closed can turn to open: at an opening on the wall, or where the clock on the wall is moved."""
    first = at.astimezone(zone).date() - timedelta(days=1)
    for day in (first + timedelta(days=number) for number in range(_AHEAD + 2)):
        for opens, _ in _spans(week[day.weekday()]):
            yield from (_instant(day, opens, zone, fold) for fold in (0, 1))
        begins, ends = (_instant(one, 0, zone, 0) for one in (day, day + timedelta(days=1)))
        if _offset(begins, zone) != _offset(ends, zone):
            yield _moved(begins, ends, zone)


def _moved(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """When, between two instants, the zone's offset changes; to the minute."""
    while after - before > _MINUTE:
        middle = before + (after - before) // 2 // _MINUTE * _MINUTE
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _instant(day: date, minute: int, zone: ZoneInfo, fold: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60, fold=fold), zone).astimezone(UTC)


def _spans(day: Day) -> list[tuple[int, int]]:
    return [interval.span for interval in day]


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
