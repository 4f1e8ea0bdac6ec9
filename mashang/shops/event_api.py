"""The door for what shops tell: signed events (see the connector contract).

A stranger's flood is refused by address, before the database is asked.
"""

from __future__ import annotations

from litestar import post
from litestar.di import NamedDependency

from mashang.kit.db import Database
from mashang.kit.edge import Asking, refusals
from mashang.kit.errors import Invalid, TooLarge, TooMany
from mashang.kit.limits import Limiter, address_block
from mashang.kit.sealing import Sealer
from mashang.shops import contract, events, signing
from mashang.shops.events import RequestReplayed, RequestStale, SignatureWrong

_EVENT_LIMIT = 64 * 1024
_STRANGERS = Limiter(rate=20, burst=100)  # by address: a flood is refused before the database is asked


@post(
    "/shop-events",
    status_code=202,
    tags=["Shops"],
    exclude_from_csrf=True,
    responses=refusals(SignatureWrong, RequestStale, RequestReplayed, Invalid, TooLarge, TooMany),
)
async def take_shop_event(
    request: Asking, db: NamedDependency[Database], sealer: NamedDependency[Sealer]
) -> contract.EventTaken:
    """Take a signed event of a shop (see the connector contract); a repeat is acknowledged."""
    _STRANGERS.take(address_block(request.client.host if request.client else ""))
    body = await _body(request)
    target = request.scope["raw_path"].decode("latin-1")
    if request.scope["query_string"]:
        target += "?" + request.scope["query_string"].decode("latin-1")
    async with db.transaction() as tx:
        sender = await events.authenticate(tx, sealer, signing.read(request.headers), target, body)
        return await events.take(tx, sender, events.read(body))


async def _body(request: Asking) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _EVENT_LIMIT:
            raise TooLarge(limit=_EVENT_LIMIT)
    return body
