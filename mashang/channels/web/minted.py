"""Minted codes as their owner sees them: what a typed one is, and the code of one's own order.

Who proved nothing hears one answer to every code with a right check character, and the table
of codes is not asked for it.  Who is proved hears "yours" or "not yours"; another's, one
that never was and one that was revoked long ago are "not yours" alike.  Who proved one order by its
last four sees its status: no codes of it, and none is minted for them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang.channels.web import order_card
from mashang.channels.web.order_card import Number, OrderCard, cards
from mashang.codes import links, minting, renewal
from mashang.codes.links import CodeLink
from mashang.codes.minting import Draft, MintedCode
from mashang.codes.renewal import NotRenewable
from mashang.customers import Customer, Session, covering
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import asking, contract
from mashang.shops import site as sites
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed
from mashang.shops.questions import OwnOrder

_SCENE = "card"
_SETTLED = ("refunded", "cancelled")
_MOST_PAGES = 5
_MOST_LISTED = 20


class CardWish(msgspec.Struct, forbid_unknown_fields=True):
    """`renew`: let the code live on that there is; without it one is minted where none is good."""

    renew: bool = False


def standing_of(who: Customer, own: MintedCode | None) -> Literal["noted", "yours", "not_yours"]:
    """What this customer hears of a code with a right check character."""
    if not who.proved and not who.proved_orders:
        return "noted"
    return "not_yours" if own is None or own.state == "revoked" else "yours"


@post(
    "/orders/{number:str}/code",
    status_code=200,
    responses=refusals(NotSignedIn, NotFound, NotRenewable, TooMany, Invalid),
)
async def mint_code(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    sealer: NamedDependency[Sealer],
    *,
    session: NamedDependency[Session],
    number: Number,
    data: JSONBody[CardWish],
) -> OrderCard:
    """The service code of one's own order: the one there is, or a new one; with `renew`, the same for longer."""
    who = session.customer
    shop_id, subject = await _acting_for(db, who, number)
    seen, order = await order_card.known(db, shops, who, number)
    async with db.transaction() as tx:
        draft = Draft(
            shop_id=shop_id,
            subject=subject,
            order_number=number,
            scene=_SCENE,
            expires_at=clock.now() + minting.LASTS,
        )
        held = await minting.of_order(tx, sealer, who, number)
        if data.renew:
            await _renew(tx, sealer, order, held)
        elif not any(one.state == "live" for one in held):
            await minting.mint(tx, sealer, draft, "customer")
        return await order_card.drawn(tx, sealer, who, seen, order)


@get("/orders/{number:str}/links", responses=refusals(NotSignedIn, NotFound, TooMany))
async def show_links(
    request: Asking,
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    sealer: NamedDependency[Sealer],
    *,
    settings: NamedDependency[Settings],
    session: NamedDependency[Session],
    number: Number,
) -> list[CodeLink]:
    """Link and QR code of the service codes of one's own order that are good now."""
    who = session.customer
    await _acting_for(db, who, number)
    await own_order(db, shops, who, number)
    async with db.transaction() as tx:
        there = await links.place(tx, request, settings, await sites.by_id(tx, session.site_id))
        held = await minting.of_order(tx, sealer, who, number)
        labels = await links.labels_of(tx, [one for one in held if one.state == "live"], locale_of(request))
    return (await links.sheet(there, labels)).links


async def _acting_for(db: Database, who: Customer, number: str) -> tuple[int, str]:
    """Raises NotFound for who proved nothing of this order, or four digits only."""
    async with db.transaction() as tx:
        owner = await covering.acting_for(tx, who, number)
    if owner is None:
        raise NotFound
    return owner


async def _renew(tx: Tx, sealer: Sealer, order: OwnOrder, held: list[MintedCode]) -> None:
    """All that can be; raises NotRenewable where none is good then."""
    demand_unsettled(order)
    why_not, is_good = NotRenewable(reason="revoked"), False
    for one in held:
        try:
            is_good |= (await renewal.renew(tx, sealer, one)).state == "live"
        except NotRenewable as refused:
            is_good |= one.state == "live"
            why_not = refused
    if not is_good:
        raise why_not


def demand_unsettled(order: contract.Order | OwnOrder) -> None:
    """Raise NotRenewable for an order that is over: what is asked of it still needs no code."""
    if order.status in _SETTLED:
        raise NotRenewable(reason="settled")


async def own_order(db: Database, shops: Shops, who: Customer, number: str) -> tuple[contract.Order, str]:
    """The order and whose it is, when this customer may know; raises NotFound, TooMany, ShopFailed."""
    shop_id = who.shop_id or who.orders_shop_id
    async with db.transaction() as tx:
        owner = None if who.subject else await covering.owner_of(tx, who, number)
    subject = owner.subject if owner else who.subject
    if subject is None or shop_id is None:
        raise NotFound
    cards.take(str(who.id))
    order = await asking.ask(db, shops, shop_id, lambda shop: shop.order(number))
    if order is None or order.subject != subject:
        raise NotFound
    return order, subject


class OrderChoice(msgspec.Struct):
    """One of one's own orders, to choose from."""

    number: str
    title: str
    placed_at: datetime
    status_text: str


class OwnOrders(msgspec.Struct):
    """One's own orders, newest first; `answered`: the shop said which they are."""

    orders: list[OrderChoice]
    answered: bool = True


@get("/orders", responses=refusals(NotSignedIn, TooMany))
async def list_orders(
    db: NamedDependency[Database], shops: NamedDependency[Shops], session: NamedDependency[Session]
) -> OwnOrders:
    """Own orders to choose from: all of an account, those that were proved one by one, none of a stranger."""
    who = session.customer
    if not who.proved and not who.proved_orders:
        return OwnOrders([])
    try:
        return OwnOrders((await ending_in(db, shops, who, "", pages=1))[:_MOST_LISTED])
    except ShopFailed:
        return OwnOrders([], answered=False)


async def ending_in(
    db: Database, shops: Shops, who: Customer, digits: str, *, pages: int = _MOST_PAGES
) -> list[OrderChoice]:
    """This proved customer's orders whose number ends in `digits`, newest first.

    Who proved single orders only has those; raises TooMany, ShopFailed.
    """
    if not who.proved:
        return [order for number in who.proved_orders if (order := await _single(db, shops, who, number, digits))]
    cards.take(str(who.id))
    found: list[contract.OrderSummary] = []
    cursor = ""
    for _ in range(pages):
        page = await _orders(db, shops, who, cursor)
        found += [order for order in page.orders if _digits(order.number).endswith(digits)]
        cursor = page.next or ""
        if not cursor:
            break
    return [OrderChoice(order.number, order.title, order.placed_at, order.status_text) for order in found]


async def _orders(db: Database, shops: Shops, who: Customer, cursor: str) -> contract.Orders:
    if who.shop_id is None or who.subject is None:
        return contract.Orders(orders=[])
    subject = who.subject
    return await asking.ask(db, shops, who.shop_id, lambda shop: shop.orders(subject, limit=100, cursor=cursor))


async def _single(db: Database, shops: Shops, who: Customer, number: str, digits: str) -> OrderChoice | None:
    if not _digits(number).endswith(digits):
        return None
    try:
        order, _ = await own_order(db, shops, who, number)
    except NotFound:
        return None
    return OrderChoice(number, order.lines[0].product, order.placed_at, order.status_text)


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit())


ROUTES = [list_orders, mint_code, show_links]
