"""`mashang starter-knowledge`: adds the answers a shop for digital goods begins with; while the product runs or not.

Does not: hold them, or change what is there (`knowledge.starting`).
"""

from __future__ import annotations

import asyncio

from mashang.cli import terminal
from mashang.cli.installed import database
from mashang.codes import topics
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from mashang.knowledge import starting


def add(chosen: Settings) -> None:
    """Add what is missing, and tell how much that was."""
    with database(chosen) as dsn:
        added = asyncio.run(_load(dsn))
    if added:
        terminal.tell("cli_starter_added", articles=added)
    else:
        terminal.tell("cli_starter_nothing")


async def _load(dsn: str) -> int:
    db = await Database.connect(dsn, pool_size=2)
    try:
        async with db.transaction() as tx:
            return len(await starting.load(tx, None, (await topics.index(tx)).by_code))
    finally:
        await db.close()
