"""A writer that runs as in the product, and a scene to write in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from mashang.conversations.events import EntriesPosted
from mashang.conversations.writer import Writer
from mashang.kit.db import Database
from tests import scene
from tests.scene import Scene


@pytest.fixture
async def stage(database: Database) -> Scene:
    async with database.transaction() as tx:
        return await scene.build(tx)


@pytest.fixture
async def writer(database: Database) -> AsyncIterator[Writer]:
    writer = Writer(database, "test")
    running = asyncio.ensure_future(writer.run())
    yield writer
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def announced(database: Database) -> list[EntriesPosted]:
    """Every batch that was announced, in order."""
    heard: list[EntriesPosted] = []
    database.events.react({EntriesPosted: [heard.append]})
    return heard
