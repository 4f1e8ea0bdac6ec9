"""Pictures of articles over HTTP, for the desk; customers see those of published ones in the help centre."""

from __future__ import annotations

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import MultipartBody

from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals, uploaded
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooLarge, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.pictures import Pictures, PictureTooLarge, PictureUnreadable
from mashang.kit.storage import Storage
from mashang.knowledge import pictures as article_pictures
from mashang.staff import Agent
from mashang.staff.permissions import require

ADDRESS = "/api/v1/desk/knowledge/pictures/"  # where the desk sees them, also those of drafts
_uploads = Limiter(1, 20)  # by agent


class ArticlePicture(msgspec.Struct):
    """A picture of an article; `address` is what the text calls it."""

    id: str
    address: str
    width: int
    height: int


@get("/pictures/{id:str}", responses=refusals(NotSignedIn, NotFound))
async def show_article_picture(
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    agent: NamedDependency[Agent],  # noqa: ARG001 — only the staff
    id: Id,
) -> Response[bytes]:
    """A picture of an article, whatever its state."""
    async with db.transaction() as tx:
        kept = await article_pictures.find(tx, id)
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return Response(await article_pictures.read(storage, kept), media_type=kept.media_type, headers=headers)


@post(
    "/articles/{id:str}/pictures",
    responses=refusals(
        NotSignedIn, NotAllowed, NotFound, TooLarge, PictureUnreadable, PictureTooLarge, TooMany, Invalid
    ),
)
async def upload_article_picture(
    *,
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    pictures: NamedDependency[Pictures],
    agent: NamedDependency[Agent],
    id: Id,
    data: MultipartBody[dict[str, UploadFile]],
) -> ArticlePicture:
    """Keep a picture for an article; it is shown where the text names its address."""
    require(agent, "knowledge.edit")
    _uploads.take(str(agent.id))
    content = await uploaded(data.get("file"), storage.limit)
    kept = await article_pictures.store(db, storage, pictures, agent, article=id, data=content)
    return ArticlePicture(kept.public_id, kept.address, kept.width, kept.height)
