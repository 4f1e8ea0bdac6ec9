"""Product and link cards: what the shop sells, in the shop's own words, with a button to its own page.

A card is a message whose words say the same: a channel or a page that shows no cards
loses nothing.  It is built here from what the shop answers at that moment, never from what
a browser says, and only for an address on the registered sites: whoever gets a card may
trust where it leads.  Its picture is a copy of ours (`card_pictures`): a customer's page
loads nothing from another host.

Does not: fetch a page (a link's card names the site and the address), or draw.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import msgspec

from mashang.conversations.attachments import Attachment
from mashang.conversations.conversation import Conversation
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.shops import asking, contract, site
from mashang.shops.adapters import Shops
from mashang.shops.connector import Connector

Kind = Literal["product", "promotion"]
_LONGEST_ADDRESS = 2000
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€"}


class CardElsewhere(Refusal):
    """It leads to a host that is none of ours: `host`."""

    status, code = 409, "card_elsewhere"


class Card(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a card shows; `price` is as people read it, `host` is where the button leads."""

    kind: Literal["product", "promotion", "link"]
    title: str
    url: str
    host: str
    price: str = ""
    note: str = ""
    picture: Attachment | None = None


class Offered(msgspec.Struct):
    """Something of the shop that can be sent as a card; `id` is the shop's."""

    kind: Kind
    id: str
    title: str
    price: str
    note: str
    in_stock: bool


async def offered(db: Database, shops: Shops, found: Conversation, query: str) -> list[Offered]:
    """What fits a search in the conversation's shop, best first; its promotions when nothing is asked for.

    Nothing where the site has no shop.  Raises ShopFailed.
    """
    shop_id = await _shop_of(db, found)
    if shop_id is None:
        return []

    async def question(shop: Connector) -> list[Offered]:
        products = (await shop.products(query, limit=20)).products
        promotions = [] if query else (await shop.promotions()).promotions
        return [_promotion(one) for one in promotions if one.url] + [_product(one) for one in products]

    return await asking.ask(db, shops, shop_id, question)


async def card(db: Database, shops: Shops, found: Conversation, kind: Kind, id: str) -> tuple[Card, str]:
    """The card of a product or promotion, as the shop tells it now, and where its picture is ("": nowhere).

    Raises NotFound, CardElsewhere, ShopFailed.
    """
    shop_id = await _shop_of(db, found)
    if shop_id is None:
        raise NotFound

    async def question(shop: Connector) -> tuple[Card, str] | None:
        if kind == "product":
            product = await shop.product(id)
            return (_of_product(product), product.image_url or "") if product else None
        promotions = (await shop.promotions()).promotions
        return next(((_of_promotion(one, one.url), "") for one in promotions if one.id == id and one.url), None)

    made = await asking.ask(db, shops, shop_id, question)
    if made is None:
        raise NotFound
    async with db.transaction() as tx:
        if await site_at(tx, made[0].url) is None:
            raise CardElsewhere(host=made[0].host)
    return made


async def link(tx: Tx, text: str) -> Card | None:
    """The card of a message that is nothing but an address on a registered site."""
    address = text.strip()
    if not address.startswith(("https://", "http://")) or len(address) > _LONGEST_ADDRESS or len(address.split()) > 1:
        return None
    name = await site_at(tx, address)
    return Card(kind="link", title=name, url=address, host=_host(address)) if name else None


async def site_at(tx: Tx, address: str) -> str | None:
    """The name of the registered site this address is on."""
    try:
        parts = urlsplit(address)
        origin = site.normal_origin(f"{parts.scheme}://{parts.netloc}")
    except (ValueError, Invalid):
        return None
    name: str | None = await tx.value(
        "select name from site where archived_at is null and %s = any (origins) order by id limit 1", (origin,)
    )
    return name


def words(card: Card) -> str:
    """What the card says, as a text."""
    return "\n".join(filter(None, (" ".join(filter(None, (card.title, card.price))), card.url)))


async def _shop_of(db: Database, found: Conversation) -> int | None:
    async with db.transaction() as tx:
        shop_id: int | None = await tx.value("select shop_id from site where id = %s", (found.site_id,))
    return shop_id


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _price(money: contract.Money) -> str:
    sign = _SIGNS.get(money.currency)
    return f"{sign}{money.amount}" if sign else f"{money.amount} {money.currency}"


def _product(one: contract.Product) -> Offered:
    return Offered("product", one.id, one.name, _price(one.price), one.summary or one.delivery_time, one.in_stock)


def _promotion(one: contract.Promotion) -> Offered:
    return Offered("promotion", one.id, one.title, "", one.text, in_stock=True)


def _of_product(one: contract.Product) -> Card:
    note = one.delivery_time or one.summary
    return Card(
        kind="product", title=one.name, price=_price(one.price), note=note[:200], url=one.url, host=_host(one.url)
    )


def _of_promotion(one: contract.Promotion, url: str) -> Card:
    return Card(kind="promotion", title=one.title, note=one.text[:200], url=url, host=_host(url))
