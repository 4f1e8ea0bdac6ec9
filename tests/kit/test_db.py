"""What the pool's own waiting does not promise."""

from __future__ import annotations

import asyncio

import pytest

from mashang.kit.db import Database


@pytest.mark.parametrize("turns", range(4))
async def test_a_cancellation_that_comes_with_the_connection_is_not_lost(database: Database, turns: int) -> None:
    small = await Database.connect(database.dsn, pool_size=2)
    given_back, never, waits = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with small.transaction():
            await given_back.wait()

    async def want() -> None:
        waits.set()
        async with small.transaction():
            await never.wait()

    holders = [asyncio.create_task(hold()) for _ in range(2)]
    while small._pool.get_stats()["pool_available"]:  # noqa: ASYNC110 — the pool tells nobody
        await asyncio.sleep(0)
    wanting = asyncio.create_task(want())
    await waits.wait()
    while not small._pool.get_stats()["requests_waiting"]:  # noqa: ASYNC110 — the pool tells nobody
        await asyncio.sleep(0)
    given_back.set()
    while small._pool.get_stats()["requests_waiting"]:  # noqa: ASYNC110 — the pool tells nobody
        await asyncio.sleep(0)
    for _ in range(turns):
        await asyncio.sleep(0)
    wanting.cancel()
    await asyncio.wait([wanting], timeout=10)
    assert wanting.cancelled()
    await asyncio.gather(*holders)
    await small.close()


@pytest.mark.parametrize("turns", range(8))
async def test_a_cancellation_that_comes_with_a_connection_beside_the_pool_is_not_lost(
    database: Database, turns: int
) -> None:
    never = asyncio.Event()

    async def want() -> None:
        async with database.connection():
            await never.wait()

    wanting = asyncio.create_task(want())
    for _ in range(turns):
        await asyncio.sleep(0)
    wanting.cancel()
    await asyncio.wait([wanting], timeout=10)
    assert wanting.cancelled()
