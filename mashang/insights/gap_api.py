"""What the knowledge lacks, over HTTP: everybody who works here sees it, editors decide."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang.bot import proposing
from mashang.bot.model import Model
from mashang.insights import gaps
from mashang.insights.gaps import Filled, Filling, GapDecided, Gaps, NothingAdded
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.knowledge.article import ArticleTooLong, Text
from mashang.staff import Agent
from mashang.staff.permissions import require


@get("/knowledge/gaps", responses=refusals(NotSignedIn, NotAllowed))
async def list_gaps(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Gaps:
    """Questions that were not answered, or wrongly, like ones together, and when they were gathered."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        return await gaps.gathered(tx)


@post(
    "/knowledge/gaps/{id:str}/fill",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, GapDecided, NothingAdded, ArticleTooLong, Invalid),
)
async def fill_gap(
    *,
    db: NamedDependency[Database],
    model: NamedDependency[Model],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[Filling],
) -> Filled:
    """Make a gap's questions phrasings of an article, or of a new draft made of what the agents answered."""
    require(agent, "knowledge.edit")
    text = await _proposed(db, model, id, data)
    async with db.transaction() as tx:
        return await gaps.fill(tx, agent, id, data, text)


async def _proposed(db: Database, model: Model, gap: str, filling: Filling) -> Text | None:
    """The draft in a model's words, where there is one that may and says nothing the agents did not."""
    if filling.article or not await model.may("propose"):
        return None
    async with db.transaction() as tx:
        questions, answers, locale = await gaps.told(tx, gap, filling.words)
    made = await proposing.article(model, questions, answers, locale) if answers else None
    return Text(made.title, made.body) if made else None


@post(
    "/knowledge/gaps/{id:str}/dismiss",
    status_code=204,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, GapDecided),
)
async def dismiss_gap(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Say that a gap is nothing for the knowledge."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        await gaps.dismiss(tx, agent, id)


ROUTES = [list_gaps, fill_gap, dismiss_gap]
