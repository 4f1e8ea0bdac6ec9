"""The pictures of canned replies: kept once, and copied into each conversation they are sent to.

A copy is a file of that conversation like any other, under an address of its own: who may
see one conversation learns nothing of another, and a picture that is taken out of its
reply stays where it was sent.

Does not: know what a reply says (`canned`), or send anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from litestar.datastructures import UploadFile

from mashang.conversations import attachments
from mashang.conversations.attachments import Attachment, Uploader
from mashang.conversations.filetypes import FileRefused, clean_name, plain_name, recognise
from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Invalid, NotFound
from mashang.kit.pictures import PREVIEW_TYPE, Picture, Pictures
from mashang.kit.storage import Storage
from mashang.staff import Agent

KEPT_UNUSED = timedelta(days=1)
_SWEPT_AT_ONCE = 500


class KeptPicture(msgspec.Struct, frozen=True, omit_defaults=True):
    """A picture of a reply as the desk shows it."""

    id: str
    name: str
    width: int | None = None
    height: int | None = None
    animated: bool = False


class Kept(msgspec.Struct, frozen=True):
    """A picture and where it lies."""

    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    animated: bool
    storage_key: str
    preview_key: str | None


async def store(
    db: Database, storage: Storage, pictures: Pictures, by: Agent, upload: UploadFile | None
) -> KeptPicture:
    """Keep a picture until a reply takes it.  Raises what `attachments.store` raises, FileRefused for another file."""
    data = await attachments.read(storage, upload)
    name = plain_name(upload.filename if upload else "")
    if not recognise(name, data).picture:
        raise FileRefused(name=name)
    picture = await pictures.prepare(data, who=f"agent {by.id}")
    keys = storage.new_key(), storage.new_key() if picture.preview else None
    async with db.transaction() as tx:  # the row first: a crash before the file is written leaves something to sweep
        kept = await _insert(tx, by, name, picture, keys)
    await storage.put(keys[0], picture.data)
    if keys[1] and picture.preview:
        await storage.put(keys[1], picture.preview)
    return kept


async def _insert(tx: Tx, by: Agent, name: str, picture: Picture, keys: tuple[str, str | None]) -> KeptPicture:
    extension = picture.media_type.rpartition("/")[2].replace("jpeg", "jpg")
    return await tx.one(
        """
        insert into canned_picture (public_id, uploader_id, name, media_type, size, width, height, animated,
            storage_key, preview_key)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        returning public_id as id, name, width, height, animated
        """,
        (
            ids.public_id(), by.id, clean_name(name, extension), picture.media_type, len(picture.data),
            picture.width, picture.height, picture.animated, *keys,
        ),
        into=KeptPicture,
    )  # fmt: skip


async def attach(tx: Tx, by: Agent, reply_id: int, public_ids: Sequence[str]) -> None:
    """From now on the reply has these pictures, in this order: its own, or uploaded by `by`.  Raises Invalid."""
    await tx.run(
        "update canned_picture set canned_reply_id = null, left_at = app_now()"
        " where canned_reply_id = %s and public_id <> all (%s)",
        (reply_id, list(public_ids)),
    )
    touched = await tx.run(
        """
        update canned_picture p set canned_reply_id = %(reply)s, position = w.position
        from unnest(%(wanted)s::text[]) with ordinality w (public_id, position)
        where p.public_id = w.public_id
          and (p.canned_reply_id = %(reply)s or p.canned_reply_id is null and p.uploader_id = %(by)s)
        """,
        {"reply": reply_id, "wanted": list(public_ids), "by": by.id},
    )
    if touched != len(public_ids):
        raise Invalid(field="pictures", reason="unknown")


_COLUMNS = "name, media_type, size, width, height, animated, storage_key, preview_key"


async def find(tx: Tx, public_id: str, agent: Agent) -> Kept:
    """A picture of a reply, or one that this agent has just uploaded; raises NotFound.

    Replies hold no secret of a customer: whoever works here may look at their pictures, except at a colleague's own.
    """
    found = await tx.first(
        f"""
        select {_COLUMNS} from canned_picture p where p.public_id = %(id)s and (p.uploader_id = %(agent)s or exists (
            select from canned_reply r where r.id = p.canned_reply_id
              and (r.agent_id is null or r.agent_id = %(agent)s)))
        """,
        {"id": public_id, "agent": agent.id},
        into=Kept,
    )
    if found is None:
        raise NotFound
    return found


async def copy_all(db: Database, storage: Storage, by: Uploader, reply_id: int) -> list[Attachment]:
    """The reply's pictures as files of a conversation, uploaded and not yet sent."""
    async with db.transaction() as tx:
        kept = await tx.all(
            f"select {_COLUMNS} from canned_picture where canned_reply_id = %s order by position, id",
            (reply_id,),
            into=Kept,
        )
    return [await _copy(db, storage, by, one) for one in kept]


async def _copy(db: Database, storage: Storage, by: Uploader, kept: Kept) -> Attachment:
    keys = storage.new_key(), storage.new_key() if kept.preview_key else None
    values = {name: getattr(kept, name) for name in ("name", "media_type", "size", "width", "height", "animated")}
    async with db.transaction() as tx:
        copy = await attachments.insert(tx, by, {**values, "picture": True, "key": keys[0], "preview_key": keys[1]})
    await storage.put(keys[0], await _bytes(storage, kept.storage_key))
    if keys[1] and kept.preview_key:
        await storage.put(keys[1], await _bytes(storage, kept.preview_key))
    return copy


async def _bytes(storage: Storage, key: str) -> bytes:
    try:
        return b"".join([chunk async for chunk in await storage.open(key)])
    except FileNotFoundError:
        raise NotFound from None


async def open_variant(storage: Storage, kept: Kept, *, preview: bool) -> tuple[bytes, str]:
    """The bytes and their media type, small where there is a small one; raises NotFound."""
    if preview and kept.preview_key:
        return await _bytes(storage, kept.preview_key), PREVIEW_TYPE
    return await _bytes(storage, kept.storage_key), kept.media_type


async def sweep(db: Database, storage: Storage) -> int:
    """Forget pictures that no reply has had for a day; how many."""
    async with db.transaction() as tx:
        unused = await tx.all(
            """
            delete from canned_picture where id in (
                select id from canned_picture
                where canned_reply_id is null and left_at < app_now() - %s
                order by left_at limit %s for update skip locked
            ) returning storage_key, preview_key
            """,
            (KEPT_UNUSED, _SWEPT_AT_ONCE),
        )
        for row in unused:  # before the commit: a crash here leaves rows, and the next sweep finds them
            for key in filter(None, (row["storage_key"], row["preview_key"])):
                await storage.delete(key)
    return len(unused)
