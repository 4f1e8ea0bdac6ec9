"""Canned replies over HTTP: found and inserted at the desk, one's own written there, the shared ones administered."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import Response, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import JSONBody, MultipartBody, QueryParameter

from mashang.conversations import canned, canned_pictures
from mashang.conversations.attachments import UPLOAD_REFUSALS
from mashang.conversations.canned import CannedReply, Owner, OwnReplyDraft, ReplyDraft, Scope, ShortcutTaken
from mashang.conversations.canned_pictures import KeptPicture
from mashang.desk import inserting
from mashang.desk.inserting import Inserted
from mashang.kit import sound
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooLarge, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.pictures import Pictures
from mashang.kit.storage import Storage
from mashang.staff import Agent
from mashang.staff.permissions import require

_uploads = Limiter(1, 20)  # by agent


class ReplyView(msgspec.Struct):
    """A reply; `department` is an id, `initials` are how the title is begun in pinyin: 到账时间 is dzsj."""

    id: str
    shortcut: str
    title: str
    text: str
    text_en: str
    scope: Scope
    department: str | None
    pictures: list[KeptPicture]
    initials: str


def _view(reply: CannedReply) -> ReplyView:
    return ReplyView(
        reply.public_id,
        reply.shortcut,
        reply.title,
        reply.text,
        reply.text_en,
        reply.scope,
        reply.department,
        reply.pictures,
        initials(reply.title),
    )


def initials(title: str) -> str:
    """The first letter of each character as it is typed; letters and digits stay."""
    return "".join((sound.readings(each) or (each,))[0][:1] for each in title).lower()


# ── at the desk ─────────────────────────────────────────────────────────────


@get("/replies", responses=refusals(NotSignedIn))
async def list_replies(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[ReplyView]:
    """What one can insert: the own replies, those of the departments one is in, everybody's."""
    async with db.transaction() as tx:
        return [_view(one) for one in await canned.present_for(tx, agent)]


@post("/replies", responses=refusals(NotSignedIn, NotAllowed, ShortcutTaken, Invalid))
async def create_own_reply(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[OwnReplyDraft]
) -> ReplyView:
    """Write a reply of one's own."""
    async with db.transaction() as tx:
        return _view(await canned.create(tx, agent, data, Owner(agent_id=agent.id)))


@put("/replies/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, ShortcutTaken, Invalid))
async def edit_own_reply(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[OwnReplyDraft]
) -> ReplyView:
    """Change a reply of one's own."""
    async with db.transaction() as tx:
        found = await canned.find_own(tx, id, agent)
        return _view(await canned.edit(tx, agent, found, data, Owner(agent_id=agent.id)))


@delete("/replies/{id:str}", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def archive_own_reply(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a reply of one's own out of use."""
    async with db.transaction() as tx:
        await canned.archive(tx, agent, await canned.find_own(tx, id, agent))


@post(
    "/conversations/{id:str}/replies/{reply:str}",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound),
)
async def insert_reply(
    db: NamedDependency[Database], storage: NamedDependency[Storage], agent: NamedDependency[Agent], id: Id, reply: Id
) -> Inserted:
    """A reply filled in for a conversation, its pictures copied there; nothing is said by it."""
    return await inserting.insert(db, storage, agent, id, reply)


@get("/replies/pictures/{id:str}", responses=refusals(NotSignedIn, NotFound))
async def show_reply_picture(
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    agent: NamedDependency[Agent],
    id: Id,
    variant: Annotated[Literal["whole", "preview"], QueryParameter(name="v")] = "preview",
) -> Response[bytes]:
    """A picture of a reply."""
    async with db.transaction() as tx:
        kept = await canned_pictures.find(tx, id, agent)
    data, media_type = await canned_pictures.open_variant(storage, kept, preview=variant == "preview")
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return Response(data, media_type=media_type, headers=headers)


@post(
    "/replies/pictures",
    responses=refusals(NotSignedIn, NotAllowed, TooLarge, *UPLOAD_REFUSALS, TooMany, Invalid),
)
async def upload_reply_picture(
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    pictures: NamedDependency[Pictures],
    agent: NamedDependency[Agent],
    data: MultipartBody[dict[str, UploadFile]],
) -> KeptPicture:
    """Keep a picture for a reply that is about to be saved."""
    _uploads.take(str(agent.id))
    return await canned_pictures.store(db, storage, pictures, agent, data.get("file"))


# ── administration ──────────────────────────────────────────────────────────


@get("/replies", responses=refusals(NotSignedIn, NotAllowed))
async def list_shared_replies(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[ReplyView]:
    """Everybody's replies and those of the departments."""
    require(agent, "replies.edit")
    async with db.transaction() as tx:
        return [_view(one) for one in await canned.shared(tx)]


@post("/replies", responses=refusals(NotSignedIn, NotAllowed, ShortcutTaken, Invalid))
async def create_reply(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[ReplyDraft]
) -> ReplyView:
    """Write a reply for everybody or a department."""
    require(agent, "replies.edit")
    async with db.transaction() as tx:
        return _view(await canned.create(tx, agent, data, await canned.owner_of(tx, data)))


@put("/replies/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, ShortcutTaken, Invalid))
async def edit_reply(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[ReplyDraft]
) -> ReplyView:
    """Change a reply that several share."""
    require(agent, "replies.edit")
    async with db.transaction() as tx:
        found = await canned.find_shared(tx, id)
        return _view(await canned.edit(tx, agent, found, data, await canned.owner_of(tx, data)))


@delete("/replies/{id:str}", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def archive_reply(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a shared reply out of use."""
    require(agent, "replies.edit")
    async with db.transaction() as tx:
        await canned.archive(tx, agent, await canned.find_shared(tx, id))


ROUTES = [
    list_replies, create_own_reply, edit_own_reply, archive_own_reply, insert_reply, show_reply_picture,
]  # fmt: skip
ADMIN_ROUTES = [list_shared_replies, create_reply, edit_reply, archive_reply]
