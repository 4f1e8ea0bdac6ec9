"""Being named in a note: whom one can name, what names oneself, and having seen it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from litestar import get, put
from litestar.di import NamedDependency

from mashang.conversations import mentioning
from mashang.conversations.naming import Named
from mashang.desk import conversation
from mashang.desk.lists import label
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import NotAllowed, NotFound, NotSignedIn
from mashang.staff import Agent


class MentionView(msgspec.Struct):
    """A note that names the reader; `customer` is what to call who it is about."""

    conversation: str
    customer: str
    seq: int
    at: datetime
    by: str
    text: str
    seen: bool


@get("/mentions", responses=refusals(NotSignedIn))
async def list_mentions(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent]
) -> list[MentionView]:
    """What names oneself in conversations one may see, the newest first, fifty at most."""
    locale = locale_of(request)
    async with db.transaction() as tx:
        found = await mentioning.of(tx, agent)
    return [
        MentionView(
            one.conversation,
            label(one.customer, one.customer_name, locale),
            one.seq,
            one.at,
            one.by,
            one.text,
            one.seen,
        )
        for one in found
    ]


@put("/conversations/{id:str}/mentions/seen", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def see_mentions(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """What names oneself in this conversation was on the screen."""
    async with db.transaction() as tx:
        await mentioning.seen(tx, agent, (await conversation.find(tx, agent, id)).id)


@get("/conversations/{id:str}/colleagues", responses=refusals(NotSignedIn, NotFound))
async def list_colleagues(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> list[Named]:
    """Who can be named in a note of this conversation."""
    async with db.transaction() as tx:
        return await mentioning.colleagues(tx, (await conversation.find(tx, agent, id)).id, agent)


ROUTES = [list_mentions, see_mentions, list_colleagues]
