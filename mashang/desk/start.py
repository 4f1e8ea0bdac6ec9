"""The first-run guide: what is still to do until a widget works on one's own page.

    a department → people in it → codes → knowledge, read at /help → the assistant, on
    → a site with its origin → the snippet in the page, seen

Nothing is ticked off: a step is done when the rows say so, and undone when they no longer do.  The last one is the
proof: a page of a registered origin asked for the widget, which a browser does by itself.

Does not: do a step; each has its page.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import msgspec
from litestar import get
from litestar.di import NamedDependency

from mashang.kit.db import Database
from mashang.kit.edge import Asking, own_origin, refusals
from mashang.kit.errors import NotAllowed, NotSignedIn
from mashang.kit.settings import Settings
from mashang.knowledge.reading import VALID
from mashang.shops.site import snippet
from mashang.staff import Agent
from mashang.staff.permissions import require

StepName = Literal["departments", "people", "topics", "knowledge", "assistant", "sites", "seen"]


class Step(msgspec.Struct, frozen=True):
    """One step; `count` is of what there is."""

    name: StepName
    done: bool
    count: int


class Seen(msgspec.Struct, frozen=True):
    """The page that asked for a widget last."""

    origin: str
    at: datetime
    site: str


class Start(msgspec.Struct, frozen=True):
    """The steps in their order; the newest site's snippet; where a widget was seen last, and where we believe to be."""

    steps: list[Step]
    snippet: str | None
    seen: Seen | None
    address: str


_COUNTS = f"""
    select (select count(*) from department where archived_at is null) as departments,
        (select count(distinct a.id) from agent a join membership m on m.agent_id = a.id
            where a.archived_at is null and a.capacity > 0) as people,
        (select count(*) from topic where archived_at is null) as topics,
        (select count(*) from site where archived_at is null and origins <> '{{}}') as sites,
        (select count(*) from article a where {VALID}) as knowledge,
        (select count(*) from assistant where is_on) as assistant,
        (select count(*) from site where archived_at is null and seen_at is not null) as seen
"""


@get("/start", responses=refusals(NotSignedIn, NotAllowed))
async def show_start(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
) -> Start:
    """How far the installation is set up."""
    require(agent, "sites.read")
    address = own_origin(request, settings)
    async with db.transaction() as tx:
        counts = await tx.one(_COUNTS)
        newest = await tx.value(
            "select public_id from site where archived_at is null and origins <> '{}' order by id desc limit 1"
        )
        seen = await tx.first(
            """
            select seen_origin as origin, seen_at as at, name as site from site
            where archived_at is null and seen_at is not null order by seen_at desc limit 1
            """,
            into=Seen,
        )
    steps = [Step(name, counts[name] > 0, counts[name]) for name in get_args(StepName)]
    return Start(steps, snippet(newest, address) if newest else None, seen, address)
