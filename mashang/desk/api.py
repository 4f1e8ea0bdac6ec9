"""The desk over HTTP: lists, conversations, their entries, files and context.

Who serves a conversation changes in `moves`.  Every look-up starts from `access.visible_to`:
missing and hidden are the same 404.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Router, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, MultipartBody, QueryParameter
from msgspec import Meta

from mashang.codes import declared
from mashang.conversations import attachments, mentioning, reading, writer
from mashang.conversations.attachments import UPLOAD_REFUSALS
from mashang.conversations.entry import LONGEST_TEXT, Audience, ClientId, EntryView, PublicId, view
from mashang.conversations.writer import Writer
from mashang.desk import (
    archiving,
    articles_api,
    board_api,
    cards_api,
    code_figures_api,
    context_view,
    conversation,
    customer_api,
    demo_api,
    directory,
    ending_api,
    identity_api,
    incidents_api,
    lists,
    macros_api,
    mentions_api,
    merge_api,
    moves,
    orders_api,
    phrasing_api,
    recall_api,
    replies_api,
    reply,
    search,
    start,
    starter_api,
    supervising,
    trace,
    views_api,
)
from mashang.desk.archiving import AgentInUse, DepartmentInUse
from mashang.desk.context_view import ContextView
from mashang.desk.conversation import Conversation
from mashang.desk.filters import Filters
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooLarge, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.pictures import Pictures
from mashang.kit.sealing import Sealer
from mashang.kit.storage import Storage
from mashang.kit.text import storable
from mashang.live.frames import AckFrame
from mashang.shops import context
from mashang.shops.adapters import Shops
from mashang.staff import Agent
from mashang.staff.agents import LastOperator
from mashang.staff.api import current_agent
from mashang.staff.permissions import require

Number = Annotated[int | None, QueryParameter(ge=0, le=2_000_000_000)]
_uploads = Limiter(2, 40)  # by agent
_searches = Limiter(5, 30)  # by agent: one a word typed
_refreshes = Limiter(0.2, 5)  # by conversation: the shop is somebody else's server


class StaffEntries(msgspec.Struct):
    """Entries, oldest first; `prev` is the number before the first, `more`: others follow in the direction asked."""

    entries: list[EntryView]
    prev: int
    more: bool


class StaffMessage(msgspec.Struct, forbid_unknown_fields=True):
    """A reply to the customer, or with audience 'staff' a note for colleagues."""

    client_id: ClientId
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    file: PublicId | None = None
    audience: Audience = "everyone"
    mentions: Annotated[list[PublicId], Meta(max_length=mentioning.MOST)] = []


# ── lists ───────────────────────────────────────────────────────────────────


@get("/counters", responses=refusals(NotSignedIn))
async def show_counters(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> lists.Counters:
    """What is open among what one may see, and what is on offer to oneself."""
    async with db.transaction() as tx:
        return await lists.counters(tx, agent)


@get("/conversations", responses=refusals(NotSignedIn, Invalid))
async def list_conversations(
    request: Asking,
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    *,
    name: Annotated[lists.List, QueryParameter(name="list")] = "all",
    cursor: Annotated[str | None, QueryParameter(max_length=60)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    department: Annotated[str | None, QueryParameter(max_length=32, pattern="^[A-Za-z0-9]+$")] = None,
    topic: Annotated[str | None, QueryParameter(max_length=8, pattern="^[A-Z0-9]{2,8}$")] = None,
    no_code: Annotated[bool, QueryParameter()] = False,
    tier: Annotated[str | None, QueryParameter(min_length=1, max_length=20, pattern=r"^[^\x00]*$")] = None,
    minutes: Annotated[int | None, QueryParameter(ge=1, le=10_000)] = None,
    incident: Annotated[str | None, QueryParameter(max_length=32, pattern="^[A-Za-z0-9]+$")] = None,
) -> lists.RowPage:
    """A page of a list: who waits, in queue order; mine, newest activity first; open, closed and all, newest first."""
    async with db.transaction() as tx:
        return await lists.page(
            tx, agent, name, cursor=cursor, limit=limit, locale=locale_of(request),
            filters=Filters(department, topic, no_code, tier, minutes, incident),
        )  # fmt: skip


def _demand_search(agent: Agent, text: str) -> None:
    _searches.take(str(agent.id))
    if not storable(text):
        raise Invalid(field="q", reason="characters")


@get("/search", responses=refusals(NotSignedIn, Invalid, TooMany))
async def find(
    request: Asking,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    *,
    text: Annotated[str, QueryParameter(name="q", min_length=1, max_length=100)],
) -> search.Found:
    """What was said, who asked, about which order and with which code, among what one may see."""
    _demand_search(agent, text)
    async with db.transaction() as tx:
        return await search.search(tx, sealer, agent, text, locale_of(request))


@get("/search/talks", responses=refusals(NotSignedIn, Invalid, TooMany))
async def find_more(
    request: Asking,
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    *,
    text: Annotated[str, QueryParameter(name="q", min_length=1, max_length=100)],
    cursor: Annotated[str, QueryParameter(max_length=64)],
) -> search.TalkPage:
    """More conversations in which it was said, behind a page of them."""
    _demand_search(agent, text)
    async with db.transaction() as tx:
        return await search.more_talks(tx, agent, text, cursor, locale_of(request))


@get("/directory", responses=refusals(NotSignedIn))
async def show_directory(
    request: Asking,
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],  # noqa: ARG001 — asked for, so that only the staff read it
) -> directory.Directory:
    """To whom a conversation can be given."""
    async with db.transaction() as tx:
        return await directory.directory(tx, locale_of(request))


# ── one conversation ────────────────────────────────────────────────────────


@get("/conversations/{id:str}", responses=refusals(NotSignedIn, NotFound))
async def show_conversation(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> Conversation:
    """One conversation, and what one can do with it."""
    async with db.transaction() as tx:
        return await conversation.conversation(tx, agent, id, locale_of(request))


@get("/conversations/{id:str}/entries", responses=refusals(NotSignedIn, NotFound, Invalid))
async def list_entries(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    id: Id,
    *,
    after: Number = None,
    before: Number = None,
    limit: Annotated[int, QueryParameter(ge=1, le=reading.LARGEST_PAGE)] = 50,
) -> StaffEntries:
    """A page of the timeline: behind `after`, or in front of `before` (default: the last ones)."""
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
        entries, more = await reading.page(tx, found.id, "staff", behind=after, front=before, limit=limit)
    return StaffEntries([view(entry, "staff") for entry in entries], entries[0].seq - 1 if entries else 0, more)


@post(
    "/conversations/{id:str}/entries",
    responses=refusals(
        NotSignedIn, NotAllowed, NotFound, writer.NotInConversation, writer.ConversationClosed,
        writer.DifferentMessage, writer.NotStored, mentioning.CannotSee, Invalid,
    ),
)  # fmt: skip
async def post_entry(
    db: NamedDependency[Database],
    writer: NamedDependency[Writer],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[StaffMessage],
) -> AckFrame:
    """Say something, or write a note, as the socket's `send` does."""
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
    return await reply.post(
        db,
        writer,
        agent,
        found.id,
        client_id=data.client_id,
        text=data.text,
        file=data.file,
        audience=data.audience,
        mentions=data.mentions,
    )


