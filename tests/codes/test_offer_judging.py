"""Whether a rule fits, and whether anything may be offered: what is not known is not held to be true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mashang.codes.offer_judging import (
    Delivered,
    Facts,
    Limits,
    Often,
    Shown,
    When,
    demand_nights,
    demand_sense,
    due_order,
    fits_place,
    is_quiet,
    judge,
    rests,
)
from mashang.kit.errors import Invalid
from mashang.shops.contract import Money

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CHINA = ZoneInfo("Asia/Shanghai")
LOW = When(balance_below=Money("20.00", "CNY"))


def member(**changes: object) -> Facts:
    return Facts(now=NOW, path="/p/card", is_member=True, **changes)  # type: ignore[arg-type]  # the test's own words


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("/p/*", "/p/card", True),
        ("/p/*", "/p/", True),
        ("/p/*", "/orders", False),
        ("/orders", "/orders/1", False),
        ("*", "/", True),
        ("/*/card", "/p/card", True),
        ("/*/card", "/card", False),
        ("/a*a", "/a", False),
        ("/p/[x]*", "/p/[x]y", True),
        ("/" + "*a" * 40, "/" + "a" * 5000 + "b", False),
    ],
)
def test_a_place_is_a_path_with_stars(glob: str, path: str, fits: bool) -> None:
    assert fits_place(glob, path) is fits


@given(st.text("ab/*", min_size=1, max_size=8), st.text("ab/", max_size=10))
def test_a_star_stands_for_anything_and_nothing_else_does(glob: str, path: str) -> None:
    def naive(glob: str, path: str) -> bool:
        if not glob:
            return not path
        if glob[0] == "*":
            return any(naive(glob[1:], path[at:]) for at in range(len(path) + 1))
        return path[:1] == glob[0] and naive(glob[1:], path[1:])

    assert fits_place(glob, path) is naive(glob, path)


@pytest.mark.parametrize(
    ("balance", "verdict"),
    [
        (Money("19.99", "CNY"), "fits"),
        (Money("20.00", "CNY"), "not"),
        (Money("999999999999.99", "CNY"), "not"),
        (Money("1.00", "USD"), "unknown"),  # in another currency nobody can say
        (None, "unknown"),
    ],
)
def test_a_balance_is_compared_in_its_own_currency(balance: Money | None, verdict: str) -> None:
    assert judge(LOW, member(balance=balance)) == verdict


def test_what_is_about_a_person_fits_nobody_who_is_not_signed_in() -> None:
    stranger = Facts(now=NOW, path="/p/card")
    for when in (LOW, When(tiers=[""]), When(anomalies=["*"]), When(asked=Often("ZK", 1)), When(days_after_delivery=2)):
        assert judge(when, stranger) == "not"


def test_before_sale_is_whoever_has_no_order_as_far_as_anybody_can_tell() -> None:
    before = When(before_sale=True, places=["/p/*"])
    assert judge(before, Facts(now=NOW, path="/p/card")) == "fits"
    assert judge(before, Facts(now=NOW, path="/p/card", names_order=True)) == "not"
    assert [judge(before, member(has_ordered=one)) for one in (None, True, False)] == ["unknown", "not", "fits"]
    assert judge(before, Facts(now=NOW, path="/orders")) == "not"


@pytest.mark.parametrize(("age", "due"), [(1.9, False), (2, True), (5.9, True), (6, False)])
def test_two_days_after_delivery_and_not_much_later(age: float, due: bool) -> None:
    facts = member(delivered=[Delivered("QN1", NOW - age * DAY)])
    when = When(days_after_delivery=2)
    assert judge(when, facts) == ("fits" if due else "not")
    assert due_order(when, facts) == ("QN1" if due else None)
    assert judge(when, member()) == "unknown"


def test_trouble_tier_and_consultations_must_all_hold() -> None:
    when = When(anomalies=["top_up_failed"], tiers=["VIP"], asked=Often("ZK", 3))
    assert judge(when, member(anomalies=["top_up_failed"], tier="VIP", asked={"ZK": 3})) == "fits"
    assert judge(when, member(anomalies=["other"], tier="VIP", asked={"ZK": 3})) == "not"
    assert judge(when, member(anomalies=["top_up_failed"], tier="VIP", asked={"ZK": 2})) == "not"
    assert judge(When(anomalies=["*"]), member()) == "not"


@pytest.mark.parametrize(
    ("past", "why"),
    [
        ([], None),
        ([Shown("r", NOW - 8 * DAY)], None),
        ([Shown("r", NOW - 6 * DAY)], "cool_down"),
        ([Shown("r", NOW - 400 * DAY, dismissed=True)], "dismissed"),
        ([Shown("other", NOW - 400 * DAY, dismissed=True)], None),
        ([Shown("other", NOW - 23 * HOUR)], "day"),
        ([Shown(f"o{n}", NOW - n * DAY) for n in (2, 3, 4)], "week"),
    ],
)
def test_nobody_hears_more_than_is_bearable(past: list[Shown], why: str | None) -> None:
    assert rests("r", 7 * DAY, past, Limits(per_day=1, per_week=3), NOW) == why


_PAST = st.lists(
    st.builds(
        lambda rule, age, away: Shown(rule, NOW - age, away),
        st.sampled_from("abc"),
        st.timedeltas(timedelta(0), timedelta(days=20)),
        st.booleans(),
    ),
    max_size=6,
)


@given(_PAST, st.integers(0, 3), st.integers(0, 5), st.integers(1, 10))
def test_what_was_offered_keeps_every_limit_whatever_came_before(
    past: list[Shown], per_day: int, per_week: int, cool_down: int
) -> None:
    if rests("a", timedelta(days=cool_down), past, Limits(per_day, per_week), NOW) is None:
        now = [*past, Shown("a", NOW)]
        assert sum(NOW - one.at < DAY for one in now) <= per_day
        assert sum(NOW - one.at < 7 * DAY for one in now) <= per_week
        assert all(NOW - one.at >= timedelta(days=cool_down) and not one.dismissed for one in past if one.rule == "a")


@pytest.mark.parametrize(
    ("begins", "ends", "quiet_at"),
    [("22:00", "08:00", {22, 23, 0, 1, 2, 3, 4, 5, 6, 7}), ("12:00", "14:00", {12, 13}), (None, None, set())],
)
def test_quiet_hours_are_on_the_shops_clock_and_may_pass_midnight(
    begins: str | None, ends: str | None, quiet_at: set[int]
) -> None:
    limits = Limits(quiet_from=begins, quiet_until=ends)
    hours = {hour for hour in range(24) if is_quiet(limits, datetime(2026, 11, 22, hour, 30, tzinfo=CHINA), CHINA)}
    assert hours == quiet_at
    assert is_quiet(Limits(), datetime(2026, 11, 21, 14, 0, tzinfo=UTC), CHINA)  # 22:00 there


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        (When(), "missing"),
        (When(before_sale=True, days_after_delivery=2), "contradicts"),
        (When(before_sale=True, anomalies=["*"]), "contradicts"),
        (When(balance_below=Money("0.00", "CNY")), "balance"),
    ],
)
def test_a_rule_that_says_nothing_or_cannot_be_true_is_refused(when: When, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        demand_sense(when)
    assert refused.value.facts == {"field": "when", "reason": reason}


@pytest.mark.parametrize(("begins", "ends"), [("22:00", None), (None, "08:00"), ("08:00", "08:00")])
def test_a_night_needs_both_ends_and_is_no_whole_day(begins: str | None, ends: str | None) -> None:
    with pytest.raises(Invalid):
        demand_nights(Limits(quiet_from=begins, quiet_until=ends))
