"""What a shop was asked to do is told where it was pressed, and nobody who writes there at that moment is stopped."""

from __future__ import annotations

import asyncio

from mashang.conversations import acted, timeline
from mashang.kit.db import Database, Tx
from mashang.kit.sealing import Sealer
from mashang.shops import actions, shop
from mashang.shops.acting import ActionRefused
from mashang.shops.actions import Presser, Wanted
from mashang.shops.shop import ShopDraft
from tests.scene import Scene


async def press(tx: Tx, stage: Scene, shop_id: int, number: str, conversation_id: int) -> None:
    """Somebody pressed there, and the shop said no."""
    by = Presser(subject="c-1", side="agent", agent_id=stage.agent.id, conversation_id=conversation_id)
    wanted = Wanted(shop_id=shop_id, order_number=number, line="l1", action="resend", round=1)
    await actions.answered(tx, (await actions.write(tx, wanted, by)).id, ActionRefused(reason="not_paid"))


async def test_presses_are_told_while_somebody_writes_in_the_same_conversations(
    database: Database, stage: Scene
) -> None:
    async with database.transaction() as tx:
        made, _ = await shop.create(tx, Sealer(b"k" * 32), ShopDraft("店", "https://shop.example/c"))
        first, second = await stage.conversation(tx), await stage.conversation(tx)
        for number, talk in (("QN1", second), ("QN2", first)):
            await press(tx, stage, made.id, number, talk.id)

    async def telling() -> int:
        async with database.transaction() as tx:
            return await acted.tell(tx)

    async with database.transaction() as tx:
        await timeline.append(tx, timeline.event(first.id, "noted"))
        told = asyncio.ensure_future(telling())
        while not await tx.value("select exists (select from pg_stat_activity where wait_event_type = 'Lock')"):
            pass
        await timeline.append(tx, timeline.event(second.id, "noted"))
    assert await told == 2
