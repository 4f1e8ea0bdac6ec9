"""Phrasings over HTTP: editors add them, everybody else proposes."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import delete, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.knowledge import wording
from mashang.knowledge.article import ArticleArchived, PublicId
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.wording import Added, Phrasing, TooManyProposed
from mashang.staff import Agent
from mashang.staff.permissions import permitted, require

MOST_LINES = 500


class OtherArticle(msgspec.Struct, forbid_unknown_fields=True):
    """The article it shall ask for, by public id."""

    article: PublicId


class PhrasingLines(msgspec.Struct, forbid_unknown_fields=True):
    """Phrasings to add, one a line as they were pasted."""

    locale: Locale
    lines: Annotated[
        list[Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")]], Meta(min_length=1, max_length=MOST_LINES)
    ]


@post(
    "/articles/{id:str}/phrasings", status_code=200, responses=refusals(NotSignedIn, NotFound, Invalid, TooManyProposed)
)
async def add_phrasings(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[PhrasingLines]
) -> Added:
    """Add what is new of these lines; from somebody who does not edit the knowledge they are proposals."""
    source: wording.Source = "written" if permitted(agent, "knowledge.edit") else "proposed"
    async with db.transaction() as tx:
        return await wording.add(tx, agent, id, data.locale, data.lines, source=source)


@post(
    "/articles/{id:str}/phrasings/{phrasing:str}/accept",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound),
)
async def accept_phrasing(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, phrasing: Id
) -> Phrasing:
    """Let a proposal count."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        return await wording.accept(tx, agent, id, phrasing)


@post(
    "/articles/{id:str}/phrasings/{phrasing:str}/move",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, ArticleArchived, Invalid),
)
async def move_phrasing(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    id: Id,
    phrasing: Id,
    data: JSONBody[OtherArticle],
) -> Phrasing:
    """Let it ask for another article."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        return await wording.move(tx, agent, id, phrasing, data.article)


@delete("/articles/{id:str}/phrasings/{phrasing:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def remove_phrasing(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, phrasing: Id) -> None:
    """Take a phrasing out, or decline a proposal."""
    require(agent, "knowledge.edit")
    async with db.transaction() as tx:
        if not await wording.remove(tx, agent, id, [phrasing]):
            raise NotFound


ROUTES = [add_phrasings, accept_phrasing, move_phrasing, remove_phrasing]
