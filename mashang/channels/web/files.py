"""Files of a customer: stored for a message to come, and the addresses of those already said."""

from __future__ import annotations

from litestar import post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import JSONBody, MultipartBody

from mashang.channels.web import door
from mashang.codes import declared
from mashang.conversations import attachments
from mashang.conversations.attachments import UPLOAD_REFUSALS
from mashang.customers import Session, blocks
from mashang.customers.blocks import CustomerBlocked
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooLarge, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.pictures import Pictures
from mashang.kit.sealing import Sealer
from mashang.kit.storage import Storage

_uploads = Limiter(0.5, 20)  # by customer


@post(
    "/conversations/{id:str}/files",
    responses=refusals(NotSignedIn, CustomerBlocked, NotFound, TooLarge, *UPLOAD_REFUSALS, TooMany, Invalid),
)
async def upload(
    request: Asking,
    *,
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    pictures: NamedDependency[Pictures],
    session: NamedDependency[Session],
    id: Id,
    data: MultipartBody[dict[str, UploadFile]],
) -> attachments.Attachment:
    """Store a file for a message of this conversation; it is not said until it is sent."""
    blocks.demand_welcome(session.customer)
    _uploads.take(str(session.customer.id))
    async with db.transaction() as tx:
        found = await door.find(tx, session, id)
    by = attachments.Uploader(found.id, "customer", session.customer.id, door.address_of(request))
    return await attachments.store(db, storage, pictures, by, data.get("file"), rules=await declared.rules(db))


@post("/files/addresses", status_code=200, responses=refusals(NotSignedIn, Invalid))
async def file_addresses(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
    data: JSONBody[attachments.FilesWanted],
) -> attachments.Addresses:
    """Addresses of attachments that this customer may see."""
    async with db.transaction() as tx:
        return attachments.Addresses(await attachments.addresses_for_customer(tx, sealer, session.customer, data.files))
