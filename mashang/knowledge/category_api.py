"""Categories of articles over HTTP."""

from __future__ import annotations

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.knowledge import categories, reading
from mashang.knowledge.categories import CategoryDraft, CategoryInUse, CategoryTaken
from mashang.knowledge.reading import Category
from mashang.staff import Agent
from mashang.staff.permissions import require


@get("/categories", responses=refusals(NotSignedIn))
async def list_article_categories(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],  # noqa: ARG001 — only the staff
) -> list[Category]:
    """The shelves in their order."""
    async with db.transaction() as tx:
        return await reading.categories(tx)


@post("/categories", responses=refusals(NotSignedIn, NotAllowed, CategoryTaken, Invalid))
async def create_article_category(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[CategoryDraft]
) -> Category:
    """Make a category."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        return await categories.create(tx, agent, data)


@put("/categories/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, CategoryTaken, Invalid))
async def edit_article_category(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[CategoryDraft]
) -> Category:
    """Rename or move a category."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        return await categories.edit(tx, agent, id, data)


@delete("/categories/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, CategoryInUse))
async def archive_article_category(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take an empty category away."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        await categories.archive(tx, agent, id)


ROUTES = [list_article_categories, create_article_category, edit_article_category, archive_article_category]