@post(
    "/conversations/{id:str}/files",
    responses=refusals(NotSignedIn, NotAllowed, NotFound, TooLarge, *UPLOAD_REFUSALS, TooMany, Invalid),
)
async def upload(
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    pictures: NamedDependency[Pictures],
    *,
    agent: NamedDependency[Agent],
    id: Id,
    data: MultipartBody[dict[str, UploadFile]],
) -> attachments.Attachment:
    """Store a file for a message of this conversation; it is not said until it is sent."""
    _uploads.take(str(agent.id))
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
    by = attachments.Uploader(found.id, "agent", agent.id)
    return await attachments.store(db, storage, pictures, by, data.get("file"), rules=await declared.rules(db))


@post("/files/addresses", status_code=200, responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def file_addresses(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    data: JSONBody[attachments.FilesWanted],
) -> attachments.Addresses:
    """Addresses of attachments that this agent may see."""
    async with db.transaction() as tx:
        return attachments.Addresses(await attachments.addresses_for_staff(tx, sealer, agent, data.files))


@put("/conversations/{id:str}/read", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def mark_read(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[reading.Seen]
) -> None:
    """Everything up to `seq` was on the screen."""
    async with db.transaction() as tx:
        await reading.mark_read(tx, await conversation.find(tx, agent, id), "staff", data.seq)


# ── context and trace ───────────────────────────────────────────────────────


@get("/conversations/{id:str}/context", responses=refusals(NotSignedIn, NotFound))
async def show_context(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> ContextView:
    """What the shop knew when it was asked, and what was asked before."""
    async with db.transaction() as tx:
        return await context_view.context_view(tx, agent, id, locale_of(request))


@post(
    "/conversations/{id:str}/context/refresh",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, TooMany),
)
async def refresh_context(
    request: Asking, db: NamedDependency[Database], shops: NamedDependency[Shops], agent: NamedDependency[Agent], id: Id
) -> ContextView:
    """Ask the shop again; answers within two seconds, whether it did or not."""
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
    _refreshes.take(str(found.id))
    await context.refresh(db, shops, found.id)
    async with db.transaction() as tx:
        return await context_view.context_view(tx, agent, id, locale_of(request))


@get("/conversations/{id:str}/trace", responses=refusals(NotSignedIn, NotFound))
async def show_trace(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> list[trace.TraceLine]:
    """Why it went where it went."""
    async with db.transaction() as tx:
        return await trace.trace(tx, agent, id, locale_of(request))


# ── leaving: only the desk sees what is still in use ────────────────────────


@delete(
    "/departments/{id:str}", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound, DepartmentInUse)
)
async def archive_department(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a department out of use."""
    require(agent, "departments.edit")
    async with db.transaction() as tx:
        await archiving.archive_department(tx, agent, id)


@delete(
    "/people/{id:str}", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound, AgentInUse, LastOperator)
)
async def archive_person(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Somebody leaves."""
    require(agent, "people.edit")
    async with db.transaction() as tx:
        await archiving.archive_person(tx, agent, id)


_ROUTES = [
    show_counters, list_conversations, find, find_more, show_directory, show_conversation, list_entries, post_entry,
    file_addresses, mark_read, show_context, refresh_context, show_trace,
    *moves.ROUTES,
    *orders_api.ROUTES,
    *board_api.ROUTES,
    *code_figures_api.ROUTES,
    *supervising.ROUTES,
    *identity_api.ROUTES,
    *replies_api.ROUTES,
    *articles_api.ROUTES,
    *recall_api.ROUTES,
    *phrasing_api.ROUTES,
    *macros_api.ROUTES,
    *cards_api.ROUTES,
    *mentions_api.ROUTES,
    *customer_api.ROUTES,
    *views_api.ROUTES,
    *incidents_api.ROUTES,
    *starter_api.ROUTES,
    *merge_api.ROUTES,
]  # fmt: skip
_SIGNED_IN = {"agent": Provide(current_agent)}
upload_router = Router(
    "/desk",
    tags=["Desk"],
    security=[{"staff": []}],
    dependencies=_SIGNED_IN,
    route_handlers=[upload, replies_api.upload_reply_picture],
)
router = Router(
    "/",
    security=[{"staff": []}],
    route_handlers=[
        Router("/desk", tags=["Desk"], dependencies=_SIGNED_IN, route_handlers=_ROUTES),
        Router(
            "/admin",
            tags=["Administration"],
            dependencies=_SIGNED_IN,
            route_handlers=[
                archive_department,
                archive_person,
                *replies_api.ADMIN_ROUTES,
                *customer_api.ADMIN_ROUTES,
                start.show_start,
                *demo_api.ROUTES,
                *macros_api.ADMIN_ROUTES,
                *ending_api.ADMIN_ROUTES,
                *incidents_api.ADMIN_ROUTES,
            ],
        ),
    ],
)
