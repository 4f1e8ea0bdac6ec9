"""A customer's page at the desk: who it is and how surely, and everything they came with before.

A visitor who was joined to an account, or proved to be it, is shown as that account, with
everything of all its browsers.  Only conversations this agent may see are counted or shown,
and who may see none of them does not see the customer.

Does not: ask the shop (the orders are those it told when it was last asked in a conversation).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mashang.conversations import access
from mashang.conversations.naming import Named
from mashang.customers import blocks, notes
from mashang.customers.blocks import Block
from mashang.customers.customer import ACCOUNT_OF
from mashang.customers.notes import Note
from mashang.desk import lists
from mashang.desk.lists import Row, RowCustomer
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound
from mashang.shops import context, contract
from mashang.staff import Agent

_MOST_CONVERSATIONS = 100


class KnownOrder(msgspec.Struct, frozen=True):
    """An order that conversations were about, and the latest of them; as the shop told it when it did."""

    number: str
    conversation: str
    told: contract.OrderSummary | None


class CustomerAtDesk(msgspec.Struct, frozen=True):
    """Who somebody is, and what is known of them; `browsers` are the visitors that are this account too."""

    customer: RowCustomer
    account: str | None
    site: Named
    created_at: datetime
    seen_at: datetime
    browsers: int
    conversations: list[Row]
    total: int
    orders: list[KnownOrder]
    notes: list[Note]
    block: Block | None


class Known(msgspec.Struct, frozen=True):
    """A customer this agent may see: the account's own row where there is one, and all rows that are it."""

    id: int
    public_id: str
    family: list[int]


async def find(tx: Tx, agent: Agent, public_id: str) -> Known:
    """Of whom this agent sees a conversation; raises NotFound."""
    visible, params = access.visible_to(agent)
    row = await tx.first(
        f"""
        select a.id, a.public_id, f.family from customer u
        join customer a on a.id = coalesce({ACCOUNT_OF}, u.id)
        cross join lateral (select array_agg(id) as family from customer_family(a.id)) f
        where u.public_id = %(id)s
            and exists (select from conversation c where c.customer_id = any (f.family) and {visible})
        """,
        {**params, "id": public_id},
    )
    if row is None:
        raise NotFound
    return Known(**row)


async def customer_view(tx: Tx, agent: Agent, public_id: str, locale: str) -> CustomerAtDesk:
    """Their page; raises NotFound."""
    known = await find(tx, agent, public_id)
    visible, params = access.visible_to(agent)
    found = await tx.all(
        f"select c.id from conversation c where c.customer_id = any (%(family)s) and {visible} order by c.id desc",
        {**params, "family": known.family},
    )
    numbers = [one["id"] for one in found[:_MOST_CONVERSATIONS]]
    rows = await lists.rows(tx, agent, numbers, locale)
    row = await tx.one(
        """
        select u.public_id, u.name, u.subject, u.tier, u.claim_masked, u.created_at,
            (select max(seen_at) from customer where id = any (%(family)s)) as seen_at,
            s.public_id as site, s.name as site_name
        from customer u join site s on s.id = u.site_id where u.id = %(id)s
        """,
        {"id": known.id, "family": known.family},
    )
    held = await blocks.of(tx, [known.id])
    newest_first = [one.row for one in sorted(rows, key=lambda one: -one.conversation_id)]
    return CustomerAtDesk(
        customer=_customer(row, locale),
        account=row["subject"],
        site=Named(row["site"], row["site_name"]),
        created_at=row["created_at"],
        seen_at=row["seen_at"],
        browsers=len(known.family) - 1,
        conversations=newest_first,
        total=len(found),
        orders=await _orders(tx, newest_first, numbers),
        notes=await notes.of(tx, agent, known.family),
        block=held[0] if held else None,
    )


def _customer(row: dict[str, Any], locale: str) -> RowCustomer:
    label = lists.label(row["public_id"], row["name"], locale)
    return RowCustomer(
        row["public_id"], row["name"], row["subject"] is not None, row["tier"], row["claim_masked"], label
    )


async def _orders(tx: Tx, rows: list[Row], numbers: list[int]) -> list[KnownOrder]:
    """Those that conversations were about, the newest first, then those the shop named beside them."""
    told: dict[str, contract.OrderSummary] = {}
    if numbers:
        snapshot = await context.view(tx, numbers[0])
        told = {order.number: order for order in snapshot.orders} if snapshot else {}
    latest: dict[str, str] = {}
    for row in rows:
        if row.order_number:
            latest.setdefault(row.order_number, row.id)
    asked = [KnownOrder(number, talk, told.get(number)) for number, talk in latest.items()]
    return asked + [KnownOrder(one.number, rows[0].id, one) for one in told.values() if one.number not in latest]
