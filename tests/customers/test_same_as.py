"""A visitor is joined to an account with consent, nobody's rows are rewritten, and it can be undone."""

from __future__ import annotations

import asyncio

import pytest

from mashang import customers
from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.customers import Customer, customer, same_as
from mashang.customers.same_as import NotProvedToBe
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound
from mashang.shops.token import ShopCustomer
from tests import scene
from tests.scene import Scene


class People:
    """A visitor and an account, each with a conversation."""

    def __init__(self, tx: Tx, stage: Scene, account: Customer) -> None:
        self.tx, self.stage, self.account_id, self.visitor_id = tx, stage, account.id, stage.customer.id

    async def visitor(self) -> Customer:
        return await customer.by_id(self.tx, self.visitor_id)

    async def account(self) -> Customer:
        return await customer.by_id(self.tx, self.account_id)

    async def sees(self, who: Customer) -> set[str]:
        """Whose conversations this customer sees."""
        condition, params = access.belonging_to(who)
        rows = await self.tx.all(f"select c.opening_key from conversation c where {condition}", params)
        return {row["opening_key"] for row in rows}


@pytest.fixture
async def people(tx: Tx) -> People:
    stage = await scene.build(tx)
    account = await customers.recognise(tx, stage.site.id, None, ShopCustomer("c-1", "阿珍", "VIP"), "zh-CN")
    for who, key in ((stage.customer, "visitor"), (account, "account")):
        await stage.conversation(tx, customer_id=who.id, opening_key=key)
    return People(tx, stage, account)


async def prove(people: People) -> None:
    """A one-time code proved the visitor to be the account."""
    await people.tx.run(
        """insert into shop (public_id, name, base_url, key_id, secret_sealed)
           values ('s', '店', 'https://shop.example', 'k', '\\x00')"""
    )
    await people.tx.run(
        """insert into proof (customer_id, shop_id, subject, method, account_id, expires_at)
           select %s, id, 'c-1', 'one_time_code', %s, app_now() + interval '1 hour' from shop""",
        (people.visitor_id, people.account_id),
    )


async def test_nothing_is_joined_without_a_word_of_the_customer(people: People) -> None:
    assert await people.sees(await people.account()) == {"account"}
    assert await people.sees(await people.visitor()) == {"visitor"}
    assert not same_as.may_join(await people.visitor())
    await prove(people)
    assert same_as.may_join(await people.visitor())


async def test_the_account_sees_both_and_the_visitors_session_gains_nothing(people: People) -> None:
    before = await people.tx.all("select to_jsonb(c) as row from conversation c order by id")
    await same_as.join(people.tx, await people.visitor(), await people.account())
    assert await people.sees(await people.account()) == {"account", "visitor"}
    assert await people.sees(await people.visitor()) == {"visitor"}
    assert not (await people.visitor()).proved
    assert await people.tx.all("select to_jsonb(c) as row from conversation c order by id") == before


async def test_a_visitor_that_proved_itself_sees_both_while_the_proof_lasts(people: People) -> None:
    await prove(people)
    assert await people.sees(await people.visitor()) == {"visitor"}
    joined = await same_as.join(people.tx, await people.visitor(), await people.visitor())
    assert not same_as.may_join(joined)
    assert await people.sees(await people.visitor()) == {"account", "visitor"}
    await people.tx.run("update proof set ended_at = app_now()")
    assert await people.sees(await people.visitor()) == {"visitor"}


async def test_undoing_it_leaves_everything_as_it_was(people: People) -> None:
    await same_as.join(people.tx, await people.visitor(), await people.account())
    (joined,) = await same_as.joined_to(people.tx, await people.account())
    await same_as.part(people.tx, await people.account(), joined.id)
    assert await people.sees(await people.account()) == {"account"}
    assert await same_as.joined_to(people.tx, await people.account()) == []
    await same_as.join(people.tx, await people.visitor(), await people.account())
    assert await people.sees(await people.account()) == {"account", "visitor"}


async def test_somebody_else_can_neither_join_nor_part(people: People) -> None:
    other = await scene.a_visitor(people.tx, people.stage.site)
    with pytest.raises(NotProvedToBe):
        await same_as.join(people.tx, await people.visitor(), other)
    with pytest.raises(NotProvedToBe):
        await same_as.join(people.tx, await people.account(), await people.account())
    await same_as.join(people.tx, await people.visitor(), await people.account())
    with pytest.raises(NotFound):
        await same_as.part(people.tx, other, (await people.visitor()).public_id)


async def test_an_account_finds_the_conversation_of_its_visitor_and_others_do_not(people: People) -> None:
    await same_as.join(people.tx, await people.visitor(), await people.account())
    theirs = await conversations.opened_as(people.tx, people.visitor_id, "visitor")
    assert await conversations.find(people.tx, theirs.public_id, access.belonging_to(await people.account()))
    other = await scene.a_visitor(people.tx, people.stage.site)
    with pytest.raises(NotFound):
        await conversations.find(people.tx, theirs.public_id, access.belonging_to(other))


async def test_of_two_accounts_that_say_it_is_them_at_once_the_later_has_the_visitor(database: Database) -> None:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        first, second = [
            await customers.recognise(tx, stage.site.id, None, ShopCustomer(name, name, ""), "zh-CN")
            for name in ("c-1", "c-2")
        ]

    async def says_so() -> None:
        async with database.transaction() as other:
            await same_as.join(other, stage.customer, second)

    async with database.transaction() as tx:
        await same_as.join(tx, stage.customer, first)
        later = asyncio.create_task(says_so())
        while not await tx.value("select exists (select from pg_locks where not granted)"):
            pass
    await later
    async with database.transaction() as tx:
        assert await tx.value("select account_id from same_as where undone_at is null") == second.id
