"""The ground itself: what the other tests take for granted."""

from __future__ import annotations

from datetime import timedelta

from mashang.kit import clock as product_clock
from mashang.kit.db import Database, Tx


async def test_each_committing_test_has_a_database_of_its_own(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from department") == 0
        await tx.run("insert into department (public_id, name) values ('x', 'x')")


async def test_and_sees_nothing_of_another(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.value("select count(*) from department") == 0
        await tx.run("insert into department (public_id, name) values ('x', 'x')")


async def test_the_clock_moves_for_the_program_and_the_database_alike(tx: Tx, clock) -> None:
    before, known = product_clock.now(), await tx.value("select app_now()")
    await clock.advance(timedelta(days=2))
    assert timedelta(days=2) <= product_clock.now() - before < timedelta(days=2, minutes=1)
    assert timedelta(days=2) <= await tx.value("select app_now()") - known < timedelta(days=2, minutes=1)


async def test_the_clock_moves_the_database_of_a_committing_test(database: Database, clock) -> None:
    await clock.advance(timedelta(hours=1))
    async with database.transaction() as tx:
        assert await tx.value("select ahead from clock_offset") == timedelta(hours=1)


async def test_statements_are_counted(tx: Tx, queries) -> None:
    queries.clear()
    await tx.value("select 1")
    assert queries.said == ["select 1"]
