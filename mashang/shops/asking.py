"""One question to a shop, outside any snapshot: with the breaker that keeps a shop that is down left alone.

Does not: hold a transaction open while the shop thinks, or gather a context (`context`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.shops import shop
from mashang.shops.connector import Connector, ShopFailed
from mashang.shops.http import Shops

T = TypeVar("T")


class _Reach(msgspec.Struct, frozen=True):
    """Where a shop is, and whether it was seen down."""

    base_url: str
    key_id: str
    secret_sealed: bytes
    is_down: bool


async def ask(db: Database, shops: Shops, shop_id: int, question: Callable[[Connector], Awaitable[T]]) -> T:
    """The shop's answer; raises ShopFailed, at once (`left_alone`) while the shop was seen down."""
    async with db.transaction() as tx:
        reach = await tx.one(
            "select base_url, key_id, secret_sealed, coalesce(down_until > app_now(), false) as is_down"
            " from shop where id = %s",
            (shop_id,),
            into=_Reach,
        )
    if reach.is_down:
        raise ShopFailed("left_alone")
    try:
        answer = await question(shops.connector(reach.base_url, reach.key_id, reach.secret_sealed))
    except ShopFailed as failure:
        log.warning("shop_failed", shop=shop_id, reason=failure.reason)
        if failure.reason != "too_many":  # a limit it keeps, as agreed
            async with db.transaction() as tx:
                await shop.note_failure(tx, shop_id, failure.reason, looks_down=failure.looks_down)
        raise
    async with db.transaction() as tx:
        await shop.note_answer(tx, shop_id, error=None)
    return answer
