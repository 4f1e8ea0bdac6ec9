"""To whom a rule would have spoken in the last week, replayed from what is stored.

Which pages were looked at, by whom, is kept for a week while there are rules; so places, tiers, matters that were open
and earlier consultations are replayed exactly.  The balance and the orders of a moment are the shop's: they are taken
from its last answer beside a conversation before that moment, and deliveries from the card-issue events it sent.  Who
has none of that is counted as not known, never as fitting.  Night is left out, and each visitor counts once; what a
visitor had heard from other rules, and promotions, are not replayed.

Does not: ask the shop, or show anything to anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from mashang.codes.offer_judging import Delivered, Facts, Limits, Verdict, When, is_quiet, judge
from mashang.codes.suggesting import REMEMBERED
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict
from mashang.shops.contract import Money
from mashang.staff import installation

LOOKED_BACK = timedelta(days=7)
_MOST_VIEWS = 50_000
_EXAMPLES = 5
FEW = 10  # visitors that a rule may reach without question, whatever share of all that is


class TooWide(Conflict):
    """Last week this rule may have spoken to `shown` of `visitors`: more than half; type that number to go on."""

    code = "rule_too_wide"


class Example(msgspec.Struct, frozen=True):
    """One page on which the rule would have spoken; `customer` is empty for somebody not signed in."""

    customer: str
    path: str
    at: datetime


class Trial(msgspec.Struct, frozen=True):
    """`shown` of `visitors`, and `unknown` of whom nobody can say; `since`: what is stored begins there.

    `most`: to how many it would have spoken at most, for whoever nobody can say it of may be one of them; `is_wide`:
    that may be most of all.
    """

    visitors: int
    shown: int
    unknown: int
    most: int
    is_wide: bool
    since: datetime | None
    examples: list[Example]
    partly: list[str]


class _View(msgspec.Struct, frozen=True, kw_only=True):
    visitor: bytes
    path: str
    first_at: datetime
    is_member: bool
    names_order: bool
    tier: str
    customer_id: int | None
    name: str | None


class _Past(msgspec.Struct):
    """What is stored of one customer, each with its moment."""

    asked: list[tuple[datetime, str]] = []
    matters: list[tuple[datetime, datetime | None, str]] = []
    told: list[tuple[datetime, list[str], dict[str, Any]]] = []
    delivered: list[Delivered] = []


async def tried(tx: Tx, when: When, limits: Limits) -> Trial:
    """The last week again, with this rule."""
    views = await tx.all(
        """
        select v.visitor, v.path, v.first_at, v.is_member, v.names_order, v.tier, v.customer_id, c.name
        from offer_view v left join customer c on c.id = v.customer_id
        where v.first_at > app_now() - %s order by v.first_at desc limit %s
        """,
        (LOOKED_BACK, _MOST_VIEWS),
        into=_View,
    )
    zone = await installation.zone(tx)
    past = await _past(tx, when, {one.customer_id for one in views if one.customer_id})
    # Tens of thousands take the better part of a second, in which nobody's message may wait.
    return await asyncio.to_thread(_replayed, when, limits, zone, views, past)


def _replayed(when: When, limits: Limits, zone: ZoneInfo, views: Sequence[_View], past: Mapping[int, _Past]) -> Trial:
    verdicts: dict[bytes, Verdict] = {}
    examples: list[Example] = []
    for view in views:
        verdict = judge(when, _facts(view, past.get(view.customer_id or 0, _Past())))
        if verdict == "not" or verdicts.get(view.visitor) == "fits" or is_quiet(limits, view.first_at, zone):
            continue
        verdicts[view.visitor] = verdict
        if verdict == "fits" and len(examples) < _EXAMPLES:
            examples.append(Example(view.name or "", view.path, view.first_at))
    visitors = len({one.visitor for one in views})
    shown, unknown = (sum(one == told for one in verdicts.values()) for told in ("fits", "unknown"))
    most = shown + unknown
    return Trial(
        visitors=visitors,
        shown=shown,
        unknown=unknown,
        most=most,
        is_wide=most > FEW and most * 2 > visitors,
        since=views[-1].first_at if views else None,
        examples=examples,
        partly=[name for name in ("before_sale", "balance_below", "days_after_delivery") if getattr(when, name)],
    )


async def sweep(tx: Tx) -> int:
    """Forget which pages were looked at before that; how many."""
    return await tx.run("delete from offer_view where first_at < app_now() - %s", (LOOKED_BACK,))


def _facts(view: _View, past: _Past) -> Facts:
    """As it was when that page was looked at."""
    at = view.first_at
    account, orders = _last(past, "account", at), _last(past, "orders", at)
    balance = (account or {}).get("balance")
    asked = [code for opened, code in past.asked if at - REMEMBERED < opened <= at]
    return Facts(
        now=at,
        path=view.path,
        is_member=view.is_member,
        names_order=view.names_order,
        tier=view.tier,
        anomalies=[kind for opened, ended, kind in past.matters if opened <= at and (ended is None or at < ended)],
        asked={code: asked.count(code) for code in set(asked)},
        has_ordered=None if orders is None else len(orders) > 0,
        balance=msgspec.convert(balance, Money) if balance else None,
        delivered=past.delivered or None,
    )


def _last(past: _Past, part: str, at: datetime) -> Any:
    """What the shop had said last of this at that moment; None: nothing."""
    told = [seen.get(part) for answered, parts, seen in past.told if answered <= at and part in parts]
    return told[-1] if told else None


async def _past(tx: Tx, when: When, customers: Iterable[int]) -> dict[int, _Past]:
    """Only what the conditions ask for."""
    who = list(customers)
    found = {one: _Past() for one in who}
    if when.asked:
        for row in await tx.all(
            "select customer_id, opened_at, topic_code from conversation"
            " where customer_id = any (%s) and topic_code = %s and opened_at > app_now() - %s",
            (who, when.asked.code, REMEMBERED + LOOKED_BACK),
        ):
            found[row["customer_id"]].asked.append((row["opened_at"], row["topic_code"]))
    if when.anomalies:
        for row in await tx.all(
            "select c.id, m.opened_at, m.settled_at, m.kind from matter m"
            " join customer c on c.shop_id = m.shop_id and c.subject = m.subject where c.id = any (%s)",
            (who,),
        ):
            found[row["id"]].matters.append((row["opened_at"], row["settled_at"], row["kind"]))
    if when.balance_below or when.before_sale:
        for row in await tx.all(
            "select c.customer_id, s.answered_at, s.data->'ask'->'parts' as parts, s.data->'seen' as seen"
            " from context_snapshot s"
            " join conversation c on c.id = s.conversation_id"
            " where c.customer_id = any (%s) and s.answered_at is not null and s.data->'ask'->'parts' ?| %s"
            " order by s.answered_at",
            (who, ["account", "orders"]),
        ):
            found[row["customer_id"]].told.append((row["answered_at"], row["parts"], row["seen"]))
    if when.days_after_delivery:
        for row in await tx.all(
            "select c.id, e.order_number, max(e.occurred_at) as at from shop_event e"
            " join customer c on c.shop_id = e.shop_id and c.subject = e.subject"
            " where c.id = any (%s) and e.kind = 'issue' and e.data->'entry'->>'action' in ('issued', 'delivered')"
            " group by c.id, e.order_number",
            (who,),
        ):
            found[row["id"]].delivered.append(Delivered(row["order_number"], row["at"]))
    return found
