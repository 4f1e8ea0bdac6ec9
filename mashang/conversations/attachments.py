"""Files in a conversation: uploaded, then sent with a message, then fetched by signed addresses.

An upload is stored for one conversation and one uploader and shown to nobody else
until it is sent; what is not sent within a day is swept.  Pictures are written anew
(`kit.pictures`), so that they may be shown in place; everything else is a download.

An address is good for ten minutes at most and for one reader.  It is not enough by
itself: when it is used, the reader must still be somebody who may see the file, and
an address of staff works only in the browser that agent is signed in with.

Does not: decide whose conversation it is when uploading (`access`, at the edge), or
write entries (`timeline`).
"""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

import msgspec
from litestar.datastructures import UploadFile
from msgspec import Meta

from mashang.conversations import access
from mashang.conversations.entry import PublicId
from mashang.conversations.filetypes import FileDisguised, FileEmpty, FileRefused, clean_name, plain_name, recognise
from mashang.customers import Customer
from mashang.customers.customer import SELECT
from mashang.guard import masking
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit import clock, ids
from mashang.kit.db import Database, Tx
from mashang.kit.edge import uploaded
from mashang.kit.errors import NotFound, Refusal
from mashang.kit.pictures import Pictures, PictureTooLarge, PictureUnreadable
from mashang.kit.sealing import Sealer
from mashang.kit.storage import Storage
from mashang.staff import Agent

__all__ = ["FileDisguised", "FileEmpty", "FileRefused", "PictureTooLarge", "PictureUnreadable"]

GOOD_FOR = timedelta(minutes=10)
_ALIKE_FOR = timedelta(minutes=5)  # the same address again, so that browsers find the picture they have
KEPT_UNSENT = timedelta(days=1)
_PURPOSE = "conversations.file"
_SWEPT_AT_ONCE = 500

Side = Literal["customer", "agent"]


# What an upload can be refused for, besides its size.
UPLOAD_REFUSALS = (FileRefused, FileDisguised, FileEmpty, PictureUnreadable, PictureTooLarge)


class FileAddressExpired(Refusal):
    """The address was good for ten minutes, and they are over."""

    status, code = 403, "file_address_expired"


