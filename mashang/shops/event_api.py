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
from mashang.shops import events, signing, telling
from mashang.shops.events import RequestReplayed, RequestStale, SignatureWrong

_EVENT_LIMIT = 64 * 1024
_strangers = Limiter(rate=20, burst=100)  # by address: a flood is refused before the database is asked
SIGNED = refusals(SignatureWrong, RequestStale, RequestReplayed, Invalid, TooLarge, TooMany)


@post(
    "/shop-events",
    status_code=202,
    tags=["Shops"],
    exclude_from_csrf=True,
    responses=SIGNED,
)
async def take_shop_event(
    request: Asking, db: NamedDependency[Database], sealer: NamedDependency[Sealer]
) -> telling.EventTaken:
    """Take a signed event of a shop (see the connector contract); a repeat is acknowledged."""
    body, target = await signed_of(request)
    async with db.transaction() as tx:
        sender = await events.authenticate(tx, sealer, signing.read(request.headers), target, body)
        return await events.take(tx, sender, events.read(body))


async def signed_of(request: Asking) -> tuple[bytes, str]:
    """The body and the target that were signed; raises TooMany, TooLarge."""
    _strangers.take(address_block(request.client.host if request.client else ""))
    return await _body_of(request), _target_of(request)


def _target_of(request: Asking) -> str:
    """The path and query as they stood in the request line, which is what was signed."""
    target: str = request.scope["raw_path"].decode("latin-1")
    query: str = request.scope["query_string"].decode("latin-1")
    return f"{target}?{query}" if query else target


async def _body_of(request: Asking) -> bytes:
    """The bytes that were signed; raises TooLarge."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _EVENT_LIMIT:
            raise TooLarge(limit=_EVENT_LIMIT)
    return body
