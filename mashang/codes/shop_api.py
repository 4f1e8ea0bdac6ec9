"""The door for shops that want a service code: signed requests, like their events.

A page that is drawn twice asks twice and gets the same code; the shop need not keep it.
Whoever holds the shop's key says whose an order is, as it does everywhere else.
"""

from __future__ import annotations

import msgspec
from litestar import post
from litestar.di import NamedDependency

from mashang.codes import links, minting
from mashang.codes.minting import Draft
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of
from mashang.kit.errors import Invalid
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import event_api, events, signing, telling
from mashang.shops import site as sites

_WISHES = msgspec.json.Decoder(telling.CodeWish)


@post(
    "/shop-codes",
    status_code=200,
    tags=["Shops"],
    exclude_from_csrf=True,
    responses=event_api.SIGNED,
)
async def mint_for_shop(
    request: Asking,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    settings: NamedDependency[Settings],
) -> telling.CodeForOrder:
    """The service code of an order, for the shop's own pages (see the connector contract)."""
    body, target = await event_api.signed_of(request)
    async with db.transaction() as tx:
        sender = await events.authenticate(tx, sealer, signing.read(request.headers), target, body)
        wish = _read(body)
        draft = Draft(
            shop_id=sender.id,
            subject=wish.subject,
            order_number=wish.order_number,
            topic_id=await minting.topic_id_of(tx, wish.topic),
            scene=wish.scene,
            expires_at=wish.expires_at,
        )
        made, is_new = await minting.mint(tx, sealer, draft, "shop")
        site = await sites.of_shop(tx, sender.id)
        there = await links.place(tx, request, settings, site) if site else None
        labels = await links.labels_of(tx, [made], locale_of(request)) if wish.picture else []
    drawn = (await links.sheet(there, labels)).links if there else []
    return telling.CodeForOrder(
        code=made.code,
        order_number=made.order_number,
        scene=made.scene,
        expires_at=made.expires_at,
        repeated=not is_new,
        url=links.link(there.origin, made.code, site=there.site) if there else None,
        picture=drawn[0].picture if drawn else None,
    )


def _read(body: bytes) -> telling.CodeWish:
    try:
        return _WISHES.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(field="body", reason=str(error)[:300]) from error