class Uploader(msgspec.Struct, frozen=True):
    """Who uploads, and for which conversation; row numbers."""

    conversation_id: int
    side: Side
    id: int
    address: str = ""  # of a customer's page; limits count it


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file as its readers know it."""

    id: str
    name: str
    media_type: str
    size: int
    picture: bool
    animated: bool
    width: int | None = None
    height: int | None = None


class Address(msgspec.Struct, frozen=True):
    """Where a file is for one reader until `expires_at`; a picture that is small has no preview."""

    url: str
    preview_url: str | None
    expires_at: datetime


class FilesWanted(msgspec.Struct, forbid_unknown_fields=True):
    """Attachments to look at."""

    files: Annotated[list[PublicId], Meta(max_length=100)]


class Addresses(msgspec.Struct):
    """Where they are for the next ten minutes; those one may not see are left out."""

    addresses: dict[str, Address]


class Stored(msgspec.Struct, frozen=True):
    """A file and where it lies."""

    public_id: str
    name: str
    media_type: str
    picture: bool
    storage_key: str
    preview_key: str | None


# Entry e sends attachment t: as a file, or as the picture of a card.
_SENT = """e.conversation_id = t.conversation_id and (
    e.kind = 'file' and e.data ->> 'id' = t.public_id
    or e.kind = 'text' and e.data -> 'card' -> 'picture' ->> 'id' = t.public_id)"""
_VIEW = "t.public_id as id, t.name, t.media_type, t.size, t.picture, t.animated, t.width, t.height"


async def store(
    db: Database,
    storage: Storage,
    pictures: Pictures,
    by: Uploader,
    upload: UploadFile | None,
    *,
    rules: Rules = NO_RULES,
) -> Attachment:
    """Keep an upload until it is sent, its name masked by `rules`.

    Raises Invalid for a form without a file, TooLarge, and what `keep` raises.
    """
    data = await read(storage, upload)
    name = plain_name(upload.filename if upload else "")
    return await keep(db, storage, pictures, by, name=name, data=data, rules=rules)


async def keep(
    db: Database,
    storage: Storage,
    pictures: Pictures,
    by: Uploader,
    *,
    name: str,
    data: bytes,
    rules: Rules = NO_RULES,
) -> Attachment:
    """Keep these bytes until they are sent.

    Raises FileEmpty, FileRefused, FileDisguised, PictureUnreadable, PictureTooLarge, TooMany.
    """
    kind = recognise(name, data)
    picture = await pictures.prepare(data, who=f"{by.side} {by.id}", address=by.address) if kind.picture else None
    extension = picture.media_type.rpartition("/")[2].replace("jpeg", "jpg") if picture else kind.extension
    values: dict[str, Any] = {
        "name": clean_name(masking.mask(name, rules).text, extension),
        "media_type": picture.media_type if picture else kind.media_type,
        "size": len(picture.data if picture else data),
        "key": storage.new_key(),
        "preview_key": storage.new_key() if picture and picture.preview else None,
        "width": picture and picture.width,
        "height": picture and picture.height,
        "picture": picture is not None,
        "animated": bool(picture and picture.animated),
    }
    async with db.transaction() as tx:  # the row first: a crash before the file is written leaves something to sweep
        attachment = await insert(tx, by, values)
    await storage.put(values["key"], picture.data if picture else data)
    if picture and picture.preview:
        await storage.put(values["preview_key"], picture.preview)
    return attachment


async def read(storage: Storage, upload: UploadFile | None) -> bytes:
    """What was uploaded; raises Invalid for a form without a file, TooLarge."""
    return await uploaded(upload, storage.limit)


async def insert(tx: Tx, by: Uploader, values: dict[str, Any]) -> Attachment:
    """The row of a file that is about to be stored under `values['key']`."""
    return await tx.one(
        f"""
        insert into attachment as t (public_id, conversation_id, uploaded_by, uploader_id, name, media_type, size,
            width, height, picture, animated, storage_key, preview_key)
        values (%(public_id)s, %(conversation)s, %(side)s, %(uploader)s, %(name)s, %(media_type)s, %(size)s,
            %(width)s, %(height)s, %(picture)s, %(animated)s, %(key)s, %(preview_key)s)
        returning {_VIEW}
        """,
        {
            **values,
            "public_id": ids.public_id(),
            "conversation": by.conversation_id,
            "side": by.side,
            "uploader": by.id,
        },
        into=Attachment,
    )


async def for_posting(tx: Tx, public_id: str, conversation_id: int, side: Side, uploader_id: int) -> dict[str, Any]:
    """The data of a file entry; from now on the file stays.

    Raises NotFound unless this uploader put it into this conversation.
    """
    attachment = await tx.first(
        f"""
        update attachment t set posted_at = coalesce(t.posted_at, app_now())
        where t.public_id = %s and t.conversation_id = %s and t.uploaded_by = %s and t.uploader_id = %s
        returning {_VIEW}
        """,
        (public_id, conversation_id, side, uploader_id),
        into=Attachment,
    )
    if attachment is None:
        raise NotFound
    data: dict[str, Any] = msgspec.to_builtins(attachment)
    return data


async def withdraw(tx: Tx, conversation_id: int, public_id: str) -> None:
    """A file that no entry sends any more: nobody sees it from now on, and the sweep forgets it if `erase` does not."""
    await tx.run(
        f"""
        update attachment t set posted_at = null, created_at = app_now() - 2 * %(kept)s
        where t.public_id = %(file)s and t.conversation_id = %(conversation)s
          and not exists (select from entry e where {_SENT})
        """,
        {"file": public_id, "conversation": conversation_id, "kept": KEPT_UNSENT},
    )


async def erase(db: Database, storage: Storage, public_id: str) -> None:
    """Forget a file that was withdrawn, bytes and all."""
    async with db.transaction() as tx:
        gone = await tx.all(
            "delete from attachment where public_id = %s and posted_at is null returning storage_key, preview_key",
            (public_id,),
        )
        await _delete_bytes(storage, gone)


async def _delete_bytes(storage: Storage, rows: list[dict[str, Any]]) -> None:
    """Before the commit: a crash here leaves rows, and the next sweep finds them."""
    for row in rows:
        for key in filter(None, (row["storage_key"], row["preview_key"])):
            await storage.delete(key)


# ── who may see a file, on the aliases t and c ──────────────────────────────

_SENT_TO_EVERYONE = f"exists (select from entry e where {_SENT} and e.audience = 'everyone')"


def _seen_by_customer(customer: Customer) -> tuple[str, dict[str, Any]]:
    """Its own uploads, and what staff sent to it; not what staff keep in notes."""
    mine, params = access.belonging_to(customer)
    return f"{mine} and (t.uploaded_by = 'customer' or {_SENT_TO_EVERYONE})", params


def _seen_by_staff(agent: Agent) -> tuple[str, dict[str, Any]]:
    """What was sent, in the conversations one may see; and one's own uploads."""
    visible, params = access.visible_to(agent)
    own = "t.uploaded_by = 'agent' and t.uploader_id = %(uploader)s"
    return f"{visible} and (t.posted_at is not null or ({own}))", {**params, "uploader": agent.id}


