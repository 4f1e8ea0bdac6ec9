"""What a stranger's code costs and asks is the same for every code; a proved owner's is compared."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mashang import customers, intake
from mashang.codes import claims, minted, minting, topics
from mashang.codes.minting import Draft
from mashang.codes.topics import TopicDraft
from mashang.conversations.conversation import Conversation
from mashang.customers import Customer
from mashang.intake import Inbound
from mashang.kit import clock as product_clock
from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.sealing import Sealer
from mashang.shops.token import ShopCustomer
from tests import scene
from tests.conftest import Queries
from tests.scene import Scene

SEALER = Sealer(bytes(32))


class Stall:
    """A site with the topic CZ, a shop, and codes of every kind."""

    def __init__(self, database: Database, stage: Scene, shop_id: int, codes: dict[str, str]) -> None:
        self.database, self.stage, self.shop_id, self.codes = database, stage, shop_id, codes

    async def customer(self, subject: str | None = None) -> Customer:
        async with self.database.transaction() as tx:
            account = ShopCustomer(subject, "阿珍", "") if subject else None
            return await customers.recognise(tx, self.stage.site.id, self.shop_id, account, "zh-CN")

    async def open(self, who: Customer, text: str) -> Conversation:
        inbound = Inbound(customer=who, site_id=self.stage.site.id, key=ids.public_id(), text=text)
        return await intake.begin(self.database, SEALER, inbound)


@pytest.fixture
async def stall(database: Database) -> Stall:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        await topics.create(tx, None, TopicDraft(code="CZ", name="充值", department=stage.department.public_id), {})
        shop_id = await tx.value(
            "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
            " values ('shop', '店', 'https://shop.example', 'key', '\\x00') returning id"
        )
        await tx.run("update site set shop_id = %s", (shop_id,))
        codes = {}
        for what, subject in (("good", "c-1"), ("expired", "c-1"), ("revoked", "c-1"), ("another's", "c-2")):
            draft = Draft(
                shop_id=shop_id, subject=subject, order_number=f"QN-{what}"[:8], topic_id=1, scene=what[:3],
                expires_at=product_clock.now() + timedelta(days=1),
            )  # fmt: skip
            codes[what] = (await minting.mint(tx, SEALER, draft, "shop"))[0].code
        await tx.run("update minted_code set expires_at = app_now() where scene = 'exp'")
        await tx.run("update minted_code set revoked_at = app_now() where scene = 'rev'")
        codes["invented"] = minted.written(minted.draw(), "CZ")
    return Stall(database, stage, shop_id, codes)


async def test_a_strangers_answers_come_from_the_same_statements_and_never_ask_for_the_code(
    stall: Stall, queries: Queries
) -> None:
    await stall.open(await stall.customer(), "CZ")  # what a process asks once, it has asked
    said: dict[str, list[str]] = {}
    for what, code in stall.codes.items():
        who = await stall.customer()
        queries.clear()
        async with stall.database.transaction() as tx:
            found = await claims.minted_in(tx, code)
            assert found
            await claims.topic_of(tx, found, await claims.own(tx, SEALER, who, found))
        await stall.open(who, f"你好，{code}")
        said[what] = queries.said.copy()
    assert len({"\n".join(one) for one in said.values()}) == 1
    assert not any("from minted_code" in one or "update minted_code" in one for one in said["good"])


async def test_somebody_elses_and_nobodys_code_ask_the_same_of_who_is_proved(stall: Stall, queries: Queries) -> None:
    await stall.open(await stall.customer("c-1"), "CZ")
    said = {}
    for what in ("another's", "invented"):
        who = await stall.customer("c-1")
        queries.clear()
        await stall.open(who, stall.codes[what])
        said[what] = queries.said.copy()
    assert said["another's"] == said["invented"]
    assert any("from minted_code" in one for one in said["invented"])


async def test_only_the_owners_good_code_is_verified_and_counts_a_use(stall: Stall) -> None:
    for code in stall.codes.values():
        await stall.open(await stall.customer(), code)
        await stall.open(await stall.customer("c-1"), code)
    async with stall.database.transaction() as tx:
        verified = await tx.all(
            "select m.scene, m.uses from code_claim c join minted_code m on m.id = c.minted_code_id"
        )
        assert verified == [{"scene": "goo", "uses": 1}]
        assert await tx.value("select sum(uses) from minted_code") == 1


async def test_a_claim_is_verified_when_its_owner_is_proved_later(stall: Stall) -> None:
    visitor = await stall.customer()
    opened = await stall.open(visitor, stall.codes["good"])
    async with stall.database.transaction() as tx:
        owner = await customers.recognise(tx, stall.stage.site.id, stall.shop_id, ShopCustomer("c-1", "", ""), "zh-CN")
        (claim,) = await claims.of_conversation(tx, SEALER, opened.id)
        assert claim.verified_at is None
        (verified,) = await claims.verify(tx, SEALER, opened.id, owner)
        (claim,) = await claims.of_conversation(tx, SEALER, opened.id)
        assert (claim.code, claim.minted_code_id) == (stall.codes["good"], verified.id)
        assert await claims.verify(tx, SEALER, opened.id, owner) == []


async def test_two_who_compare_at_once_count_one_use(stall: Stall) -> None:
    opened = await stall.open(await stall.customer(), stall.codes["good"])
    owner = await stall.customer("c-1")

    async def compare() -> int:
        async with stall.database.transaction() as tx:
            return len(await claims.verify(tx, SEALER, opened.id, owner))

    async with stall.database.transaction() as tx:
        assert len(await claims.verify(tx, SEALER, opened.id, owner)) == 1
        second = asyncio.ensure_future(compare())
        while not await tx.value("select exists (select from pg_locks where not granted)"):
            pass
    assert await second == 0
    async with stall.database.transaction() as tx:
        assert await tx.value("select sum(uses) from minted_code") == 1
