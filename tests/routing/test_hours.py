"""Opening hours: the clock on the wall, midnight, and the two nights a year when it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.routing.hours import Interval, next_opening, open_at, open_for

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ZONES = [SHANGHAI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")]
NIGHTS = [[], [], [], [], [Interval("09:00", "12:00"), Interval("22:00", "02:00")], [], []]  # Fridays
ALWAYS = [[Interval("00:00", "00:00")]] * 7


def wall(zone: tzinfo, *when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=zone, fold=fold).astimezone(UTC)  # type: ignore[misc]  # year, month, …


@pytest.mark.parametrize(
    ("when", "is_open"),
    [
        ((2026, 11, 27, 8, 59), False), ((2026, 11, 27, 9, 0), True), ((2026, 11, 27, 12, 0), False),
        ((2026, 11, 27, 23, 59), True), ((2026, 11, 28, 0, 0), True), ((2026, 11, 28, 1, 59), True),
        ((2026, 11, 28, 2, 0), False), ((2026, 11, 28, 23, 0), False), ((2026, 11, 26, 23, 0), False),
    ],
)  # fmt: skip
def test_several_intervals_a_day_and_past_midnight(when: tuple[int, ...], is_open: bool) -> None:
    assert open_at(NIGHTS, wall(SHANGHAI, *when), SHANGHAI) is is_open


def test_the_next_opening_is_told_over_days_and_is_now_when_it_is_open() -> None:
    monday = wall(SHANGHAI, 2026, 11, 23, 15, 0)
    assert next_opening(NIGHTS, monday, SHANGHAI) == wall(SHANGHAI, 2026, 11, 27, 9, 0)
    assert next_opening(NIGHTS, wall(SHANGHAI, 2026, 11, 28, 3, 0), SHANGHAI) == wall(SHANGHAI, 2026, 12, 4, 9, 0)
    assert next_opening(ALWAYS, monday, SHANGHAI) == monday


def test_what_never_opens_has_no_next_opening() -> None:
    assert next_opening([[]] * 7, datetime.now(UTC), SHANGHAI) is None


def test_an_opening_in_the_hour_that_is_left_out_is_at_its_end() -> None:
    week = [[], [], [], [], [], [], [Interval("02:30", "06:00")]]
    assert next_opening(week, wall(BERLIN, 2026, 3, 29, 0, 0), BERLIN) == wall(BERLIN, 2026, 3, 29, 3, 0)


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    week = [[], [], [], [], [], [], [Interval("01:00", "02:30")]]
    first, second = (wall(BERLIN, 2026, 10, 25, 2, 15, fold=fold) for fold in (0, 1))
    assert open_at(week, first, BERLIN)
    assert open_at(week, second, BERLIN)
    between = wall(BERLIN, 2026, 10, 25, 2, 45)
    assert not open_at(week, between, BERLIN)
    assert next_opening(week, between, BERLIN) == wall(BERLIN, 2026, 10, 25, 2, 0, fold=1)


_clock = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
_week = st.lists(st.lists(st.builds(Interval, _clock, _clock), max_size=3), min_size=7, max_size=7)
# Around the nights when clocks are moved, and anywhere else.
_moved = st.sampled_from([(2026, 3, 29), (2026, 10, 25), (2026, 3, 8), (2026, 11, 1), (2026, 4, 5), (2026, 10, 4)])
_instant = st.one_of(
    st.integers(0, 365 * 1440).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.builds(lambda day, minutes: wall(UTC, *day) + timedelta(minutes=minutes), _moved, st.integers(-1440, 1440)),
)


@given(week=_week, at=_instant, zone=st.sampled_from(ZONES))
def test_it_is_open_at_its_next_opening_and_at_no_minute_before(
    week: list[list[Interval]], at: datetime, zone: ZoneInfo
) -> None:
    found = next_opening(week, at, zone)
    until = found or at + timedelta(days=8)
    minutes = int((until - at) / timedelta(minutes=1))
    looked_at = {*range(min(minutes, 240)), *range(max(0, minutes - 240), minutes), *range(0, minutes, 15)}
    assert not any(open_at(week, at + timedelta(minutes=minute), zone) for minute in looked_at)
    assert found is None or open_at(week, found, zone)
    assert (found is None) is not any(week)


def test_time_while_it_is_open_is_counted_and_no_other() -> None:
    friday = wall(SHANGHAI, 2026, 11, 27, 11, 0)
    for later, hours in ((1, 1), (5, 1), (12, 2), (15, 5), (24, 5), (24 * 7, 7)):
        assert open_for(NIGHTS, friday, friday + timedelta(hours=later), SHANGHAI) == timedelta(hours=hours), later
    assert open_for(ALWAYS, friday, friday + timedelta(days=9), SHANGHAI) == timedelta(days=9)
    assert open_for([[]] * 7, friday, friday + timedelta(days=9), SHANGHAI) == timedelta(0)


@given(st.sampled_from(ZONES), st.integers(0, 364 * 24), st.integers(0, 72))
def test_the_open_time_is_the_sum_of_the_quarters_of_an_hour_that_are_open(
    zone: ZoneInfo, begins: int, lasts: int
) -> None:
    week = [[Interval("01:30", "03:15"), Interval("20:00", "02:15")], [Interval("00:00", "00:00")], [], NIGHTS[4]] * 2
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=begins)
    quarters = [since + timedelta(minutes=15 * number) for number in range(4 * lasts)]
    opened = sum(open_at(week[:7], quarter, zone) for quarter in quarters)
    assert open_for(week[:7], since, since + timedelta(hours=lasts), zone) == timedelta(minutes=15 * opened)
