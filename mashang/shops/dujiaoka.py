"""A shop of dujiaoka (独角数卡), read from its own database and never written to.

It has no accounts: a buyer proves *one order* by its number and the password given for
looking it up, and nothing is ever found by an e-mail address alone; keys were stolen that
way.  The password is compared by salted digests: what was typed never reaches the
database (whose own log may keep statements), what is stored there never reaches us.

Columns with the shop's payment secrets are selected by no statement here, and a user as
docs/integrating/dujiaoka.md makes it could not read them.

Times are stored without a zone, as the shop's PHP wrote them; the operator says which.
The session's own zone stays as the server has it, for that is how they were written.

Does not: act (nothing can be resent from here), or tell by itself what happens there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from mashang.shops import acting, contract
from mashang.shops import dujiaoka_rows as rows
from mashang.shops.connector import ShopFailed
from mashang.shops.fields import Field
from mashang.shops.mysql import PORT, Databases, Place, Row

ZONES = [
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "UTC", "Europe/London",
    "Europe/Berlin", "America/New_York", "America/Los_Angeles",
]  # fmt: skip
FIELDS = [
    Field(name="host"),
    Field(name="port", kind="number", default=str(PORT)),
    Field(name="database"),
    Field(name="user"),
    Field(name="password", kind="secret"),
    Field(name="tls", kind="choice", choices=["none", "verified"], default="none"),
    Field(name="time_zone", kind="choice", choices=ZONES, default=ZONES[0]),
]

_ORDER = f"""
    select o.order_sn, o.title, o.type, o.goods_price, o.buy_amount, o.actual_price, o.email, o.trade_no, o.status,
        case when o.status = {rows.COMPLETED} and o.type = {rows.BY_ITSELF}
            then left(o.info, {rows.LONGEST_INFO}) end as info,
        o.created_at, o.updated_at, p.pay_name, p.pay_check
    from orders o left join pays p on p.id = o.pay_id
    where o.order_sn = %s and o.deleted_at is null limit 2
"""
_KEYS = f"""
    select order_sn, type, status, char_length(info) as size,
        case when status = {rows.COMPLETED} and type = {rows.BY_ITSELF}
            then left(info, {rows.LONGEST_INFO}) end as info
    from orders where order_sn = %s and deleted_at is null limit 2
"""
_DIGEST = """
    select order_sn, sha2(concat(%s, trim(convert(search_pwd using utf8mb4))), 256) as digest
    from orders where order_sn = %s and deleted_at is null limit 2
"""
_PRODUCTS = """
    select g.id, g.gd_name, g.actual_price, g.in_stock, g.type, c.gp_name,
        exists (
            select 1 from carmis k where k.goods_id = g.id and k.status = 1 and k.deleted_at is null
        ) as unsold
    from goods g left join goods_group c on c.id = g.group_id
    where g.is_open = 1 and g.deleted_at is null
"""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator filled in and may see again."""

    host: str
    database: str
    user: str
    port: int = PORT
    tls: Literal["none", "verified"] = "none"
    time_zone: str = ZONES[0]


class Dujiaoka:
    """A shop whose database we read; `page` is the address of its pages."""

    def __init__(self, databases: Databases, page: str, settings: Settings, password: str) -> None:
        self.databases = databases
        self.zone = ZoneInfo(settings.time_zone)
        self._page = page.rstrip("/")
        self.place = Place(
            host=settings.host,
            port=settings.port,
            database=settings.database,
            user=settings.user,
            password=password,
            tls=settings.tls == "verified",
        )

    async def capabilities(self) -> contract.Capabilities:
        """What it can do; an order number has no form of its own here, any sixteen letters could be a card key."""
        await self.databases.rows(self.place, "select 1 from orders limit 1")
        name = self._page.partition("://")[2].partition("/")[0][:200]
        return contract.Capabilities(contract=contract.VERSION, name=name, proofs=["look_up_password"], reveals=True)

    async def prove(self, request: contract.ProofRequest) -> contract.ProofAnswer:
        """Compare the look-up password of one order."""
        if not isinstance(request, contract.LookUpPassword):
            raise ShopFailed("not_offered")
        number, salt = request.order_number, secrets.token_hex(16)
        row = await self._one(_DIGEST, number, salt)
        typed = hashlib.sha256((salt + request.password.strip()).encode()).hexdigest()
        stored = str(row["digest"] or "") if row else ""
        is_right = hmac.compare_digest(stored, typed) and bool(request.password.strip())
        return contract.Proved(subject=rows.subject_of(number)) if is_right else contract.NotProved()

    async def account(self, subject: str) -> contract.Account | None:  # noqa: ARG002 — there are none
        """Nobody has an account."""
        return None

    async def orders(self, subject: str, *, limit: int = 20, cursor: str = "") -> contract.Orders:  # noqa: ARG002
        """Orders are looked up one by one, never by who bought them."""
        return contract.Orders(orders=[])

    async def order(self, number: str) -> contract.Order | None:
        """One order that was not deleted."""
        row = await self._one(_ORDER, number)
        return None if row is None else rows.order(row, self.zone, self._page)

    async def shipments(self, number: str) -> list[contract.Shipment] | None:  # noqa: ARG002
        """It sends no parcels."""
        return None

    async def act(self, number: str, request: acting.ActionRequest) -> acting.ActionAnswer | None:  # noqa: ARG002
        """Nothing is done from here."""
        raise ShopFailed("not_offered")

    async def outcome(self, key: str) -> acting.ActionAnswer | None:  # noqa: ARG002
        """Nothing was ever taken in."""
        return None

    async def keys(self, number: str, request: acting.RevealRequest) -> acting.CardKeys | None:
        """The keys that a completed order delivered by itself."""
        row = await self._one(_KEYS, number) if request.line == rows.LINE else None
        return None if row is None else rows.shaped({"keys": rows.keys(row)}, acting.CardKeys)

    async def products(self, query: str = "", *, limit: int = 20) -> contract.Products:
        """What is on sale, the name that was asked for first."""
        found = await self.databases.rows(
            self.place,
            f"{_PRODUCTS} and (%s = '' or locate(%s, g.gd_name) > 0) order by g.gd_name = %s desc, g.id limit %s",
            (query, query, query, min(max(limit, 1), 100)),
        )
        return rows.shaped({"products": [rows.product(row, self._page) for row in found]}, contract.Products)

    async def product(self, id: str) -> contract.Product | None:
        """One thing that is on sale."""
        if not (id.isascii() and id.isdigit() and len(id) < 12):
            return None
        found = await self.databases.rows(self.place, f"{_PRODUCTS} and g.id = %s", (int(id),))
        return rows.shaped(rows.product(found[0], self._page), contract.Product) if found else None

    async def promotions(self) -> contract.Promotions:
        """None: coupons are told to those they are for."""
        return contract.Promotions(promotions=[])

    async def incidents(self) -> contract.Incidents:
        """None: it keeps none."""
        return contract.Incidents(incidents=[])

    async def _one(self, sql: str, number: str, *before: str) -> Row | None:
        """The order of exactly this number: the database compares without regard to case and spaces at the end."""
        if not contract.is_id(number):
            return None
        found = await self.databases.rows(self.place, sql, (*before, number))
        return next((row for row in found if row["order_sn"] == number), None)
