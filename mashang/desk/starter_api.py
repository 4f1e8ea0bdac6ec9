"""The starter knowledge over HTTP: one press for whoever edits the knowledge of a new installation.

Does not: hold it (`knowledge.starting`); it stands here because only the desk knows both the knowledge and the codes.
"""

from __future__ import annotations

import msgspec
from litestar import post
from litestar.di import NamedDependency

from mashang.codes import topics
from mashang.kit.db import Database
from mashang.kit.edge import refusals
from mashang.kit.errors import NotAllowed, NotSignedIn
from mashang.knowledge import starting
from mashang.staff import Agent
from mashang.staff.permissions import require


class Begun(msgspec.Struct):
    """How many articles were added."""

    articles: int


@post("/knowledge/starter", status_code=200, responses=refusals(NotSignedIn, NotAllowed))
async def begin_knowledge(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Begun:
    """Add the starter articles that are missing, published; what is there already stays as it is."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        added = await starting.load(tx, agent, (await topics.index(tx)).by_code)
    return Begun(len(added))


ROUTES = [begin_knowledge]
