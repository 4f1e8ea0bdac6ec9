"""One order as its owner may know it: what stands beside their conversation about it, or what the shop says now.

The agent and the owner read the same facts.  Where a conversation of today is about this order its snapshot is
read, asked again when it is older than `FRESH_FOR`, so that what the owner sees the agent sees too.  Without
one the same questions are asked, and nothing is kept.

Does not: decide whose an order is (the `Ask` says who asks, `questions` compares), or what a card shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec import UNSET

from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound
from mashang.shops import context
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed
from mashang.shops.context import TALKED_ABOUT_FOR
from mashang.shops.questions import Ask, OwnOrder
from mashang.shops.snapshot import View

PARTS = ("order", "payment", "shipments")
FRESH_FOR = timedelta(minutes=1)


async def known(db: Database, shops: Shops, customers: Sequence[int], ask: Ask) -> tuple[View, OwnOrder]:
    """What these customers may know of the order of `ask`; raises NotFound, ShopFailed."""
    seen = await _beside(db, shops, customers, ask) or await context.look(db, shops, ask)
    if seen.order is UNSET:
        raise ShopFailed(seen.reason or "unreachable") if "order" in seen.missing else NotFound
    return seen, seen.order


async def _beside(db: Database, shops: Shops, customers: Sequence[int], ask: Ask) -> View | None:
    """The snapshot of a conversation of theirs about it, as fresh as may be; None while its first answer is coming."""
    async with db.transaction() as tx:
        conversation_id = await _talked_about(tx, customers, ask)
        seen = await context.view(tx, conversation_id) if conversation_id else None
    if conversation_id and seen and seen.asked_at < clock.now() - FRESH_FOR:
        await context.refresh(db, shops, conversation_id)
        async with db.transaction() as tx:
            seen = await context.view(tx, conversation_id)
    return None if seen and seen.order is UNSET and seen.status == "asking" else seen


async def _talked_about(tx: Tx, customers: Sequence[int], ask: Ask) -> int | None:
    """The newest that asked for exactly what may be known here: whose order, and how much of it."""
    found: int | None = await tx.value(
        """
        select s.conversation_id from context_snapshot s join conversation c on c.id = s.conversation_id
        where c.customer_id = any (%(customers)s) and s.data->'ask'->>'order_number' = %(number)s
          and s.data->'ask'->>'shop_id' = %(shop)s and s.data->'ask'->'parts' ? 'order'
          and s.data->'ask'->>'subject' is not distinct from %(subject)s
          and s.data->'ask'->>'status_of' is not distinct from %(status_of)s
          and s.data->'ask'->>'order_of' is not distinct from %(order_of)s
          and s.asked_at > app_now() - %(span)s
        order by s.asked_at desc limit 1
        """,
        {
            "customers": list(customers),
            "number": ask.order_number,
            "shop": str(ask.shop_id),
            "subject": ask.subject,
            "status_of": ask.status_of,
            "order_of": ask.order_of,
            "span": TALKED_ABOUT_FOR,
        },
    )
    return found
