"""One question to a shop, outside any snapshot: with the breaker that keeps a shop that is down left alone.

Does not: hold a transaction open while the shop thinks, or gather a context (`context`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.shops import reach, shop
from mashang.shops.adapters import Shops
from mashang.shops.connector import Connector, ShopFailed

T = TypeVar("T")


async def ask(
    db: Database, shops: Shops, shop_id: int, question: Callable[[Connector], Awaitable[T]], *, insist: bool = False
) -> T:
    """The shop's answer; raises ShopFailed, at once (`left_alone`) while the shop was seen down.

    `insist`: it is asked all the same, and being late with this does not make it down: an action takes its time,
    and what became of one should be known soon.
    """
    async with db.transaction() as tx:
        to = await reach.of(tx, shop_id)
    if to.is_down and not insist:
        raise ShopFailed("left_alone")
    try:
        answer = await question(shops.connector(to))
    except ShopFailed as failure:
        log.warning("shop_failed", shop=shop_id, reason=failure.reason)
        if failure.reason != "too_many":  # a limit it keeps, as agreed
            async with db.transaction() as tx:
                await shop.note_failure(tx, shop_id, failure.reason, looks_down=failure.looks_down and not insist)
        raise
    async with db.transaction() as tx:
        await shop.note_answer(tx, shop_id, error=None)
    return answer
