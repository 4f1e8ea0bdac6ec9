"""Which codes stand first for this customer, and why: at most three, each with its reason.

A reason is something the customer did, something the shop tells of an order that is provably hers, or what others
ask on the page she stands on.  The order is simple enough to be told: what is wrong with an order of hers comes
first; then codes whose people are there before those of closed departments; then what she asked about often, a
fresh order, what she asked about lately, the page.  Within one kind the more and the newer wins, then the
operator's own order.  Nothing is learned and nothing is drawn by lot: the same facts give the same answer.

Pure.  Does not: read rows (`suggestions`), or put a reason into words (`channels.web.suggestions`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from mashang.codes.code import Topic

MOST = 3
OFTEN = 2  # consultations about one code in `REMEMBERED`
REMEMBERED = timedelta(days=90)
LATELY = timedelta(days=14)
FRESH_ORDER = timedelta(days=3)
OTHERS = 3  # different customers, before a page says anything about them

Kind = Literal["matter", "often", "order", "lately", "page"]
_RANK: tuple[Kind, ...] = ("matter", "often", "order", "lately", "page")


class AskedAbout(msgspec.Struct, frozen=True):
    """How often this customer consulted about a code; `is_open`: is talking about it now."""

    code: str
    times: int
    last_at: datetime
    is_open: bool = False


class KnownOrder(msgspec.Struct, frozen=True):
    """An order of hers, as the shop told it; `trouble` is what the shop says is wrong, of which kind, `code` where
    that leads.
    """

    number: str
    placed_at: datetime
    status_text: str
    trouble: str = ""
    kind: str = ""
    code: str = ""


class OnPage(msgspec.Struct, frozen=True):
    """How many different customers lately asked about a code from the page she stands on."""

    code: str
    customers: int


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """All that counts, as it is now."""

    now: datetime
    asked: Sequence[AskedAbout] = ()
    orders: Sequence[KnownOrder] = ()
    page: Sequence[OnPage] = ()


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A code and why it is suggested; `order`, `text` and the kind of trouble for what is about an order, `at` for what
    was lately.
    """

    code: str
    kind: Kind
    order: str | None = None
    text: str = ""
    trouble: str = ""
    at: datetime | None = None


class _Candidate(msgspec.Struct, frozen=True):
    what: Suggestion
    weight: float


def suggest(seen: Seen, topics: Sequence[Topic], resting: Collection[str] = ()) -> list[Suggestion]:
    """The best three; `topics` are all in use, `resting` the codes whose people are not there now."""
    live = {one.code: one for one in topics if one.shown and not one.has_expired(seen.now)}
    talking = {one.code for one in seen.asked if one.is_open}
    found: dict[str, tuple[tuple[object, ...], Suggestion]] = {}
    for candidate in _candidates(seen, list(live.values())):
        what = candidate.what
        topic = live.get(what.code)
        if topic is None or what.code in talking:
            continue
        place = (
            what.kind != "matter",
            what.code in resting,
            _RANK.index(what.kind),
            -candidate.weight,
            topic.position,
            topic.code,
        )
        if what.code not in found or place < found[what.code][0]:
            found[what.code] = place, what
    return [what for _, what in sorted(found.values(), key=lambda one: one[0])[:MOST]]


def _candidates(seen: Seen, live: Sequence[Topic]) -> Iterator[_Candidate]:
    codes = {one.code for one in live}
    for_orders = min(((one.position, one.code) for one in live if one.takes_reference), default=(0, ""))[1]
    for order in seen.orders:
        if order.trouble:
            what = Suggestion(
                code=order.code if order.code in codes else for_orders,
                kind="matter",
                order=order.number,
                text=order.trouble,
                trouble=order.kind,
            )
            yield _Candidate(what, order.placed_at.timestamp())
        elif seen.now - order.placed_at <= FRESH_ORDER:
            what = Suggestion(code=for_orders, kind="order", order=order.number, text=order.status_text)
            yield _Candidate(what, order.placed_at.timestamp())
    for asked in seen.asked:
        age = seen.now - asked.last_at
        if asked.times >= OFTEN and age <= REMEMBERED:
            yield _Candidate(Suggestion(code=asked.code, kind="often"), asked.times)
        elif age <= LATELY:
            yield _Candidate(Suggestion(code=asked.code, kind="lately", at=asked.last_at), asked.last_at.timestamp())
    for on_page in seen.page:
        if on_page.customers >= OTHERS:
            yield _Candidate(Suggestion(code=on_page.code, kind="page"), on_page.customers)
