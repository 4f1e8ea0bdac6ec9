"""Minted codes as their owner sees them: what a typed one is, and the code of one's own order.

Who proved nothing hears one answer to every code with a right check character, and the table
of codes is not asked for it.  Who is proved hears "yours" or "not yours"; another's, one
that never was and one that was revoked long ago are "not yours" alike.  Who proved one order by its
last four sees its status: no codes of it, and none is minted for them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from mashang.codes import links, minting, renewal
from mashang.codes.links import CodeLink
from mashang.codes.minting import Draft, MintedCode
from mashang.codes.renewal import NotRenewable
from mashang.customers import Customer, Session, proof
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import asking, contract
from mashang.shops import site as sites
from mashang.shops.http import Shops

_cards = Limiter(0.5, 20)  # by customer: each asks somebody else's server
_SCENE = "card"
_SETTLED = ("refunded", "cancelled")
_MOST_PAGES = 5
Number = Annotated[str, PathParameter(max_length=100, description="order number")]


class OwnCode(msgspec.Struct):
    """A code of one's own; `state` says whether it is good now, `renewable` whether it could live longer."""

    id: str
    code: str
    state: minting.State
    order_number: str | None
    campaign: str | None
    expires_at: datetime | None
    renewable: bool


class OrderCard(msgspec.Struct):
    """An order of one's own; with `status_only` no more than its status may be told."""

    number: str
    placed_at: datetime
    status: contract.OrderStatus
    status_text: str
    title: str
    status_only: bool
    codes: list[OwnCode]


class CardWish(msgspec.Struct, forbid_unknown_fields=True):
    """`renew`: let the code live on that there is; without it one is minted where none is good."""

    renew: bool = False


def standing_of(who: Customer, own: MintedCode | None) -> Literal["noted", "yours", "not_yours"]:
    """What this customer hears of a code with a right check character."""
    if not who.proved and not who.proved_orders:
        return "noted"
    return "not_yours" if own is None or own.state == "revoked" else "yours"


def view(own: MintedCode) -> OwnCode:
    """A code as its owner sees it."""
    may = renewal.may_be_renewed(own, clock.now()) and own.campaign is None
    return OwnCode(own.public_id, own.code, own.state, own.order_number, own.campaign, own.expires_at, may)


@get("/orders/{number:str}", responses=refusals(NotSignedIn, NotFound, TooMany))
async def show_order(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
    number: Number,
) -> OrderCard:
    """An order that one proved, or of the account that one is; any other is not found, whether it exists or not."""
    return await _card(db, shops, sealer, session.customer, number)


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
    if not who.proved:
        raise NotFound
    order, subject = await own_order(db, shops, who, number)
    async with db.transaction() as tx:
        draft = Draft(
            shop_id=who.shop_id,
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
        return await _shown(tx, sealer, who, order)


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
    if not who.proved:
        raise NotFound
    await own_order(db, shops, who, number)
    async with db.transaction() as tx:
        there = await links.place(tx, request, settings, await sites.by_id(tx, session.site_id))
        held = await minting.of_order(tx, sealer, who, number)
        labels = await links.labels_of(tx, [one for one in held if one.state == "live"], locale_of(request))
    return (await links.sheet(there, labels)).links


async def _renew(tx: Tx, sealer: Sealer, order: contract.Order, held: list[MintedCode]) -> None:
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


def demand_unsettled(order: contract.Order) -> None:
    """Raise NotRenewable for an order that is over: what is asked of it still needs no code."""
    if order.status in _SETTLED:
        raise NotRenewable(reason="settled")


async def _card(db: Database, shops: Shops, sealer: Sealer, who: Customer, number: str) -> OrderCard:
    order, _ = await own_order(db, shops, who, number)
    async with db.transaction() as tx:
        return await _shown(tx, sealer, who, order)


async def own_order(db: Database, shops: Shops, who: Customer, number: str) -> tuple[contract.Order, str]:
    """The order and whose it is, when this customer may know; raises NotFound, TooMany, ShopFailed."""
    shop_id = who.shop_id or who.orders_shop_id
    async with db.transaction() as tx:
        subject = who.subject or await proof.owner_of(tx, who, number)
    if subject is None or shop_id is None:
        raise NotFound
    _cards.take(str(who.id))
    order = await asking.ask(db, shops, shop_id, lambda shop: shop.order(number))
    if order is None or order.subject != subject:
        raise NotFound
    return order, subject


async def _shown(tx: Tx, sealer: Sealer, who: Customer, order: contract.Order) -> OrderCard:
    first, more = order.lines[0], len(order.lines) - 1
    return OrderCard(
        number=order.number,
        placed_at=order.placed_at,
        status=order.status,
        status_text=order.status_text,
        title=f"{first.product} ×{first.quantity}" + (f" +{more}" if more else ""),
        status_only=not who.proved,
        codes=[view(one) for one in await minting.of_order(tx, sealer, who, order.number)] if who.proved else [],
    )


class OrderChoice(msgspec.Struct):
    """One of one's own orders, to choose from."""

    number: str
    title: str
    placed_at: datetime
    status_text: str


async def ending_in(db: Database, shops: Shops, who: Customer, digits: str) -> list[OrderChoice]:
    """This proved customer's orders whose number ends in `digits`, newest first.

    Who proved single orders only has those; raises TooMany, ShopFailed.
    """
    if not who.proved:
        return [order for number in who.proved_orders if (order := await _single(db, shops, who, number, digits))]
    _cards.take(str(who.id))
    found: list[contract.OrderSummary] = []
    cursor = ""
    for _ in range(_MOST_PAGES):
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


ROUTES = [show_order, mint_code, show_links]
