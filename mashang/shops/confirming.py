"""Asking shops again that told of an incident: one they no longer name is over, whether or not a customer comes.

Conversations ask too (`context`); but one that nobody asks about any more must not stand on every page for good.
A shop that was seen down is left alone, and what it said last stands until it answers.

Does not: ask shops that told of none.
"""

from __future__ import annotations

import asyncio

from mashang.kit import clock
from mashang.kit.db import Database
from mashang.shops import asking, incidents
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed


async def confirm(db: Database, shops: Shops) -> int:
    """Ask shops again that told of an incident a while ago: one they no longer name is over.  How many."""
    async with db.transaction() as tx:
        silent = await incidents.unconfirmed(tx)
    await asyncio.gather(*(_confirm(db, shops, shop_id) for shop_id in silent))
    return len(silent)


async def _confirm(db: Database, shops: Shops, shop_id: int) -> None:
    asked_at = clock.now()
    try:
        answer = await asking.ask(db, shops, shop_id, lambda shop: shop.incidents())
    except ShopFailed:
        return  # how it did is noted
    async with db.transaction() as tx:
        await incidents.answered(tx, shop_id, answer.incidents, asked_at)
