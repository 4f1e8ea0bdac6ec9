"""A shop connected to our rows, and conversations that ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from mashang import customers
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Opening
from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.kit.events import Events
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import context, looks, site
from mashang.shops.adapters import Shops
from mashang.shops.context import ContextAnswered, ParcelsTold
from mashang.shops.http import Keys
from mashang.shops.questions import PARTS
from mashang.shops.reach import SECRET_PURPOSE
from mashang.shops.site import ShopCustomer
from mashang.shops.snapshot import View
from tests import scene
from tests.scene import Scene
from tests.selling import DemoShop, RogueShop


class Counter:
    """A shop connected to our rows, and conversations that ask it."""

    def __init__(self, database: Database, shops: Shops, scene: Scene, shop_id: int) -> None:
        self.database, self.shops, self.scene, self.shop_id = database, shops, scene, shop_id
        self.heard: list[ContextAnswered] = []
        database.events = Events()
        database.events.react({ContextAnswered: [self.heard.append], ParcelsTold: [self._follow]})

    async def _follow(self, told: ParcelsTold) -> None:
        await context.follow(self.database, self.shops, told)

    async def begin(self, subject: str | None, order: str | None = None, parts: tuple[str, ...] = PARTS) -> int:
        """A conversation that begins to ask; its row number."""
        async with self.database.transaction() as tx:
            account = ShopCustomer(subject, "小林", "VIP") if subject else None
            who = await customers.recognise(tx, self.scene.site.id, self.shop_id, account, "zh-CN")
            opening = Opening(
                site_id=self.scene.site.id, customer_id=who.id, department_id=self.scene.department.id,
                opening_key=ids.public_id(), order_number=order,
            )  # fmt: skip
            begun, _ = await conversations.begin(tx, opening)
            await context.begin(tx, begun.id, who, order, parts)
        return begun.id

    async def ask(self, subject: str | None, order: str | None = None, parts: tuple[str, ...] = PARTS) -> View:
        """Begin and fetch."""
        conversation_id = await self.begin(subject, order, parts)
        await self.fetch(conversation_id)
        return await self.view(conversation_id)

    async def fetch(self, conversation_id: int) -> None:
        await context.fetch(self.database, self.shops, conversation_id)
        await self.database.events.settle()

    async def refresh(self, conversation_id: int) -> None:
        await context.refresh(self.database, self.shops, conversation_id)
        await self.database.events.settle()

    async def view(self, conversation_id: int) -> View:
        async with self.database.transaction() as tx:
            found = await context.view(tx, conversation_id)
        assert found
        return found

    async def shop(self) -> dict[str, Any]:
        async with self.database.transaction() as tx:
            return await tx.one("select * from shop where id = %s", (self.shop_id,))

    async def move(self, keys: Keys) -> None:
        async with self.database.transaction() as tx:
            await tx.run("update shop set base_url = %s where id = %s", (keys.base_url, self.shop_id))


async def connect(tx: Tx, settings: Settings, keys: Keys) -> tuple[Scene, int]:
    """A shop of these keys, and a site of it."""
    sealed = Sealer(settings.secret).seal(keys.secret.encode(), SECRET_PURPOSE)
    shop_id = await tx.value(
        "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
        " values ('s', '青柠', %s, %s, %s) returning id",
        (keys.base_url, keys.key_id, sealed),
    )
    built = await scene.build(tx)
    carried = await site.change(
        tx, built.site.public_id, name="小店", origins=[], shop_id=shop_id, looks=looks.Looks(), vip_tiers=()
    )
    return msgspec.structs.replace(built, site=carried), shop_id


@pytest.fixture
async def shops(settings: Settings) -> AsyncIterator[Shops]:
    made = Shops(settings, Sealer(settings.secret))
    yield made
    await made.close()


@pytest.fixture
async def counter(database: Database, settings: Settings, shops: Shops, demo_shop: DemoShop) -> Counter:
    """Connected to the demo shop."""
    async with database.transaction() as tx:
        built, shop_id = await connect(tx, settings, demo_shop.keys)
    return Counter(database, shops, built, shop_id)


@pytest.fixture
async def rogue_counter(database: Database, settings: Settings, shops: Shops, rogue: RogueShop) -> Counter:
    """Connected to a shop whose answers the test decides."""
    async with database.transaction() as tx:
        built, shop_id = await connect(tx, settings, rogue.keys)
        await tx.run("update shop set capabilities = '{}'")  # it was asked before
    return Counter(database, shops, built, shop_id)
