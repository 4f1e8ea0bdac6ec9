"""What is known of a customer that a suggestion may rest on, read from what is stored already.

Nobody is asked: not the shop, whose last answer beside a conversation of hers is good enough for three days, and not
the customer.  Of somebody who proved nothing only her own conversations count, those of this very visitor; orders
count for a proved account alone, and only as the shop told them of that account.  What others asked on a page counts
from three different customers on, as a number.

Does not: rank (`suggesting`), say anything in words, or remember what was shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from mashang.codes.suggesting import FRESH_ORDER, OTHERS, REMEMBERED, AskedAbout, KnownOrder, OnPage, Seen
from mashang.customers import Customer
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.shops import matters

_BELIEVED_FOR = timedelta(days=1)  # that an order is in trouble, when the shop has said nothing since
_ON_A_PAGE = 100  # conversations that began there, at most, are looked at

_SEEN = """
    select
        coalesce((select jsonb_agg(jsonb_build_object('code', a.code, 'times', a.times, 'last_at', a.last_at,
                'is_open', a.is_open))
            from (select c.topic_code as code, count(*) as times, max(c.opened_at) as last_at,
                    bool_or(c.status <> 'closed') as is_open
                from conversation c
                where c.customer_id = any (%(who)s) and c.topic_code is not null
                    and c.opened_at > app_now() - %(remembered)s
                group by c.topic_code) a), '[]') as asked,
        (select jsonb_build_object('at', s.answered_at, 'orders', s.data->'seen'->'orders',
                'order', s.data->'seen'->'order')
            from conversation c join context_snapshot s on s.conversation_id = c.id
            where %(subject)s::text is not null and c.customer_id = any (%(who)s)
                and s.data->'ask'->>'subject' = %(subject)s and (s.data->'ask'->>'shop_id')::bigint = %(shop)s
                and s.answered_at > app_now() - %(fresh)s
            order by s.answered_at desc limit 1) as told,
        coalesce((select jsonb_agg(jsonb_build_object('code', p.code, 'customers', p.customers))
            from (select n.topic_code as code, count(distinct n.customer_id) as customers
                from (select c.topic_code, c.customer_id from conversation c
                    where %(page)s <> '' and c.page_url <> '' and c.site_id = %(site)s
                        and split_part(split_part(c.page_url, '#', 1), '?', 1) = %(page)s
                        and c.opened_at > app_now() - %(remembered)s
                    order by c.id desc limit %(on_a_page)s) n
                where n.topic_code is not null and not n.customer_id = any (%(who)s)
                group by n.topic_code having count(distinct n.customer_id) >= %(others)s) p), '[]') as page
"""


class _Trouble(msgspec.Struct):
    text: str
    kind: str = ""


class _Order(msgspec.Struct):
    """As much of an order in a snapshot as matters here."""

    number: str
    placed_at: datetime
    status_text: str
    anomaly: _Trouble | None = None


async def seen(tx: Tx, who: Customer, site_id: int, page_url: str) -> Seen:
    """What this customer's suggestions may rest on; of an account, the shop's reports are a statement more."""
    row = await tx.one(
        _SEEN,
        {
            "who": list(who.family) if who.proved else [who.id],
            "subject": who.subject,
            "shop": who.shop_id,
            "site": site_id,
            "page": page_of(page_url),
            "remembered": REMEMBERED,
            "fresh": FRESH_ORDER,
            "others": OTHERS,
            "on_a_page": _ON_A_PAGE,
        },
    )
    return Seen(
        now=clock.now(),
        asked=msgspec.convert(row["asked"], list[AskedAbout]),
        orders=await _with_matters(tx, who, _orders(row["told"])),
        page=msgspec.convert(row["page"], list[OnPage]),
    )


async def _with_matters(tx: Tx, who: Customer, orders: list[KnownOrder]) -> list[KnownOrder]:
    """What the shop reports by itself counts more than its last answer: an open matter, and one that was settled."""
    if who.shop_id is None or who.subject is None:
        return orders
    known = {one.number: one for one in orders}
    about = await matters.open_of(tx, who.shop_id, who.subject)
    for one in reversed(about):
        order = known.get(one.order_number)
        known[one.order_number] = KnownOrder(
            one.order_number,
            order.placed_at if order else one.since,
            order.status_text if order else "",
            one.text,
            one.kind,
        )
    doubtful = [one.number for one in orders if one.trouble and known[one.number] is one]
    settled = await matters.settled_among(tx, who.shop_id, doubtful) if doubtful else ()
    return [msgspec.structs.replace(one, trouble="") if one.number in settled else one for one in known.values()]


def page_of(url: str) -> str:
    """The page's address without what stands behind `?` and `#`; empty for what is no address of a page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url.partition("#")[0].partition("?")[0][:500] if parts.scheme in ("http", "https") and parts.netloc else ""


def _orders(told: dict[str, Any] | None) -> list[KnownOrder]:
    if told is None:
        return []
    known = {one.number: one for one in msgspec.convert(told["orders"] or [], list[_Order])}
    if told["order"]:
        order = msgspec.convert(told["order"], _Order)
        known[order.number] = order
    is_believed = clock.now() - msgspec.convert(told["at"], datetime) <= _BELIEVED_FOR
    return [
        KnownOrder(one.number, one.placed_at, one.status_text, wrong.text if wrong else "", wrong.kind if wrong else "")
        for one in known.values()
        for wrong in [one.anomaly if is_believed else None]
    ]
