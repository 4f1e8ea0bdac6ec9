"""What is wrong with an order, as the shop reported it: open until the shop says that it is settled.

A matter is (order, kind); an `order.anomaly` opens it or brings it up to date.  It is settled by
`order.settled`, by the payment's refund, and, where something was not issued, by a line of the
card-issue record.  Shops repeat themselves, and events come late and out of order: what counts is
when the shop says that something was, so a report older than its settling opens nothing.  An instant
in the future counts as now: it would outdate everything that comes after it.  What is older than
`LASTS` is history, and nobody is spoken to about it.

Does not: ask the shop (`context`), or tell the customer (`codes.offering`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.kit.i18n import sentence
from mashang.shops.telling import CardIssued, IncidentChanged, OrderAnomaly, OrderSettled, PaymentChanged, ShopEvent

LASTS = timedelta(days=30)
_MOST_OF_AN_ORDER = 10  # a shop that invents kinds without end
_NOT_ISSUED = ("paid_not_issued", "issue_failed", "top_up_failed", "wrong_account")


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """One open matter."""

    id: int
    order_number: str
    kind: str
    text: str
    since: datetime


# Has the shop told that this kind was settled after `at`?  Of two at one instant the one that came later counts.
_SETTLED_LATER = """
    select exists (
        select from shop_event e
        where e.shop_id = %(shop)s and e.order_number = %(order)s and least(e.occurred_at, e.received_at) > %(at)s
          and (e.kind = 'order.settled' and e.data->>'anomaly' in ('', %(kind)s)
            or e.kind = 'payment' and e.data->'payment'->>'status' = 'refunded'
            or e.kind = 'issue' and e.data->'entry'->>'action' <> 'failed' and %(kind)s = any (%(not_issued)s))
    )
"""


async def hear(tx: Tx, shop_id: int, event: ShopEvent) -> None:
    """Open or settle what this event says; it is stored already.  Others change nothing."""
    settled = _settled(event)
    if isinstance(event, IncidentChanged) or not (settled or isinstance(event, OrderAnomaly)):
        return
    # Each of two events of one order that come at once must see the other.
    of_order = f"matter.{shop_id}.{event.order_number}"
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (of_order,))
    if isinstance(event, OrderAnomaly):
        await _open(tx, shop_id, event)
    else:
        await tx.run(
            """
            update matter set settled_at = app_now()
            where shop_id = %s and order_number = %s and settled_at is null and told_at <= %s
              and array[kind, ''] && %s::text[]
            """,
            (shop_id, event.order_number, event.at, settled),
        )


async def open_of(tx: Tx, shop_id: int, subject: str, order_number: str | None = None) -> list[Matter]:
    """What is open of this customer's orders, or of the one order if it is theirs; newest first."""
    rows = await tx.all(
        """
        select id, order_number, kind, text, since from matter
        where shop_id = %(shop)s and subject = %(subject)s and settled_at is null and told_at > app_now() - %(lasts)s
          and (%(order)s::text is null or order_number = %(order)s)
        order by told_at desc, id desc limit 20
        """,
        {"shop": shop_id, "subject": subject, "order": order_number, "lasts": LASTS},
    )
    return [Matter(**row) for row in rows]


def called(kind: str, locale: str) -> str:
    """What is wrong, in the reader's language; empty for a kind that only the shop has words for."""
    words = sentence(f"anomaly.{kind}", locale)
    return "" if words == f"anomaly.{kind}" else words


async def settled_among(tx: Tx, shop_id: int, numbers: list[str]) -> set[str]:
    """Those of these orders whose matters are all settled, as far as the shop reported any."""
    rows = await tx.all(
        "select order_number from matter where shop_id = %s and order_number = any (%s)"
        " group by order_number having bool_and(settled_at is not null)",
        (shop_id, numbers),
    )
    return {row["order_number"] for row in rows}


def _settled(event: ShopEvent) -> list[str]:
    """The kinds of its order that this event settles; "" is all of them."""
    match event:
        case OrderSettled(anomaly=kind):
            return [kind]
        case PaymentChanged(payment=payment) if payment.status == "refunded":
            return [""]
        case CardIssued(entry=entry) if entry.action != "failed":
            return [*_NOT_ISSUED]
    return []


async def _open(tx: Tx, shop_id: int, event: OrderAnomaly) -> None:
    now, anomaly = clock.now(), event.anomaly
    at = min(event.at, now)
    facts: dict[str, Any] = {
        "shop": shop_id,
        "order": event.order_number,
        "subject": event.subject,
        "kind": anomaly.kind,
        "text": anomaly.text,
        "since": min(anomaly.since, now),
        "at": at,
        "not_issued": [*_NOT_ISSUED],
        "most": _MOST_OF_AN_ORDER,
    }
    if at < now - LASTS or await tx.value(_SETTLED_LATER, facts):
        return
    await tx.run(
        """
        insert into matter as m (shop_id, order_number, subject, kind, text, since, told_at)
        select %(shop)s, %(order)s, %(subject)s, %(kind)s, %(text)s, %(since)s, %(at)s
        where (select count(*) from matter o where o.shop_id = %(shop)s and o.order_number = %(order)s
               and o.settled_at is null and o.kind <> %(kind)s) < %(most)s
        on conflict (shop_id, order_number, kind) where settled_at is null do update
            set subject = excluded.subject, text = excluded.text, since = excluded.since, told_at = excluded.told_at
            where m.told_at <= excluded.told_at
        """,
        facts,
    )
