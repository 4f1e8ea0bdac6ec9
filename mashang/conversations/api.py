"""Files over HTTP: the one public address of the timeline's attachments.

The address carries its own permission (`attachments`), because an `<img>` sends no
bearer token; everything else about conversations is served by `channels.web` and
`desk`.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import QueryParameter
from litestar.response import Stream

from mashang.conversations import attachments, file_page
from mashang.conversations.attachments import Asked, FileAddressExpired, Stored
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, refusals
from mashang.kit.errors import NotFound, NotSignedIn, Refusal
from mashang.kit.pictures import PREVIEW_TYPE
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage
from mashang.staff import sessions

Variant = Annotated[Literal["whole", "preview"], QueryParameter(name="v")]
Reader = Annotated[
    str, QueryParameter(name="r", pattern=r"^[ca]\.[0-9A-Za-z]{1,32}$", description="for whom it was made")
]
Expires = Annotated[int, QueryParameter(name="e", ge=0, le=2**40, description="seconds since 1970")]
Signature = Annotated[str, QueryParameter(name="s", pattern=r"^[0-9A-Za-z_-]{43}$")]


@get("/files/{id:str}/{name:str}", responses=refusals(NotFound, NotSignedIn, FileAddressExpired))
async def fetch(
    request: Asking,
    *,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    settings: NamedDependency[Settings],
    storage: NamedDependency[Storage],
    id: Id,
    variant: Variant,
    reader: Reader,
    expires: Expires,
    signature: Signature,
) -> Stream:
    """A file, by the address that was made for its reader; the name in it is for people and not looked at."""
    attachments.check(sealer, Asked(id, variant, reader, expires, signature))
    async with db.transaction() as tx:
        if reader.startswith("c."):
            stored = await attachments.for_customer(tx, id, reader[2:])
        else:
            agent = await sessions.agent_in(tx, sessions.secret_in(request.cookies, settings))
            if agent.public_id != reader[2:]:
                raise NotFound
            stored = await attachments.for_staff(tx, id, agent)
    key = stored.preview_key if variant == "preview" else stored.storage_key
    try:
        chunks = await storage.open(key or "")
    except (FileNotFoundError, ValueError):
        raise NotFound from None
    return Stream(chunks, media_type=_media_type(stored, variant), headers=_headers(stored))


def _media_type(stored: Stored, variant: str) -> str:
    return PREVIEW_TYPE if variant == "preview" else stored.media_type


def _headers(stored: Stored) -> dict[str, str]:
    place = "inline" if stored.picture else "attachment"
    plain = stored.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return {
        "Content-Disposition": f"{place}; filename=\"{plain}\"; filename*=UTF-8''{quote(stored.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, max-age=600, immutable",
    }


files_router = Router(
    "/",
    tags=["Files"],
    route_handlers=[fetch],
    exception_handlers={Refusal: file_page.answer, HTTPException: file_page.answer_malformed},
)
