"""What colleagues do beside whoever serves: join, leave, whisper, and set somebody away; over HTTP.

A whisper is a note that names whoever serves.  It is stored like any note, so it never reaches the customer, and
waits for whoever it names until they have looked (`conversations.mentioning`).
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import routing
from mashang.conversations import writer
from mashang.conversations.entry import LONGEST_TEXT, ClientId
from mashang.conversations.writer import Writer
from mashang.desk import conversation, reply
from mashang.desk.conversation import Conversation
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.live.frames import AckFrame
from mashang.routing.joining import NobodyElseServes, demand_served_by_another
from mashang.routing.judging import AlreadyClosed
from mashang.staff import Agent, agents, audit, presence
from mashang.staff.permissions import require

_JOINS = (NotSignedIn, NotAllowed, NotFound, AlreadyClosed)


class Whisper(msgspec.Struct, forbid_unknown_fields=True):
    """What only the one who serves needs to know now."""

    client_id: ClientId
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)]


@post("/conversations/{id:str}/join", status_code=200, responses=refusals(*_JOINS, NobodyElseServes))
async def join(request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> Conversation:
    """Write beside whoever serves; the customer is told who came."""
    async with db.transaction() as tx:
        await routing.join(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/conversations/{id:str}/leave", status_code=200, responses=refusals(*_JOINS))
async def leave(request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> Conversation:
    """Leave it to whoever serves; the customer is told who left."""
    async with db.transaction() as tx:
        await routing.leave(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post(
    "/conversations/{id:str}/whisper",
    responses=refusals(*_JOINS, NobodyElseServes, writer.DifferentMessage, writer.NotStored, Invalid),
)
async def whisper(
    db: NamedDependency[Database],
    writer: NamedDependency[Writer],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[Whisper],
) -> AckFrame:
    """A note for whoever serves, which rings at their desk; never for the customer."""
    require(agent, "conversations.whisper")
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
        demand_served_by_another(agent, found)
        serving = await tx.value("select public_id from agent where id = %s", (found.agent_id,))
    return await reply.post(
        db,
        writer,
        agent,
        found.id,
        client_id=data.client_id,
        text=data.text,
        file=None,
        audience="staff",
        mentions=[serving],
    )


@post("/board/people/{id:str}/away", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def set_away(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """No new customers for somebody until they come back by their own word; they read who did it.

    What is on offer to them goes to others, what they serve stays theirs.
    """
    require(agent, "people.set_away")
    async with db.transaction() as tx:
        somebody = await agents.lock(tx, id)
        if await presence.set_away(tx, somebody.id, "supervisor", agent):
            said = ({"availability": "available"}, {"availability": "away"})
            await audit.record(tx, agent, "agent.set_away", somebody.public_id, before=said[0], after=said[1])


ROUTES = [join, leave, whisper, set_away]
