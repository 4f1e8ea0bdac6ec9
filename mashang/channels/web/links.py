"""Where a link or a QR code of a service code leads, and the picture of a topic's for any page to show.

Opening a link does nothing but show the customer's page: previews in chats, prefetching browsers and whoever counts
links open it too.  The page reads the code from its own address, fills the box in and waits for one tap; that is so
for every code, a wrong or ended one as well, because whoever scanned paper has nothing else in hand.

Does not: look a code up (`codes.ask_code` does, asked by the page), or draw minted codes (`mashang.codes.links`).
"""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import quote, urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from mashang import codes
from mashang.channels.web import door, pages
from mashang.codes import links, qr
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, own_origin
from mashang.kit.errors import NotFound
from mashang.kit.limits import Limiter
from mashang.kit.settings import Settings
from mashang.shops import site as sites

_drawings = Limiter(2, 100)  # by address: each takes milliseconds of a processor
Site = Annotated[str, QueryParameter(max_length=64)]


@get(["/c", "/c/{written:path}"], include_in_schema=False)
async def linked_page(request: Asking, written: FromPath[str] = "", site: Site = "") -> Response[bytes] | Redirect:
    """The customer's page; a minted code in the path is put where no log of the next request has it."""
    code = links.minted_in_path(written)
    if code is None:
        return pages.customers_page(request)
    asked = "&".join(filter(None, ("q" if "q" in request.query_params else "", site and urlencode({"site": site}))))
    return Redirect(
        f"/c{'?' if asked else ''}{asked}#{quote(code)}",
        status_code=303,
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


@get("/qr/{name:str}", include_in_schema=False)
async def topics_picture(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    name: FromPath[str],
    site: Site = "",
) -> Response[bytes]:
    """`/qr/CZ.svg`: the QR code of a topic's link, for any page to show.  Nothing is drawn for what is no topic's."""
    _drawings.take(door.address_of(request))
    code, dot, kind = name.partition(".")
    async with db.transaction() as tx:
        topic = (await codes.index(tx)).by_code.get(codes.normalise(code)) if dot and kind == "svg" else None
        if topic is None:
            raise NotFound
        there = await sites.by_public_id(tx, site) if site else None
    url = links.link(own_origin(request, settings), topic.code, site=there.public_id if there else "", scanned=True)
    drawn = await asyncio.to_thread(qr.svg, url, topic.code, topic.called(locale_of(request)))
    return Response(
        drawn.encode(),
        media_type="image/svg+xml",
        headers={
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Language",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


ROUTES = [linked_page, topics_picture]
