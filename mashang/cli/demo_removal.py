"""`mashang remove-demo`: the demo goes, one's own stays; while the product runs or not.

Names what goes and asks, unless told `--yes`.

Does not: decide what is the demo's (`desk.demo_removal`).
"""

from __future__ import annotations

import asyncio

import typer

from mashang.cli import terminal
from mashang.cli.installed import database
from mashang.desk import demo_removal
from mashang.desk.demo_removal import DemoPersonServes, Going, NoDemo, OnlyDemoOperators
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage
from mashang.kit.trouble import Trouble


def remove_demo(chosen: Settings, *, yes: bool) -> None:
    """Tell what goes, ask, and take it away.  Raises Trouble."""
    with database(chosen) as dsn:
        _tell(asyncio.run(_with(dsn, chosen, remove=False)))
        if not (yes or typer.confirm(terminal.say("cli_demo_sure"))):
            return
        asyncio.run(_with(dsn, chosen, remove=True))
    demo_removal.clear(chosen.home)
    terminal.tell("cli_demo_removed")


async def _with(dsn: str, chosen: Settings, *, remove: bool) -> Going:
    db = await Database.connect(dsn, pool_size=2)
    gone: list[str] = []
    try:
        async with db.transaction() as tx:
            going = await demo_removal.going(tx, chosen.home)
            if remove:
                gone = await demo_removal.remove(tx, None, chosen.home)
        for key in gone:
            await Storage(chosen.files).delete(key)
    except (NoDemo, OnlyDemoOperators, DemoPersonServes) as refusal:
        raise Trouble(refusal.code, **refusal.facts) from refusal
    finally:
        await db.close()
    return going


def _tell(going: Going) -> None:
    comma = terminal.say("cli_comma")
    terminal.tell(
        "cli_demo_going",
        people=comma.join(going.people),
        departments=comma.join(going.departments) or "–",
        topics=comma.join(going.topics) or "–",
        conversations=going.conversations,
    )
