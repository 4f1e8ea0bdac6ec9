"""The card of one's own order: what the agent sees of it, for the customer who proved it.

Who is proved to be the account, or proved this one order by its look-up password, sees it whole; who proved it
by the last four digits sees how far it has come and nothing else.  An order that there is none of and somebody
else's are one answer.

Does not: ask the shop (`shops.own_order`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter

from mashang.channels.web import own_code
from mashang.channels.web.own_code import OwnCode
from mashang.codes import minting
from mashang.customers import Customer, Session, covering
from mashang.kit.db import Database, Tx
from mashang.kit.edge import refusals
from mashang.kit.errors import NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.sealing import Sealer
from mashang.shops import contract, own_order, pressing
from mashang.shops.actions import ActionView
from mashang.shops.adapters import Shops
from mashang.shops.events import Issued
from mashang.shops.offered import Offer
from mashang.shops.payments import ProviderPayment
from mashang.shops.questions import Ask, OwnOrder
from mashang.shops.snapshot import View
from mashang.shops.tracking import TrackedShipment

cards = Limiter(0.5, 40)  # by customer: each may ask somebody else's server
Number = Annotated[str, PathParameter(max_length=100, description="order number")]


class OrderCard(msgspec.Struct, kw_only=True):
    """An order of one's own; with `status_only` no more than its status may be told, and all the rest is empty.

    `paid` is the payment provider's own word, `url` the shop's page where its owner opens it, `anomalies` what the shop
    says is wrong, `actions` what it was asked to do, oldest first, and `offers` what may be pressed now.  `told_at` is
    when the shop answered; `stale`: it does not answer now, and this is what it said before.
    """

    number: str
    placed_at: datetime
    status: contract.OrderStatus
    status_text: str
    title: str
    status_only: bool
    codes: list[OwnCode]
    total: contract.Money | None = None
    lines: list[contract.OrderLine] = []
    payment: contract.Payment | None = None
    paid: ProviderPayment | None = None
    url: contract.Address | None = None
    shipments: list[TrackedShipment] = []
    anomalies: list[contract.Anomaly] = []
    actions: list[ActionView] = []
    offers: list[Offer] = []
    told_at: datetime | None = None
    stale: bool = False


@get("/orders/{number:str}", responses=refusals(NotSignedIn, NotFound, TooMany))
async def show_order(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
    number: Number,
) -> OrderCard:
    """An order that one proved, or of the account that one is; any other is not found, whether it exists or not."""
    who = session.customer
    seen, order = await known(db, shops, who, number)
    async with db.transaction() as tx:
        return await drawn(tx, sealer, who, seen, order)


async def known(db: Database, shops: Shops, who: Customer, number: str) -> tuple[View, OwnOrder]:
    """What this customer may know of an order; raises NotFound, TooMany, ShopFailed."""
    async with db.transaction() as tx:
        ask = await _ask_of(tx, who, number)
    cards.take(str(who.id))
    return await own_order.known(db, shops, who.family or [who.id], ask)


async def _ask_of(tx: Tx, who: Customer, number: str) -> Ask:
    if not contract.is_id(number):
        raise NotFound
    owner = None if who.subject else await covering.owner_of(tx, who, number)
    shop_id = who.shop_id if who.subject else who.orders_shop_id
    if shop_id is None or (who.subject or owner) is None:
        raise NotFound
    parts = [*own_order.PARTS] if owner is None or owner.whole else ["order"]
    return Ask(shop_id=shop_id, subject=who.subject, order_number=number, parts=parts, **Ask.of_order(owner))


async def drawn(tx: Tx, sealer: Sealer, who: Customer, seen: View, order: OwnOrder) -> OrderCard:
    """The card of what is known."""
    first, more = order.lines[0], len(order.lines) - 1
    stale = "order" in seen.missing
    card = OrderCard(
        number=order.number,
        placed_at=order.placed_at,
        status=order.status,
        status_text=order.status_text,
        title=f"{first.product} ×{first.quantity}" + (f" +{more}" if more else ""),
        status_only=order.status_only,
        codes=[],
        told_at=None if stale else seen.answered_at or None,
        stale=stale,
    )
    if order.status_only:
        return card
    pressed, offers = await _pressed(tx, who, order)
    return msgspec.structs.replace(
        card,
        codes=[own_code.view(one) for one in await minting.of_order(tx, sealer, who, order.number)],
        total=order.total,
        lines=[_with(line, seen.issued) for line in order.lines],
        payment=order.payment and msgspec.structs.replace(order.payment, reference=None),
        paid=seen.payment or None,
        url=order.url,
        shipments=seen.shipments,
        actions=pressed,
        offers=offers,
        anomalies=[*([order.anomaly] if order.anomaly else []), *seen.reported],
    )


def _with(line: contract.OrderLine, issued: list[Issued]) -> contract.OrderLine:
    """The line with what the shop told of it by itself and its record does not say yet."""
    said = {(one.at, one.action, one.key_masked) for one in line.issue_record}
    told = [one.entry for one in issued if one.line == line.id]
    more = [one for one in told if (one.at, one.action, one.key_masked) not in said]
    return msgspec.structs.replace(line, issue_record=sorted([*line.issue_record, *more], key=lambda one: one.at))


async def _pressed(tx: Tx, who: Customer, order: OwnOrder) -> tuple[list[ActionView], list[Offer]]:
    owner = await covering.acting_for(tx, who, order.number)
    if owner is None:
        return [], []
    shop_id, subject = owner
    return await pressing.beside(tx, shop_id, order, "customer", subject=subject, barred={})


ROUTES = [show_order]
