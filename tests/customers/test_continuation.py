"""Going on in another browser."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mashang import customers
from mashang.customers import Session, continuation
from mashang.customers.continuation import LASTS, LinkExpired, LinkUsed
from mashang.customers.sessions import CustomerSessionEnded
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound, NotSignedIn
from mashang.shops.site import ShopCustomer
from tests import scene


async def _begun(tx: Tx, *, account: bool = False) -> tuple[str, Session]:
    built = await scene.build(tx)
    who = built.customer
    if account:
        shop_id = await tx.value(
            "insert into shop (public_id, name, base_url, key_id, secret_sealed) values ('s', 's', '', '', '')"
            " returning id"
        )
        who = await customers.recognise(tx, built.site.id, shop_id, ShopCustomer("1", "阿珍", ""), "zh-CN")
    secret = await customers.begin(tx, who, built.site.id)
    return secret, await customers.resume(tx, secret)


async def test_whoever_follows_the_link_is_the_same_customer_with_a_session_of_their_own(tx: Tx) -> None:
    first, session = await _begun(tx)
    offered = await continuation.offer(tx, session)
    assert (await continuation.look(tx, offered.secret)).customer == session.customer
    second, found = await continuation.take(tx, offered.secret)
    assert second != first
    assert found.customer == session.customer
    assert (await customers.resume(tx, second)).customer == session.customer
    assert await customers.resume(tx, first) == session


async def test_a_link_is_good_once_and_for_ten_minutes_and_only_the_newest(tx: Tx, clock) -> None:
    _, session = await _begun(tx)
    old, new = await continuation.offer(tx, session), await continuation.offer(tx, session)
    for verb in (continuation.look, continuation.take):
        with pytest.raises(LinkExpired):
            await verb(tx, old.secret)
        with pytest.raises(LinkExpired):
            await verb(tx, "no such secret, but long enough")
    await continuation.take(tx, new.secret)
    for verb in (continuation.look, continuation.take):
        with pytest.raises(LinkUsed):
            await verb(tx, new.secret)
    late = await continuation.offer(tx, session)
    await clock.advance(LASTS)
    with pytest.raises(LinkExpired):
        await continuation.take(tx, late.secret)


async def test_of_two_who_follow_it_at_one_moment_one_goes_on(database: Database) -> None:
    async with database.transaction() as tx:
        _, session = await _begun(tx)
        offered = await continuation.offer(tx, session)

    async def take() -> bool:
        try:
            async with database.transaction() as tx:
                await continuation.take(tx, offered.secret)
        except LinkUsed:
            return False
        return True

    assert sorted(await asyncio.gather(take(), take(), take())) == [False, False, True]


async def test_the_first_page_ends_what_was_continued_and_what_was_continued_from_that(database: Database) -> None:
    ended: list[bytes] = []
    database.events.react({CustomerSessionEnded: [lambda event: ended.append(event.token_hash)]})
    async with database.transaction() as tx:
        first, session = await _begun(tx)
        second, _ = await continuation.take(tx, (await continuation.offer(tx, session)).secret)
        child = await customers.resume(tx, second)
        third, _ = await continuation.take(tx, (await continuation.offer(tx, child)).secret)
        (shown,) = await continuation.continued(tx, session)
        with pytest.raises(NotFound):
            await continuation.end(tx, child, shown.id)
        await continuation.end(tx, session, shown.id)
        assert await continuation.continued(tx, session) == []
        for gone in (second, third):
            with pytest.raises(NotSignedIn):
                await customers.resume(tx, gone)
        assert await customers.resume(tx, first) == session
    assert len(ended) == 2


async def test_who_signs_out_signs_out_everywhere_and_the_link_is_over_too(tx: Tx) -> None:
    _, session = await _begun(tx)
    second, _ = await continuation.take(tx, (await continuation.offer(tx, session)).secret)
    offered = await continuation.offer(tx, session)
    await customers.end(tx, session)
    with pytest.raises(NotSignedIn):
        await customers.resume(tx, second)
    with pytest.raises(LinkExpired):
        await continuation.take(tx, offered.secret)


async def test_an_accounts_session_is_not_prolonged_by_going_on(tx: Tx, clock) -> None:
    _, session = await _begun(tx, account=True)
    await clock.advance(timedelta(hours=3))
    second, _ = await continuation.take(tx, (await continuation.offer(tx, session)).secret)
    assert (await customers.resume(tx, second)).expires_at == session.expires_at
