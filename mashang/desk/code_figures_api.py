"""What the codes achieve, over HTTP, for supervisors and operators."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from mashang.desk import code_figures
from mashang.desk.code_figures import CodeDetail, Figures
from mashang.desk.code_figures_export import of_figures
from mashang.desk.export import EXPORTS, as_file
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from mashang.staff import Agent, audit
from mashang.staff.permissions import require

Days = Annotated[Literal[7, 30, 90], QueryParameter(description="How many days, today included")]


@get("/code-figures", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def show_code_figures(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], days: Days = 30
) -> Figures:
    """Every code's numbers, and conversations with a code beside those without."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        return await code_figures.figures(tx, days, locale_of(request))


@get("/code-figures/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def show_code_detail(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, days: Days = 30
) -> CodeDetail:
    """What stands behind one code's numbers; `id` is its topic's."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        return await code_figures.detail(tx, id, days)


@post("/code-figures/export", status_code=200, responses=refusals(NotSignedIn, NotAllowed, TooMany, Invalid))
async def export_code_figures(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], days: Days = 30
) -> Stream:
    """The page's two tables as CSV."""
    require(agent, "conversations.export")
    require(agent, "codes.read")
    EXPORTS.take(str(agent.id))
    locale = locale_of(request)
    async with db.transaction() as tx:
        found = await code_figures.figures(tx, days, locale)
        await audit.record(tx, agent, "topic.figures_exported", "topics", after={"days": days})
    return as_file(of_figures(found, locale), "code-figures")


ROUTES = [show_code_figures, show_code_detail, export_code_figures]
