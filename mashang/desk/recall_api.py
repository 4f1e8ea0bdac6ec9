"""An agent takes back what they have just said, over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import PathParameter

from mashang.conversations import attachments, recalling
from mashang.conversations.entry import Author
from mashang.conversations.recalling import NotYourMessage, RecallTooLate
from mashang.desk import conversation, search_index
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import NotAllowed, NotFound, NotSignedIn
from mashang.kit.storage import Storage
from mashang.staff import Agent

Number = Annotated[int, PathParameter(ge=1, le=2_000_000_000, description="number of the entry")]


@post(
    "/conversations/{id:str}/entries/{seq:int}/recall",
    status_code=204,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, NotYourMessage, RecallTooLate),
)
async def recall(
    db: NamedDependency[Database], storage: NamedDependency[Storage], agent: NamedDependency[Agent], id: Id, seq: Number
) -> None:
    """Take back a message or note of one's own, at most two minutes after it was sent."""
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
        by = Author("agent", agent.public_id, agent.name)
        file = await recalling.recall(tx, found.id, seq, by, agent.id)
        await search_index.forget(tx, found.id, seq)
    if file:
        await attachments.erase(db, storage, file)


ROUTES = [recall]
