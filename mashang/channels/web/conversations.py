"""A customer's conversations over HTTP: listed, opened, shown, closed, reopened, read."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import codes, intake, routing
from mashang.channels.web import door, views
from mashang.channels.web.door import Line
from mashang.channels.web.views import CustomerConversation
from mashang.codes import Ambiguous
from mashang.codes.counting import Counts
from mashang.codes.redemption import SCENE, Medium, Way
from mashang.conversations import reading
from mashang.conversations.conversation import TooManyOpen
from mashang.conversations.entry import LONGEST_TEXT, ClientId
from mashang.customers import Session, blocks
from mashang.customers.blocks import CustomerBlocked
from mashang.intake import Inbound
from mashang.kit import clock
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.sealing import Sealer
from mashang.routing.judging import AlreadyClosed, AlreadyOpen, NotWaiting

_openings_here = Limiter(1, 200)  # by address: visitors are made as fast as they are asked for


class Page(msgspec.Struct, forbid_unknown_fields=True):
    """The page of the shop that the customer is looking at."""

    url: Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    title: Line = ""


class NewConversation(msgspec.Struct, forbid_unknown_fields=True):
    """Begin a consultation; the same `opening_key` again is the same one.

    `entrance` is the assistant, a code or a person; without the assistant, or without knowledge, it is a person.
    `medium` and `scene` say how a code came that was neither typed nor tapped among the topics, and where.
    """

    opening_key: ClientId
    entrance: intake.Entrance = "person"
    code: Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*$")] | None = None
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    medium: Medium | None = None
    scene: Annotated[str, Meta(pattern=SCENE)] = ""
    order_number: Line | None = None
    page: Page = msgspec.field(default_factory=Page)


@get("/conversations", responses=refusals(NotSignedIn))
async def list_conversations(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session]
) -> list[CustomerConversation]:
    """One's open conversations and the last closed ones, newest first."""
    async with db.transaction() as tx:
        return await views.of_customer(tx, session.customer, locale_of(request), closed=20)


@post(
    "/conversations",
    responses=refusals(
        NotSignedIn,
        CustomerBlocked,
        intake.CodeUnknown,
        intake.CodeExpired,
        intake.NoDepartment,
        TooManyOpen,
        TooMany,
        Invalid,
    ),
)
async def open_conversation(
    request: Asking,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    *,
    counts: NamedDependency[Counts],
    session: NamedDependency[Session],
    data: JSONBody[NewConversation],
) -> CustomerConversation:
    """Begin a consultation: with the assistant, or with a place in the queue."""
    door.openings.take(str(session.customer.id))
    _openings_here.take(door.address_of(request))
    if session.beside_a_block and not session.customer.proved:
        raise CustomerBlocked
    locale = locale_of(request)
    inbound = Inbound(
        customer=session.customer,
        site_id=session.site_id,
        key=data.opening_key,
        text=data.text,
        code=data.code,
        way=Way(data.medium, data.scene),
        order_number=data.order_number,
        page_url=data.page.url,
        page_title=data.page.title,
        locale=locale,
        entrance=data.entrance,
    )
    try:
        opened = await intake.begin(db, sealer, inbound)
    except (intake.CodeExpired, intake.CodeUnknown):
        async with db.transaction() as tx:
            await counts.refused(tx, data.code or "")
        raise
    async with db.transaction() as tx:
        if data.text:
            asked = (await codes.index(tx)).match(data.text, clock.now())
            if isinstance(asked, Ambiguous):
                counts.settled(asked, opened.topic_code)
        return await views.one(tx, opened.id, locale)


@get("/conversations/{id:str}", responses=refusals(NotSignedIn, NotFound))
async def show_conversation(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """One conversation."""
    async with db.transaction() as tx:
        return await views.one(tx, (await door.find(tx, session, id)).id, locale_of(request))


@post("/conversations/{id:str}/close", status_code=200, responses=refusals(NotSignedIn, NotFound, AlreadyClosed))
async def close(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """End the consultation, or leave the queue: within five minutes the place is one's own again."""
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        await routing.close(tx, session.customer, found.id)
        return await views.one(tx, found.id, locale_of(request))


@post("/conversations/{id:str}/person", status_code=200, responses=refusals(NotSignedIn, NotFound, AlreadyClosed))
async def ask_for_a_person(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """From the assistant to a person, with the place of one's arrival; again changes nothing."""
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        await routing.ask_for_a_person(tx, session.customer, found.id)
        return await views.one(tx, found.id, locale_of(request))


@post(
    "/conversations/{id:str}/leave-message",
    status_code=200,
    responses=refusals(NotSignedIn, NotFound, AlreadyClosed, NotWaiting),
)
async def leave_message(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """Wait no longer: what was written is answered here in its turn, behind those who wait."""
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        await routing.leave_message(tx, session.customer, found.id)
        return await views.one(tx, found.id, locale_of(request))


@post(
    "/conversations/{id:str}/come-back",
    status_code=200,
    responses=refusals(NotSignedIn, NotFound, AlreadyClosed, NotWaiting),
)
async def come_back(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """Wait here again after leaving a message, at the place of one's arrival."""
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        await routing.come_back(tx, session.customer, found.id)
        return await views.one(tx, found.id, locale_of(request))


@post(
    "/conversations/{id:str}/reopen",
    status_code=200,
    responses=refusals(NotSignedIn, CustomerBlocked, NotFound, AlreadyOpen, TooManyOpen, TooMany),
)
async def reopen(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """Go on with a closed consultation."""
    blocks.demand_welcome(session.customer)
    door.openings.take(str(session.customer.id))
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
        await routing.reopen(tx, session.customer, found.id)
        return await views.one(tx, found.id, locale_of(request))


@put("/conversations/{id:str}/read", status_code=204, responses=refusals(NotSignedIn, NotFound, Invalid))
async def mark_read(
    db: NamedDependency[Database], session: NamedDependency[Session], id: Id, data: JSONBody[reading.Seen]
) -> None:
    """Everything up to `seq` was on the screen."""
    async with db.transaction() as tx:
        await reading.mark_read(tx, await door.find(tx, session, id), "customer", data.seq)
