"""Files of a customer: stored for a message to come, and the addresses of those already said."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import JSONBody, MultipartBody
from msgspec import Meta

from mashang.channels.web import door
from mashang.channels.web.door import Id
from mashang.codes import declared
from mashang.conversations import attachments
from mashang.conversations.attachments import UPLOAD_REFUSALS
from mashang.customers import Session
from mashang.kit.db import Database
from mashang.kit.edge import refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooLarge, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.pictures import Pictures
from mashang.kit.sealing import Sealer
from mashang.kit.storage import Storage
from mashang.live.frames import PublicId

_uploads = Limiter(0.5, 20)  # by customer


class FilesWanted(msgspec.Struct, forbid_unknown_fields=True):
    """Attachments to look at."""

    files: Annotated[list[PublicId], Meta(max_length=100)]


class Addresses(msgspec.Struct):
    """Where they are for the next ten minutes; those one may not see are left out."""

    addresses: dict[str, attachments.Address]


@post(
    "/conversations/{id:str}/files",
    responses=refusals(NotSignedIn, NotFound, TooLarge, *UPLOAD_REFUSALS, TooMany, Invalid),
)
async def upload(
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    pictures: NamedDependency[Pictures],
    *,
    session: NamedDependency[Session],
    id: Id,
    data: MultipartBody[dict[str, UploadFile]],
) -> attachments.Attachment:
    """Store a file for a message of this conversation; it is not said until it is sent."""
    _uploads.take(str(session.customer.id))
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise Invalid(field="file", reason="missing")
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
    by = attachments.Uploader(found.id, "customer", session.customer.id)
    return await attachments.store(db, storage, pictures, by, file, rules=await declared.rules(db))


@post("/files/addresses", status_code=200, responses=refusals(NotSignedIn, Invalid))
async def file_addresses(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
    data: JSONBody[FilesWanted],
) -> Addresses:
    """Addresses of attachments that this customer may see."""
    async with db.transaction() as tx:
        return Addresses(await attachments.addresses_for_customer(tx, sealer, session.customer, data.files))
