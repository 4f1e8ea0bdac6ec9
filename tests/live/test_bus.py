"""Notices reach the other processes, not their sender, and again after the connection broke."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mashang.kit.db import Database
from mashang.live.bus import Notice, PostgresBus


class Listener:
    """A process that keeps what it heard."""

    def __init__(self, database: Database, name: str) -> None:
        self.bus = PostgresBus(database, name)
        self.heard: asyncio.Queue[Notice] = asyncio.Queue()
        self.connected: asyncio.Queue[None] = asyncio.Queue()

    async def next(self) -> Notice:
        async with asyncio.timeout(10):
            return await self.heard.get()

    async def listens(self) -> None:
        """Until it listens, for the first time or again."""
        async with asyncio.timeout(10):
            await self.connected.get()


@asynccontextmanager
async def listening(database: Database, name: str) -> AsyncIterator[Listener]:
    listener = Listener(database, name)

    async def heard(notice: Notice) -> None:
        listener.heard.put_nowait(notice)

    async def reconnected() -> None:
        listener.connected.put_nowait(None)

    task = asyncio.ensure_future(listener.bus.run(heard, reconnected))
    await listener.listens()
    yield listener
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def say(database: Database, payload: str) -> None:
    async with database.transaction() as tx:
        await tx.run("select pg_notify('mashang', %s)", (payload,))


async def test_a_notice_reaches_the_other_process_and_not_its_sender(database: Database) -> None:
    async with listening(database, "one") as one, listening(database, "two") as two:
        one.bus.publish(Notice(changed=[7]))
        assert await two.next() == Notice(changed=[7])
        two.bus.publish(Notice(changed=[8]))
        assert await one.next() == Notice(changed=[8])


async def test_a_batch_of_the_group_commit_is_understood(database: Database) -> None:
    async with listening(database, "one") as one:
        await say(database, "two 7:3,8:12")
        assert await one.next() == Notice(entries=[(7, 3), (8, 12)])


async def test_notices_in_one_turn_travel_together_and_keep_their_order(database: Database) -> None:
    async with listening(database, "one") as one, listening(database, "two") as two:
        for number in range(50):
            one.bus.publish(Notice(changed=[number]))
        assert await two.next() == Notice(changed=list(range(50)))


async def test_a_broken_connection_is_opened_again(database: Database) -> None:
    async with listening(database, "one") as one:
        async with database.transaction() as tx:
            await tx.run(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen%%'
                """
            )
        await one.listens()
        await say(database, "two 7:3")
        assert await one.next() == Notice(entries=[(7, 3)])
