"""The demo over HTTP, for operators: what would go, and taking it away while the product runs.

Does not: decide what is the demo's (`demo_removal`); stop the demo shop (the next start does not begin it).
"""

from __future__ import annotations

import asyncio

from litestar import delete, get
from litestar.di import NamedDependency

from mashang.desk import demo_removal
from mashang.desk.demo_removal import DemoPersonServes, Going, NoDemo, OnlyDemoOperators
from mashang.kit.db import Database
from mashang.kit.edge import refusals
from mashang.kit.errors import NotAllowed, NotSignedIn
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage
from mashang.staff import Agent
from mashang.staff.permissions import require


@get("/demo", responses=refusals(NotSignedIn, NotAllowed))
async def show_demo(
    db: NamedDependency[Database], settings: NamedDependency[Settings], agent: NamedDependency[Agent]
) -> Going | None:
    """What would go with the demo; null where there is none."""
    require(agent, "demo.remove")
    async with db.transaction() as tx:
        try:
            return await demo_removal.going(tx, settings.home)
        except NoDemo:
            return None


@delete(
    "/demo",
    status_code=204,
    responses=refusals(NotSignedIn, NotAllowed, NoDemo, OnlyDemoOperators, DemoPersonServes),
)
async def remove_demo(
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    agent: NamedDependency[Agent],
) -> None:
    """Take the demo away, with all that was said in it; one's own stays."""
    require(agent, "demo.remove")
    async with db.transaction() as tx:
        gone = await demo_removal.remove(tx, agent, settings.home)
    for key in gone:
        await storage.delete(key)
    await asyncio.to_thread(demo_removal.clear, settings.home)


ROUTES = [show_demo, remove_demo]
