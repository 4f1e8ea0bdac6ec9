"""One round of questions to a shop, and to whoever else knows of its order: whom to ask, how they did.

A shop that was seen down is not asked.  How it did is kept, so that the next conversation need not find out again.

Does not: keep what was answered (`context`), or know the questions (`questions`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.kit.log import log
from mashang.shops import incidents, payments, providers, reach, shop, tracking
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed
from mashang.shops.providers import Provider
from mashang.shops.questions import CAPABILITIES, INCIDENTS, Ask, Failed, Found, OwnOrder, ask_all
from mashang.shops.reach import Reach


class Turn(msgspec.Struct, kw_only=True):
    """What is asked, and whom."""

    ask: Ask
    shop: Reach
    asked_at: datetime
    is_new: bool  # it was never asked what it can do, or not since it may be able to do more
    ships: bool  # it said that it tells of parcels
    tills: list[Provider]  # the payment providers it is connected with, where they are to be asked


async def prepared(tx: Tx, ask: Ask) -> Turn:
    """Everything that it takes to ask this."""
    row = await tx.one(
        f"select {reach.COLUMNS}, shop.capabilities is null or shop.capabilities ? 'ask_again' as is_new,"
        " coalesce((shop.capabilities->>'shipments')::boolean, false) as ships from shop where id = %s",
        (ask.shop_id,),
    )
    to = Reach(**{name: row[name] for name in Reach.__struct_fields__})
    return Turn(
        ask=ask,
        shop=to,
        asked_at=clock.now(),
        is_new=row["is_new"],
        ships=row["ships"],
        tills=await providers.of_shop(tx, to.shop_id, "payment") if "payment" in ask.parts else [],
    )


async def ask(turn: Turn, shops: Shops) -> tuple[Found, Failed]:
    """Everything at once; a shop that fails is a result."""
    parts = [part for part in turn.ask.parts if part != "payment" or turn.tills]
    if turn.shop.is_down:
        return {}, dict.fromkeys(parts, ShopFailed("left_alone"))
    try:
        connector = shops.connector(turn.shop)
    except ShopFailed as failure:
        return {}, dict.fromkeys(parts, failure)
    wanted = [*parts, CAPABILITIES] if turn.is_new else parts

    async def paid(order: OwnOrder, until: float) -> payments.Asked:
        return await payments.ask(shops.client, shops.sealer, turn.tills, order, until)

    return await ask_all(connector, turn.ask, wanted, ships=turn.ships, beside=paid)


async def note(tx: Tx, turn: Turn, found: Found, failed: Failed) -> None:
    """Keep how everybody did, and what the shop can do; of parcels stands in `found` what is known already.

    Rows of providers are locked before the shop's, by all who lock both.
    """
    if found.get("payment"):
        await payments.note(tx, found["payment"])
    capabilities = found.pop(CAPABILITIES, None)
    failed.pop(CAPABILITIES, None)
    if capabilities is not None:
        await shop.note_capabilities(tx, turn.shop.shop_id, capabilities)
    if INCIDENTS in found:
        await incidents.answered(tx, turn.shop.shop_id, found[INCIDENTS], turn.asked_at)
    if found.get("shipments"):
        found["shipments"] = await tracking.known(tx, turn.shop.shop_id, found["shipments"], clock.now())
    if turn.shop.is_down:
        return
    error = next(iter(failed.values()), None)
    if error:
        log.warning("shop_failed", shop=turn.shop.shop_id, parts=sorted(failed), reason=error.reason)
    if found or error is None:
        await shop.note_answer(tx, turn.shop.shop_id, error=error.reason if error else None)
    else:
        await shop.note_failure(tx, turn.shop.shop_id, error.reason, looks_down=error.looks_down)
