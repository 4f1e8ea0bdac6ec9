"""Is a dujiaoka shop's database right to be read?  Asked one thing at a time, for whoever connects it.

It names what is missing and what is too much: a user who may write, or read the shop's
payment secrets, is told with the way to make a better one (docs/integrating/dujiaoka.md).
No row of anybody's is looked at, but the order that was given to look at.

Does not: change anything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from mashang.kit import clock
from mashang.shops import contract
from mashang.shops.check import CannotTry, Check, Subject, Wrong, tried
from mashang.shops.connector import ShopFailed
from mashang.shops.dujiaoka import Dujiaoka

COLUMNS = {
    "orders": (
        "order_sn", "title", "type", "goods_price", "buy_amount", "actual_price", "email", "search_pwd", "info",
        "pay_id", "trade_no", "status", "created_at", "updated_at", "deleted_at",
    ),
    "goods": ("id", "group_id", "gd_name", "actual_price", "in_stock", "type", "is_open", "deleted_at"),
    "goods_group": ("id", "gp_name"),
    "carmis": ("goods_id", "status", "deleted_at"),
    "pays": ("id", "pay_name", "pay_check"),
}  # fmt: skip
_SECRETS = {"pays": ("merchant_key", "merchant_pem"), "carmis": ("carmi",)}
_HARMLESS = ("USAGE", "SELECT", "SHOW VIEW")
_AHEAD = timedelta(minutes=10)  # clocks differ that much


class Visit:
    """One run of all checks against one database."""

    def __init__(self, shop: Dujiaoka, given: Subject | None = None) -> None:
        self.shop = shop
        self.order = given.order if given else ""
        self.capabilities: contract.Capabilities | None = None

    async def checks(self) -> AsyncIterator[Check]:
        """Each check as it is done; of a database that is not there, or refuses us, the rest would say nothing true."""
        hindered = ""
        for name, attempt in _CHECKS:
            if hindered:
                yield Check(name, None, {"reason": hindered})
                continue
            check = await tried(name, attempt(self))
            if name == "database" and not check.ok:
                hindered = "not_tried"
            yield check

    async def database(self) -> dict[str, Any]:
        """It is there, and lets us in."""
        (row,) = await self._rows("select version() as version")
        return {"version": row["version"]}

    async def tables(self) -> None:
        """Every table and column that is read can be read."""
        missing = []
        for table, columns in COLUMNS.items():
            if not await self._readable(table, columns):
                missing += [f"{table}.{one}" for one in columns if not await self._readable(table, (one,))]
        if missing:
            raise Wrong("columns_missing", columns=", ".join(missing))
        self.capabilities = await self.shop.capabilities()

    async def reads_only(self) -> None:
        """The user's rights say SELECT and nothing else."""
        grants = [str(next(iter(row.values()))) for row in await self._rows("show grants")]
        too_much = [one for one in grants if not all(_is_harmless(right) for right in _rights(one))]
        if too_much:
            raise Wrong("may_write")

    async def secrets_unread(self) -> None:
        """The shop's payment secrets and unsold keys are closed to this user."""
        open_ones = [
            f"{table}.{one}"
            for table, columns in _SECRETS.items()
            for one in columns
            if await self._readable(table, (one,))
        ]
        if open_ones:
            raise Wrong("reads_secrets", columns=", ".join(open_ones))

    async def clock(self) -> None:
        """With the time zone that was chosen no order lies in the future."""
        (row,) = await self._rows("select max(created_at) as newest from orders")
        newest = row["newest"]
        if not isinstance(newest, datetime):
            raise CannotTry("no_order")
        if newest.replace(tzinfo=self.shop.zone) > clock.now() + _AHEAD:
            raise Wrong("time_zone")

    async def products(self) -> dict[str, Any]:
        """What is on sale can be told."""
        return {"count": len((await self.shop.products(limit=5)).products)}

    async def order_shape(self) -> dict[str, Any]:
        """The order that was given is told whole."""
        if not self.order:
            raise CannotTry("no_order")
        found = await self.shop.order(self.order)
        if found is None:
            raise Wrong("no_such_order")
        return {"count": sum(len(line.issue_record) for line in found.lines)}

    async def _readable(self, table: str, columns: tuple[str, ...]) -> bool:
        try:
            await self._rows(f"select {', '.join(columns)} from {table} limit 0")
        except ShopFailed as failure:
            if failure.reason not in ("refused_us", "malformed"):
                raise
            return False
        return True

    async def _rows(self, sql: str) -> list[dict[str, Any]]:
        return await self.shop.databases.rows(self.shop.place, sql)


def _rights(grant: str) -> list[str]:
    """GRANT SELECT (a, b), INSERT ON … → SELECT, INSERT; a role is a right of its own name."""
    told = grant.removeprefix("GRANT ").partition(" ON ")[0]
    depth, rights = 0, [""]
    for letter in told:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            rights.append("")
        else:
            rights[-1] += letter
    return [one.strip().upper() for one in rights]


def _is_harmless(right: str) -> bool:
    return right.partition("(")[0].strip() in _HARMLESS


_CHECKS: tuple[tuple[str, Callable[[Visit], Awaitable[dict[str, Any] | None]]], ...] = (
    ("database", Visit.database),
    ("database_columns", Visit.tables),
    ("database_reads_only", Visit.reads_only),
    ("database_secrets", Visit.secrets_unread),
    ("database_clock", Visit.clock),
    ("database_products", Visit.products),
    ("database_order", Visit.order_shape),
)
NAMES = tuple(name for name, _ in _CHECKS)
