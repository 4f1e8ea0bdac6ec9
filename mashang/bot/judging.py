"""What agents say of the assistant's answers, over HTTP.

Does not: take over or call it back (`desk.moves`), or set it (`staff.assistant`).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from mashang.bot import turns
from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.conversations.entry import PublicId
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.staff import Agent

Number = Annotated[int, PathParameter(ge=1, le=2_000_000_000, description="number of the entry")]


class VerdictDraft(msgspec.Struct, forbid_unknown_fields=True):
    """Was it right?  `instead` is the article that would have been, by public id, where one is known."""

    verdict: Literal["helpful", "not_helpful", "corrected"]
    instead: PublicId | None = None


@put(
    "/conversations/{id:str}/assistant/{seq:int}/verdict",
    status_code=204,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid),
)
async def judge(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, seq: Number, data: JSONBody[VerdictDraft]
) -> None:
    """Say whether what the assistant answered or offered in this entry was right; again changes it."""
    async with db.transaction() as tx:
        found = await conversations.find(tx, id, access.visible_to(agent))
        if data.instead and not await tx.value(
            "select exists (select from article where public_id = %s)", (data.instead,)
        ):
            raise Invalid(field="instead", reason="unknown")
        if not await turns.correct(tx, agent, found.id, seq, data.verdict, instead=data.instead):
            raise NotFound


ROUTES = [judge]
