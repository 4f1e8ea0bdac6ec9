"""A code that ends soon is told to its owner once, and to nobody else."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from mashang.codes import minting, reminders, renewal
from mashang.codes.minting import MintedCode
from mashang.codes.renewal import NotRenewable
from mashang.customers import Customer
from mashang.kit import clock as product_clock
from mashang.kit.db import Database, Tx
from tests import scene
from tests.codes.test_minting import DAY, SEALER, a_shop, an_account, an_order
from tests.conftest import Clock


class Shop:
    """A shop with one account that has a code, ending in thirty days."""

    def __init__(self, tx: Tx, shop_id: int, owner: Customer) -> None:
        self.tx, self.shop_id, self.owner = tx, shop_id, owner

    async def code(self, **changes: Any) -> MintedCode:
        draft = an_order(self.shop_id, **{"expires_at": product_clock.now() + 30 * DAY} | changes)
        return (await minting.mint(self.tx, SEALER, draft, "shop"))[0]

    async def due(self, who: Customer | None = None) -> list[str]:
        return [one.code for one in await reminders.due(self.tx, SEALER, who or self.owner)]

    async def told(self, *codes: MintedCode) -> None:
        await reminders.told(self.tx, self.owner, [one.public_id for one in codes], "web")


@pytest.fixture
async def shop(tx: Tx) -> Shop:
    shop_id = await a_shop(tx)
    return Shop(tx, shop_id, await an_account(tx, shop_id))


async def test_in_its_last_week_a_code_is_told_to_its_owner_and_to_nobody_else(shop: Shop, clock: Clock) -> None:
    code = await shop.code()
    other = await an_account(shop.tx, shop.shop_id, "c-2")
    site = await scene.sites.create(shop.tx, name="店", origins=[], shop_id=None, looks=scene.Looks())
    assert await shop.due() == []
    await clock.advance(24 * DAY)
    assert await shop.due() == [code.code]
    assert await shop.due(other) == await shop.due(await scene.a_visitor(shop.tx, site)) == []
    await clock.advance(7 * DAY)
    assert await shop.due() == []  # it has ended: its order says so


async def test_it_is_told_at_one_visit_and_not_at_the_next(shop: Shop, clock: Clock) -> None:
    code = await shop.code()
    await clock.advance(25 * DAY)
    await shop.told(code)
    await clock.advance(timedelta(minutes=59))
    assert await shop.due() == [code.code]  # a reload, another tab
    await clock.advance(timedelta(minutes=2))
    assert await shop.due() == []
    await renewal.renew(shop.tx, SEALER, code)
    await clock.advance(25 * DAY)
    assert await shop.due() == [code.code]  # the next end


async def test_who_wants_no_more_of_it_hears_of_no_later_end_either(shop: Shop, clock: Clock) -> None:
    code, other = await shop.code(), await shop.code(scene="mail")
    await clock.advance(25 * DAY)
    await reminders.declined(shop.tx, shop.owner, [code.public_id], "web")
    assert await shop.due() == [other.code]
    await renewal.renew(shop.tx, SEALER, code)
    await clock.advance(25 * DAY)
    assert await shop.due() == []


async def test_nothing_is_told_of_what_is_revoked_used_up_or_talked_about(shop: Shop, clock: Clock) -> None:
    revoked, _ = await shop.code(scene="a"), await shop.code(scene="b", uses_left=1)
    asked = await shop.code(scene="c", order_number="QN2")
    await clock.advance(25 * DAY)
    assert len(await shop.due()) == 3
    await minting.revoke(shop.tx, SEALER, revoked)
    await shop.tx.run("update minted_code set uses_left = 0 where scene = 'b'")
    assert await shop.due() == [asked.code]
    stage = scene.Scene(
        await scene.departments.create(shop.tx, None, scene.DepartmentDraft("售后")),
        None,  # type: ignore[arg-type]  # nobody answers here
        (await scene.sites.first(shop.tx)),
        shop.owner,
    )
    await stage.conversation(shop.tx, order_number="QN2")
    assert await shop.due() == []


async def test_a_code_of_one_day_is_not_told_from_its_first_hour(shop: Shop, clock: Clock) -> None:
    code = await shop.code(expires_at=product_clock.now() + DAY)
    await clock.advance(timedelta(hours=17))
    assert await shop.due() == []
    await clock.advance(timedelta(hours=2))
    assert await shop.due() == [code.code]


async def test_one_without_an_end_that_was_never_used_is_told_once(shop: Shop, clock: Clock) -> None:
    code, used = await shop.code(expires_at=None), await shop.code(expires_at=None, scene="mail")
    await minting.use(shop.tx, used)
    assert await shop.due() == []
    await clock.advance(reminders.UNUSED)
    assert await shop.due() == [code.code]
    await shop.told(code)
    await clock.advance(reminders.VISIT)
    assert await shop.due() == []


async def test_of_many_the_soonest_are_told_first_and_not_all(shop: Shop, clock: Clock) -> None:
    ends = product_clock.now() + 30 * DAY
    codes = [await shop.code(order_number=f"QN{n}", expires_at=ends - timedelta(hours=n)) for n in range(25)]
    await clock.advance(25 * DAY)
    assert await shop.due() == [one.code for one in reversed(codes[-reminders.MOST :])]


async def test_others_codes_cannot_be_declined_or_marked_as_told(shop: Shop, clock: Clock) -> None:
    code = await shop.code()
    await clock.advance(25 * DAY)
    stranger = await an_account(shop.tx, shop.shop_id, "c-2")
    await reminders.declined(shop.tx, stranger, [code.public_id], "web")
    await reminders.told(shop.tx, stranger, [code.public_id, "nothing"], "web")
    assert await shop.tx.value("select count(*) from code_reminder") == 0


async def test_of_two_that_tell_it_at_once_one_does(database: Database, clock: Clock) -> None:
    async with database.transaction() as tx:
        shop_id = await a_shop(tx)
        shop = Shop(tx, shop_id, await an_account(tx, shop_id))
        code = await shop.code()
    await clock.advance(25 * DAY)

    async def tell() -> None:
        async with database.transaction() as tx:
            await reminders.told(tx, shop.owner, [code.public_id], "web")

    await asyncio.gather(*(tell() for _ in range(5)))
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from code_reminder") == 1


# ── renewal ─────────────────────────────────────────────────────────────────


async def test_two_taps_at_once_renew_once(database: Database, clock: Clock) -> None:
    async with database.transaction() as tx:
        shop_id = await a_shop(tx)
        code = await Shop(tx, shop_id, await an_account(tx, shop_id)).code()
    await clock.advance(29 * DAY)

    async def tap() -> MintedCode:
        async with database.transaction() as tx:
            return await renewal.renew(tx, SEALER, code)

    ends = {one.expires_at for one in await asyncio.gather(*(tap() for _ in range(4)))}
    assert len(ends) == 1
    async with database.transaction() as tx:
        assert await tx.value("select renewals from minted_code") == 1


async def test_a_code_that_is_not_near_its_end_stays_as_it_is(shop: Shop) -> None:
    code = await shop.code()
    assert not renewal.may_be_renewed(code, product_clock.now())
    assert await renewal.renew(shop.tx, SEALER, code) == code


async def test_a_code_lives_a_year_however_often_it_is_renewed(shop: Shop, clock: Clock) -> None:
    code = born = await shop.code()
    for _ in range(14):
        await clock.advance(25 * DAY)
        code = await renewal.renew(shop.tx, SEALER, code)
    assert code.expires_at == born.minted_at + renewal.LONGEST
    assert await shop.due() == []  # nothing can be done about it
    await clock.advance(100 * DAY)
    with pytest.raises(NotRenewable) as refused:
        await renewal.renew(shop.tx, SEALER, code)
    assert refused.value.facts == {"reason": "oldest"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [("revoked_at = app_now()", "revoked"), ("uses_left = 0", "used_up"), ("expires_at = null", "endless")],
)
async def test_what_came_about_meanwhile_refuses_the_renewal(
    shop: Shop, clock: Clock, change: str, reason: str
) -> None:
    code = await shop.code()
    await clock.advance(29 * DAY)
    await shop.tx.run(f"update minted_code set {change}")
    with pytest.raises(NotRenewable) as refused:
        await renewal.renew(shop.tx, SEALER, code)
    assert refused.value.facts == {"reason": reason}


async def test_among_a_hundred_thousand_codes_an_owners_are_found_by_index(shop: Shop, clock: Clock) -> None:
    await shop.code()
    await shop.tx.run(
        """
        insert into minted_code (public_id, code_hash, sealed, shop_id, subject, order_number, minted_by, expires_at)
        select 'x' || n, ('\\x' || lpad(to_hex(n), 8, '0'))::bytea, '\\x00', %s, 'many-' || n / 3, 'M' || n, 'shop',
            app_now() + interval '3 days' from generate_series(1, 100000) n
        """,
        (shop.shop_id,),
    )
    await shop.tx.run("analyze minted_code")
    plan = await shop.tx.all(
        f"explain select m.id {reminders._DUE} order by m.expires_at, m.id limit 10", reminders._of(shop.owner)
    )
    told = "\n".join(row["QUERY PLAN"] for row in plan)
    assert "minted_code_of_subject" in told
    assert "Seq Scan on minted_code" not in told
