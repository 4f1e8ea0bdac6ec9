"""What was learned, over HTTP, for supervisors and operators."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from mashang.insights import gap_api, resolution, votes
from mashang.insights.resolution import Resolution
from mashang.insights.votes import Votes
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.staff import Agent
from mashang.staff.api import current_agent
from mashang.staff.permissions import require

Days = Annotated[Literal[7, 30, 90], QueryParameter(description="How many days, today included")]


@get("/assistant-figures", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def show_assistant_figures(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], days: Days = 30
) -> Resolution:
    """How much the assistant solved, and all that this number is made of."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        return await resolution.resolution(tx, days, locale_of(request))


@get("/knowledge/articles/{id:str}/votes", responses=refusals(NotSignedIn, NotFound))
async def show_article_votes(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],  # noqa: ARG001 — only the staff, as the article itself
    id: Id,
) -> Votes:
    """How an article does in the help centre."""
    async with db.transaction() as tx:
        return await votes.of(tx, id)


router = Router(
    "/desk",
    tags=["Desk"],
    security=[{"staff": []}],
    dependencies={"agent": Provide(current_agent)},
    route_handlers=[show_assistant_figures, show_article_votes, *gap_api.ROUTES],
)
