"""What an agent does with a conversation, over HTTP: accept, decline, take, hand on, give
back, close, reopen, leave.

Each finds what the agent may see, calls one verb of `routing`, and answers with the conversation
as it stands afterwards, which may be the last the agent sees of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import routing
from mashang.codes import declared
from mashang.conversations.entry import PublicId
from mashang.desk import conversation
from mashang.desk.conversation import Conversation
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.text import undirected
from mashang.routing.handing_over import AssistantOff
from mashang.routing.judging import (
    AgentNotAvailable,
    AlreadyClosed,
    AlreadyOpen,
    AlreadyTaken,
    AtCapacity,
    NotOffered,
    NotYours,
    OfferExpired,
)
from mashang.routing.moving import Target
from mashang.routing.snoozing import NotServed
from mashang.staff import Agent, agents, departments, presence


class Transfer(msgspec.Struct, forbid_unknown_fields=True):
    """To a department, a tier (of it), or to one person; the note is for whoever takes over."""

    department: PublicId | None = None
    agent: PublicId | None = None
    tier: Annotated[int, Meta(ge=1, le=3)] | None = None
    note: Annotated[str, Meta(max_length=2000)] = ""


class Snooze(msgspec.Struct, forbid_unknown_fields=True):
    """Until when; null: until the customer writes, which brings it back in any case."""

    until: Annotated[datetime, Meta(tz=True)] | None = None


class Left(msgspec.Struct):
    """How many conversations went back into the queue."""

    returned: int


_MOVES = (NotSignedIn, NotAllowed, NotFound, NotYours, AlreadyClosed, AgentNotAvailable)
_OFFERS = (NotOffered, OfferExpired, AlreadyTaken)


@post("/conversations/{id:str}/accept", status_code=200, responses=refusals(*_MOVES, *_OFFERS))
async def accept(request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> Conversation:
    """Take what is offered to oneself."""
    async with db.transaction() as tx:
        await routing.accept(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/conversations/{id:str}/decline", status_code=200, responses=refusals(*_MOVES, *_OFFERS))
async def decline(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> Conversation:
    """Let somebody else have what is offered to oneself; the customer keeps the place."""
    async with db.transaction() as tx:
        await routing.decline(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/conversations/{id:str}/take", status_code=200, responses=refusals(*_MOVES, AlreadyTaken, AtCapacity))
async def take(request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> Conversation:
    """Serve somebody who waits, without an offer; a supervisor takes over from a colleague."""
    async with db.transaction() as tx:
        await routing.take(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post(
    "/conversations/{id:str}/transfer",
    status_code=200,
    responses=refusals(*_MOVES, Invalid),
)
async def transfer(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[Transfer]
) -> Conversation:
    """Give it to a department, a tier or one person; the customer keeps the place and the context."""
    rules = await declared.rules(db)
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
        target = Target(
            department_id=await _row(tx, "department", data.department),
            agent_id=await _row(tx, "agent", data.agent),
            tier=data.tier,
        )
        await routing.transfer(tx, agent, found.id, target, note=undirected(data.note), rules=rules)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/conversations/{id:str}/return", status_code=200, responses=refusals(*_MOVES))
async def give_back(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> Conversation:
    """Put it back into the queue, at the customer's old place."""
    async with db.transaction() as tx:
        await routing.return_to_queue(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


async def _row(tx: Tx, field: Literal["department", "agent"], public_id: str | None) -> int | None:
    """The row number behind a public id of the directory; raises Invalid."""
    if public_id is None:
        return None
    find = departments.find if field == "department" else agents.find
    try:
        return (await find(tx, public_id)).id
    except NotFound:
        raise Invalid(field=field, reason="unknown") from None


@post("/conversations/{id:str}/assistant", status_code=200, responses=refusals(*_MOVES, AssistantOff))
async def call_assistant(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> Conversation:
    """Give whom one serves to the assistant."""
    async with db.transaction() as tx:
        await routing.call_assistant(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/conversations/{id:str}/close", status_code=200, responses=refusals(*_MOVES))
async def close(request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> Conversation:
    """The matter is settled."""
    async with db.transaction() as tx:
        await routing.close(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/conversations/{id:str}/reopen", status_code=200, responses=refusals(*_MOVES, AlreadyOpen, AtCapacity))
async def reopen(request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> Conversation:
    """It was not settled after all: whoever reopens it serves it."""
    async with db.transaction() as tx:
        await routing.reopen(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/conversations/{id:str}/snooze", status_code=200, responses=refusals(*_MOVES, NotServed, Invalid))
async def snooze(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[Snooze]
) -> Conversation:
    """Put it aside until then, or until the customer writes."""
    async with db.transaction() as tx:
        await routing.snooze(tx, agent, (await conversation.find(tx, agent, id)).id, data.until)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/conversations/{id:str}/wake", status_code=200, responses=refusals(*_MOVES))
async def wake(request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> Conversation:
    """Go on with what was put aside."""
    async with db.transaction() as tx:
        await routing.wake(tx, agent, (await conversation.find(tx, agent, id)).id)
        return await conversation.as_left(tx, agent, id, locale_of(request))


@post("/leave", status_code=200, responses=refusals(NotSignedIn, NotAllowed))
async def leave(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Left:
    """Go off duty: nothing new, and everybody one serves goes back to their old place."""
    async with db.transaction() as tx:
        await presence.set_availability(tx, agent, "away")
        await routing.leave_all(tx, agent)
        return Left(await routing.return_all(tx, agent))


ROUTES = [accept, decline, take, transfer, give_back, call_assistant, close, reopen, snooze, wake, leave]