async def addresses_for_customer(
    tx: Tx, sealer: Sealer, customer: Customer, public_ids: list[str]
) -> dict[str, Address]:
    """Addresses of the files among these that this customer may see."""
    return await _addresses(tx, sealer, f"c.{customer.public_id}", public_ids, _seen_by_customer(customer))


async def addresses_for_staff(tx: Tx, sealer: Sealer, agent: Agent, public_ids: list[str]) -> dict[str, Address]:
    """Addresses of the files among these that this agent may see."""
    return await _addresses(tx, sealer, f"a.{agent.public_id}", public_ids, _seen_by_staff(agent))


async def _addresses(
    tx: Tx, sealer: Sealer, reader: str, public_ids: list[str], seen: tuple[str, dict[str, Any]]
) -> dict[str, Address]:
    condition, params = seen
    rows = await tx.all(
        f"""
        select t.public_id, t.name, t.preview_key is not null as has_preview
        from attachment t join conversation c on c.id = t.conversation_id
        where t.public_id = any(%(files)s) and {condition}
        """,
        {**params, "files": public_ids},
    )
    alike = int(_ALIKE_FOR.total_seconds())
    expires = int(clock.now().timestamp()) // alike * alike + int(GOOD_FOR.total_seconds())
    return {row["public_id"]: _address(sealer, reader, expires, row) for row in rows}


def _address(sealer: Sealer, reader: str, expires: int, row: dict[str, Any]) -> Address:
    def url(variant: str) -> str:
        signature = _signature(sealer, row["public_id"], variant, reader, expires)
        query = urlencode({"v": variant, "r": reader, "e": expires, "s": signature})
        return f"/files/{row['public_id']}/{quote(row['name'], safe='')}?{query}"

    preview = url("preview") if row["has_preview"] else None
    return Address(url("whole"), preview, datetime.fromtimestamp(expires, UTC))


def _signature(sealer: Sealer, public_id: str, variant: str, reader: str, expires: int) -> str:
    signed = sealer.sign(f"{public_id} {variant} {reader} {expires}".encode(), _PURPOSE)
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


class Asked(msgspec.Struct, frozen=True):
    """An address as it was used."""

    public_id: str
    variant: str
    reader: str
    expires: int
    signature: str


def check(sealer: Sealer, asked: Asked) -> None:
    """Was this address made by us, and is it still good?  Raises NotFound, FileAddressExpired."""
    good = _signature(sealer, asked.public_id, asked.variant, asked.reader, asked.expires)
    if not hmac.compare_digest(good.encode(), asked.signature.encode()):
        raise NotFound
    if asked.expires < clock.now().timestamp():
        raise FileAddressExpired


async def for_customer(tx: Tx, public_id: str, reader: str) -> Stored:
    """The file, when the customer behind this public id is signed in somewhere and may see it; raises NotFound."""
    customer = await tx.first(
        f"""{SELECT} where u.public_id = %s
            and exists (select from customer_session s where s.customer_id = u.id and s.expires_at > app_now())""",
        (reader,),
        into=Customer,
    )
    if customer is None:
        raise NotFound
    return await _stored(tx, public_id, _seen_by_customer(customer))


async def for_staff(tx: Tx, public_id: str, agent: Agent) -> Stored:
    """The file, when this agent may see it; raises NotFound."""
    return await _stored(tx, public_id, _seen_by_staff(agent))


async def _stored(tx: Tx, public_id: str, seen: tuple[str, dict[str, Any]]) -> Stored:
    condition, params = seen
    found = await tx.first(
        f"""
        select t.public_id, t.name, t.media_type, t.picture, t.storage_key, t.preview_key
        from attachment t join conversation c on c.id = t.conversation_id
        where t.public_id = %(file)s and {condition}
        """,
        {**params, "file": public_id},
        into=Stored,
    )
    if found is None:
        raise NotFound
    return found


async def sweep(db: Database, storage: Storage) -> int:
    """Forget uploads that were not sent within a day; how many.

    One that was about to be sent when the message was refused, or the server died, is in no entry.
    """
    async with db.transaction() as tx:
        unsent = await tx.all(
            f"""
            delete from attachment where id in (
                select t.id from attachment t
                where t.created_at < app_now() - %(kept)s and (t.posted_at is null or (
                    t.created_at > app_now() - 2 * %(kept)s and not exists (select from entry e where {_SENT})))
                order by t.created_at limit %(most)s for update skip locked
            ) returning storage_key, preview_key
            """,
            {"kept": KEPT_UNSENT, "most": _SWEPT_AT_ONCE},
        )
        await _delete_bytes(storage, unsent)
    return len(unsent)
