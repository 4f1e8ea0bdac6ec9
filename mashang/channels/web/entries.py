"""Pages of a timeline, messages said over HTTP when the socket cannot carry them, and taking back one's own."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from mashang import intake
from mashang.channels.web import door, socket
from mashang.conversations import attachments, reading, recalling, writer
from mashang.conversations.entry import LONGEST_TEXT, Author, Choice, ClientId, EntryView, PublicId, view
from mashang.conversations.recalling import NotYourMessage, RecallTooLate
from mashang.conversations.writer import Writer
from mashang.customers import Session
from mashang.customers.blocks import CustomerBlocked
from mashang.intake import Inbound
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.sealing import Sealer
from mashang.kit.storage import Storage
from mashang.live.frames import AckFrame

Number = Annotated[int, PathParameter(ge=1, le=2_000_000_000, description="number of the entry")]


class NewMessage(msgspec.Struct, forbid_unknown_fields=True):
    """A message, when the socket cannot carry it; `choice`: the button of the assistant whose words it is."""

    client_id: ClientId
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    file: PublicId | None = None
    choice: Choice | None = None


class TimelinePage(msgspec.Struct):
    """Entries, oldest first; `more` says that there are others in the direction asked."""

    entries: list[EntryView]
    more: bool


@get("/conversations/{id:str}/entries", responses=refusals(NotSignedIn, NotFound, Invalid))
async def list_entries(
    db: NamedDependency[Database],
    session: NamedDependency[Session],
    id: Id,
    *,
    after: Annotated[int | None, QueryParameter(ge=0, le=2_000_000_000)] = None,
    before: Annotated[int | None, QueryParameter(ge=0, le=2_000_000_000)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=reading.LARGEST_PAGE)] = 50,
) -> TimelinePage:
    """A page of the timeline: behind `after`, or in front of `before` (default: the last ones)."""
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        entries, more = await reading.page(tx, found.id, "everyone", behind=after, front=before, limit=limit)
    return TimelinePage([view(entry, "everyone") for entry in entries], more)


@post(
    "/conversations/{id:str}/entries",
    responses=refusals(
        NotSignedIn,
        CustomerBlocked,
        NotFound,
        writer.ConversationClosed,
        writer.DifferentMessage,
        writer.NotStored,
        TooMany,
        Invalid,
    ),
)
async def post_entry(
    db: NamedDependency[Database],
    writer: NamedDependency[Writer],
    sealer: NamedDependency[Sealer],
    *,
    customer_door: NamedDependency[socket.CustomerDoor],
    session: NamedDependency[Session],
    id: Id,
    data: JSONBody[NewMessage],
) -> AckFrame:
    """Say something, as the socket's `send` does."""
    customer_door.messages.take(str(session.customer.id))
    if not data.text.strip() and not data.file and not data.choice:
        raise Invalid(field="text", reason="empty")
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        file = (
            await attachments.for_posting(tx, data.file, found.id, "customer", session.customer.id)
            if data.file
            else None
        )
    posted = await intake.receive(
        db,
        writer,
        sealer,
        found.id,
        Inbound(
            customer=session.customer,
            site_id=session.site_id,
            key=data.client_id,
            text=data.text,
            file=file,
            choice=data.choice,
        ),
    )
    return socket.ack(data.client_id, posted, data.text)


@post(
    "/conversations/{id:str}/entries/{seq:int}/recall",
    status_code=204,
    responses=refusals(NotSignedIn, NotFound, NotYourMessage, RecallTooLate),
)
async def recall_entry(
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    session: NamedDependency[Session],
    id: Id,
    seq: Number,
) -> None:
    """Take back a message of one's own, at most two minutes after it was sent; nobody reads it any more."""
    who = session.customer
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        by = Author("customer", who.public_id, who.name or None)
        file = await recalling.recall(tx, found.id, seq, by, who.id, also=who.family)
    if file:
        await attachments.erase(db, storage, file)
