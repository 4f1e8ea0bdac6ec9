"""One question to a shop, outside any snapshot: with the breaker that keeps a shop that is down left alone.

Does not: hold a transaction open while the shop thinks, or gather a context (`context`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import msgspec

from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.kit.sealing import Unreadable
from mashang.shops import shop
from mashang.shops.connector import Connector, ShopFailed
from mashang.shops.http import Shops

T = TypeVar("T")
DOWN_FOR = timedelta(seconds=30)


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
        connector = shops.connector(reach.base_url, reach.key_id, reach.secret_sealed)
    except Unreadable:
        raise ShopFailed("secret_unreadable") from None
    try:
        answer = await question(connector)
    except ShopFailed as failure:
        log.warning("shop_failed", shop=shop_id, reason=failure.reason)
        if failure.looks_down:
            async with db.transaction() as tx:
                await shop.note_down(tx, shop_id, error=failure.reason, seconds=DOWN_FOR.total_seconds())
        raise
    async with db.transaction() as tx:
        await shop.note_answer(tx, shop_id, error=None)
    return answer
