"""A code is minted once for what it stands for, and shown to nobody but its owner."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from mashang import customers
from mashang.codes import minted, minting, renewal
from mashang.codes.minting import Draft
from mashang.customers import Customer
from mashang.kit import clock as product_clock
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Invalid
from mashang.kit.sealing import Sealer
from mashang.shops.token import ShopCustomer
from tests import scene
from tests.conftest import Clock

SEALER = Sealer(bytes(32))
DAY = timedelta(days=1)


async def a_shop(tx: Tx) -> int:
    shop_id: int = await tx.value(
        "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
        " values ('shop', '店', 'https://shop.example', 'key', '\\x00') returning id"
    )
    return shop_id


async def an_account(tx: Tx, shop_id: int, subject: str = "c-1") -> Customer:
    site_id = await tx.value("select id from site limit 1") or (await scene.build(tx)).site.id
    return await customers.recognise(tx, site_id, shop_id, ShopCustomer(subject, "阿珍", ""), "zh-CN")


def body_of(code: str) -> str:
    return code.replace("-", "")[-12:]


def an_order(shop_id: int, **changes: Any) -> Draft:
    return structs.replace(Draft(shop_id=shop_id, subject="c-1", order_number="QN1", scene="order"), **changes)


async def test_a_page_drawn_twice_shows_one_code(tx: Tx) -> None:
    shop_id = await a_shop(tx)
    first, is_new = await minting.mint(tx, SEALER, an_order(shop_id), "shop")
    again, is_new_again = await minting.mint(tx, SEALER, an_order(shop_id), "customer")
    assert (first.code, is_new, is_new_again) == (again.code, True, False)
    assert minted.is_body(body_of(first.code))


async def test_another_scene_order_or_shop_has_a_code_of_its_own(tx: Tx) -> None:
    shop_id = await a_shop(tx)
    drafts = [an_order(shop_id), an_order(shop_id, scene="mail"), an_order(shop_id, order_number="QN2")]
    drafts.append(an_order(shop_id, order_number=None))
    codes = {(await minting.mint(tx, SEALER, draft, "shop"))[0].code for draft in drafts}
    assert len(codes) == len(drafts)


async def test_many_that_ask_at_once_get_the_same_code(database: Database) -> None:
    async with database.transaction() as tx:
        shop_id = await a_shop(tx)

    async def ask() -> str:
        async with database.transaction() as tx:
            return (await minting.mint(tx, SEALER, an_order(shop_id), "shop"))[0].code

    assert len(set(await asyncio.gather(*(ask() for _ in range(6))))) == 1


async def test_a_draw_that_meets_another_code_is_drawn_again(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    shop_id = await a_shop(tx)
    one, other = minted.draw(), minted.draw()
    drawn = iter((one, one, other))
    monkeypatch.setattr(minted, "draw", lambda: next(drawn))
    first, _ = await minting.mint(tx, SEALER, an_order(shop_id), "shop")
    second, is_new = await minting.mint(tx, SEALER, an_order(shop_id, order_number="QN2"), "shop")
    assert (body_of(first.code), body_of(second.code), is_new) == (one, other, True)


async def test_the_table_holds_no_code_in_the_clear(tx: Tx) -> None:
    made, _ = await minting.mint(tx, SEALER, an_order(await a_shop(tx)), "shop")
    row = str(await tx.value("select to_jsonb(m)::text from minted_code m"))
    assert body_of(made.code) not in row
    assert body_of(made.code).encode().hex() not in row


async def test_asking_again_moves_the_end_out_and_never_in(tx: Tx) -> None:
    shop_id, now = await a_shop(tx), product_clock.now()
    await minting.mint(tx, SEALER, an_order(shop_id, expires_at=now + 2 * DAY), "shop")
    sooner, _ = await minting.mint(tx, SEALER, an_order(shop_id, expires_at=now + DAY), "shop")
    later, _ = await minting.mint(tx, SEALER, an_order(shop_id, expires_at=now + 3 * DAY), "shop")
    assert (sooner.expires_at, later.expires_at) == (now + 2 * DAY, now + 3 * DAY)


async def test_an_expired_code_gives_way_to_a_new_one(tx: Tx, clock: Clock) -> None:
    shop_id = await a_shop(tx)
    draft = an_order(shop_id, expires_at=product_clock.now() + DAY)
    first, _ = await minting.mint(tx, SEALER, draft, "shop")
    await clock.advance(2 * DAY)
    second, is_new = await minting.mint(tx, SEALER, an_order(shop_id), "shop")
    assert is_new
    assert second.code != first.code
    assert (await minting.by_id(tx, SEALER, first.id)).state == "revoked"


async def test_an_order_that_changed_hands_gets_a_new_code(tx: Tx) -> None:
    shop_id = await a_shop(tx)
    first, _ = await minting.mint(tx, SEALER, an_order(shop_id), "shop")
    second, is_new = await minting.mint(tx, SEALER, an_order(shop_id, subject="c-2"), "shop")
    assert is_new
    assert await minting.owned(tx, SEALER, body_of(first.code), await an_account(tx, shop_id, "c-1"))  # revoked, hers
    assert not await minting.owned(tx, SEALER, body_of(second.code), await an_account(tx, shop_id, "c-1"))


async def test_only_its_proved_owner_finds_a_code(tx: Tx) -> None:
    shop_id = await a_shop(tx)
    made, _ = await minting.mint(tx, SEALER, an_order(shop_id), "shop")
    owner, other = await an_account(tx, shop_id), await an_account(tx, shop_id, "c-2")
    visitor = await customers.recognise(tx, owner.site_id, shop_id, None, "zh-CN")
    assert await minting.owned(tx, SEALER, body_of(made.code), owner) == made
    assert await minting.owned(tx, SEALER, body_of(made.code), other) is None
    assert await minting.owned(tx, SEALER, body_of(made.code), visitor) is None
    assert [one.code for one in await minting.of_order(tx, SEALER, owner, "QN1")] == [made.code]
    assert await minting.of_order(tx, SEALER, other, "QN1") == []


async def test_an_account_of_another_shop_with_the_same_name_is_somebody_else(tx: Tx) -> None:
    shop_id = await a_shop(tx)
    made, _ = await minting.mint(tx, SEALER, an_order(shop_id), "shop")
    elsewhere: int = await tx.value(
        "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
        " values ('other', '店', 'https://other.example', 'key2', '\\x00') returning id"
    )
    assert await minting.owned(tx, SEALER, body_of(made.code), await an_account(tx, elsewhere)) is None


async def test_a_campaign_code_is_anybodys_who_is_proved_and_counts_its_uses(tx: Tx) -> None:
    draft = Draft(campaign="双十一", uses_left=1)
    made, _ = await minting.mint(tx, SEALER, draft, "operator")
    other, is_new = await minting.mint(tx, SEALER, draft, "operator")
    assert is_new
    found = await minting.owned(tx, SEALER, body_of(made.code), await an_account(tx, await a_shop(tx)))
    assert found is not None
    assert await minting.use(tx, found)
    assert not await minting.use(tx, found)
    assert (await minting.by_id(tx, SEALER, made.id)).state == "used_up"
    assert [one.id for one in await minting.of_campaigns(tx, SEALER, limit=10)] == [other.id, made.id]


async def test_a_revoked_code_stays_revoked_and_a_renewed_one_lives_on(tx: Tx, clock: Clock) -> None:
    shop_id = await a_shop(tx)
    until = product_clock.now() + DAY
    made, _ = await minting.mint(tx, SEALER, an_order(shop_id, expires_at=until), "shop")
    await clock.advance(2 * DAY)
    assert (await minting.by_id(tx, SEALER, made.id)).state == "expired"
    renewed = await renewal.renew(tx, SEALER, await minting.by_id(tx, SEALER, made.id))
    assert renewed.state == "live"
    assert (await minting.revoke(tx, SEALER, renewed)).state == "revoked"


@pytest.mark.parametrize("changes", [{"expires_at": "past"}, {"uses_left": 0}])
async def test_a_code_that_could_never_be_used_is_not_minted(tx: Tx, changes: dict[str, object]) -> None:
    if "expires_at" in changes:
        changes = {"expires_at": product_clock.now() - DAY}
    with pytest.raises(Invalid):
        await minting.mint(tx, SEALER, an_order(await a_shop(tx), **changes), "shop")


async def test_the_codes_of_an_order_are_found_by_its_number_whatever_the_server_knows_of_indexes(tx: Tx) -> None:
    definition = await tx.value("select pg_get_indexdef('minted_code_of_order'::regclass)")
    assert "(order_number, " in definition
