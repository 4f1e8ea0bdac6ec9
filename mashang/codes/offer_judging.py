"""Does a rule fit this page and this person now, and may anything be offered at all: values in, values out.

A rule is made of conditions out of a small vocabulary; all of them must hold.  A condition about a person holds for
nobody who is not signed in at the shop.  What is not known is not held to be true: a rule with an unknown condition
fits nobody until the shop has told.

    places       the path of the page, `*` stands for anything: /p/*
    before_sale  no order yet, as far as anybody can tell
    balance      less than so much, in one currency; a balance in another is no answer
    delivered    so many days ago, and not more than a few days later
    anomalies    something is wrong with an order, of these kinds or `*`
    tiers        the shop's own words
    asked        consulted about a code so often

Limits come after: somebody who pressed an offer away never hears of that rule again, in whatever version.

Pure.  Does not: read rows (`offer_rules`), or ask the shop (`ruling`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from mashang.kit.clock import ClockTime
from mashang.kit.errors import Invalid
from mashang.shops.contract import Money

ANY = "*"
STILL_NEW = timedelta(days=4)  # after the days of `delivered` have passed, for who does not come every day
DAY, WEEK = timedelta(days=1), timedelta(days=7)

Verdict = Literal["fits", "not", "unknown"]
Rest = Literal["quiet", "day", "week", "dismissed", "cool_down"]
Glob = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[/*][^\s?#\x00]*$")]
Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Often(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Consulted about `code` at least so many times in the last 90 days."""

    code: Annotated[str, Meta(min_length=2, max_length=8, pattern=r"^[A-Z0-9]+$(?!\n)")]
    times: Annotated[int, Meta(ge=1, le=100)]


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The conditions of a rule; one that is not given asks nothing."""

    places: Annotated[list[Glob], Meta(max_length=20)] = []
    before_sale: bool = False
    balance_below: Money | None = None
    days_after_delivery: Annotated[int, Meta(ge=1, le=60)] | None = None
    anomalies: Annotated[list[Word], Meta(max_length=20)] = []
    tiers: Annotated[list[Word], Meta(max_length=20)] = []
    asked: Often | None = None


class Delivered(msgspec.Struct, frozen=True):
    """An order that came, and when."""

    number: str
    at: datetime


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a page and of who looks at it; None: not known."""

    now: datetime
    path: str
    is_member: bool = False
    names_order: bool = False  # the page is about an order
    tier: str = ""
    anomalies: Sequence[str] = ()
    asked: Mapping[str, int] = {}
    has_ordered: bool | None = None
    balance: Money | None = None
    delivered: Sequence[Delivered] | None = None


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many offers of rules one person hears of, and between which times of day none."""

    per_day: Annotated[int, Meta(ge=0, le=20)] = 1
    per_week: Annotated[int, Meta(ge=0, le=50)] = 3
    quiet_from: ClockTime | None = "22:00"
    quiet_until: ClockTime | None = "08:00"


class Shown(msgspec.Struct, frozen=True):
    """An offer that was made to this person."""

    rule: str
    at: datetime
    dismissed: bool = False


def judge(when: When, facts: Facts) -> Verdict:
    """Does it fit?"""
    found = [verdict for verdict in _verdicts(when, facts) if verdict != "fits"]
    return "not" if "not" in found else "unknown" if found else "fits"


def due_order(when: When, facts: Facts) -> str | None:
    """The order that came so many days ago, where that is what the rule is about."""
    days = when.days_after_delivery
    due = [one for one in facts.delivered or () if days and _is_due(facts.now - one.at, days)]
    return max(due, key=lambda one: one.at).number if due else None


def _verdicts(when: When, facts: Facts) -> list[Verdict]:
    member = facts.is_member
    found: list[Verdict] = []
    if when.places:
        found.append(_is(any(fits_place(glob, facts.path) for glob in when.places)))
    if when.before_sale:
        found.append("not" if facts.names_order else _is_not(facts.has_ordered) if member else "fits")
    if when.anomalies:
        found.append(_is(member and any(one in (ANY, *facts.anomalies) for one in when.anomalies if facts.anomalies)))
    if when.tiers:
        found.append(_is(member and facts.tier in when.tiers))
    if when.asked:
        found.append(_is(member and facts.asked.get(when.asked.code, 0) >= when.asked.times))
    if when.balance_below:
        found.append(_low(when.balance_below, facts.balance) if member else "not")
    if when.days_after_delivery:
        unknown: Verdict = "unknown" if facts.delivered is None else _is(due_order(when, facts) is not None)
        found.append(unknown if member else "not")
    return found


def _is(true: bool) -> Verdict:
    return "fits" if true else "not"


def _is_not(known: bool | None) -> Verdict:
    return "unknown" if known is None else _is(not known)


def _low(below: Money, balance: Money | None) -> Verdict:
    if balance is None or balance.currency != below.currency:
        return "unknown"
    return _is(Decimal(balance.amount) < Decimal(below.amount))


def _is_due(age: timedelta, days: int) -> bool:
    return timedelta(days=days) <= age < timedelta(days=days) + STILL_NEW


def fits_place(glob: str, path: str) -> bool:
    """Is this the path, where `*` stands for anything?"""
    first, *middle = glob.split("*")
    if not middle:
        return path == glob
    last, at = middle.pop(), len(first)
    for piece in middle:  # the earliest place is the best for what follows: no trying, whatever somebody wrote
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return path.startswith(first) and path.endswith(last) and len(path) - len(last) >= at


def rests(rule: str, cool_down: timedelta, past: Sequence[Shown], limits: Limits, at: datetime) -> Rest | None:
    """Why this rule says nothing to this person now, whatever it fits; quiet hours aside."""
    own = [one for one in past if one.rule == rule]
    if any(one.dismissed for one in own):
        return "dismissed"
    if any(at - one.at < cool_down for one in own):
        return "cool_down"
    if sum(at - one.at < DAY for one in past) >= limits.per_day:
        return "day"
    return "week" if sum(at - one.at < WEEK for one in past) >= limits.per_week else None


def is_quiet(limits: Limits, at: datetime, zone: ZoneInfo) -> bool:
    """Is it night on the shop's clock?  The end may lie on the next day."""
    begins, ends = limits.quiet_from, limits.quiet_until
    if begins is None or ends is None:
        return False
    shows = at.astimezone(zone).strftime("%H:%M")
    return begins <= shows < ends if begins < ends else shows >= begins or shows < ends


def demand_sense(when: When) -> None:
    """Raise Invalid for a rule that says nothing, or what cannot be true at once."""
    if when == When():
        raise Invalid(field="when", reason="missing")
    if when.before_sale and (when.days_after_delivery or when.anomalies):
        raise Invalid(field="when", reason="contradicts")
    if when.balance_below and Decimal(when.balance_below.amount) <= 0:
        raise Invalid(field="when", reason="balance")


def demand_nights(limits: Limits) -> None:
    """Raise Invalid for hours that are half given, or the whole day."""
    if (limits.quiet_from is None) != (limits.quiet_until is None):
        raise Invalid(field="quiet_until", reason="missing")
    if limits.quiet_from is not None and limits.quiet_from == limits.quiet_until:
        raise Invalid(field="quiet_until", reason="all_day")
