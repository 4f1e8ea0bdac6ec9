"""The parts of a shop's knowledge, and the question that fetches each; all are asked at once.

What is not there in less than two seconds is left behind.  An order is somebody's own
only when the shop says it belongs to the very account the customer proved; of one that
was proved by the last four digits alone only the status is kept: no keys, payment or targets.

Does not: keep anything (`context`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from mashang.shops import contract
from mashang.shops.connector import Connector, ShopFailed

PARTS = ("account", "order", "payment", "shipments", "orders", "incidents", "promotions")
INCIDENTS = "incidents"
CAPABILITIES = "capabilities"  # asked once beside the parts: what the shop can do
ABOUT_A_CUSTOMER = frozenset({"account", "order", "payment", "shipments", "orders"})
ABOUT_AN_ORDER = frozenset({"order", "payment", "shipments"})  # the others are asked once it is found to be the owner's
ANSWER_WITHIN = timedelta(seconds=1.8)

Found = dict[str, Any]
Failed = dict[str, ShopFailed]
Beside = Callable[["OwnOrder", float], Awaitable[Any]]  # about an order, until when (of the loop's clock)


class OwnOrder(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The customer's own order, as the shop told it."""

    number: str
    placed_at: datetime
    status: contract.OrderStatus
    status_text: str
    total: contract.Money
    lines: list[contract.OrderLine]
    payment: contract.Payment | None = None
    anomaly: contract.Anomaly | None = None
    url: contract.Address | None = None
    status_only: bool = False


class OrderOwner(msgspec.Struct, frozen=True):
    """Whose one order is that somebody proved; `whole`: all of it may be told, else no more than its status."""

    subject: str
    whole: bool


class Ask(msgspec.Struct, kw_only=True):
    """What is to be asked; kept in the snapshot, so that anybody can take it up."""

    shop_id: int | None
    subject: str | None
    order_number: str | None
    parts: list[str]
    status_of: str | None = None  # owner of the order, when only its status may be told
    order_of: str | None = None  # owner of the order, when all of it may be told and nothing else of its owner

    @property
    def owner(self) -> str | None:
        """The account to which all of the order may be told."""
        return self.subject or self.order_of

    @staticmethod
    def of_order(owner: OrderOwner | None) -> dict[str, str]:
        """The fields that say how much of one order may be told."""
        return {} if owner is None else {"order_of" if owner.whole else "status_of": owner.subject}


async def ask_all(
    connector: Connector, ask: Ask, parts: Sequence[str], *, ships: bool = False, beside: Beside | None = None
) -> tuple[Found, Failed]:
    """Every part at once; those that are late are left behind.

    `ships`: the shop tells of parcels, as far as known.  `beside`: whom else to ask about the order, for `payment`.
    """
    until = asyncio.get_running_loop().time() + ANSWER_WITHIN.total_seconds()
    tasks: dict[str, asyncio.Future[Any]] = {
        part: asyncio.ensure_future(_QUESTIONS[part](connector, ask)) for part in parts if part in _QUESTIONS
    }
    if "shipments" in parts:
        tasks["shipments"] = asyncio.ensure_future(_shipments(connector, tasks, ships=ships))
    if "payment" in parts and beside is not None:
        tasks["payment"] = asyncio.ensure_future(_payment(beside, tasks, until))
    _done, late = await asyncio.wait(tasks.values(), timeout=ANSWER_WITHIN.total_seconds())
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    found: Found = {}
    failed: Failed = {}
    for part, task in tasks.items():
        try:
            found[part] = _in_time(task)
        except ShopFailed as failure:
            failed[part] = failure
    return found, failed


def _in_time(task: asyncio.Future[Any]) -> Any:
    if task.cancelled():
        raise ShopFailed("timed_out")
    return task.result()


async def _own_order(connector: Connector, ask: Ask) -> OwnOrder | None:
    order = await connector.order(ask.order_number or "")
    if order is None or order.subject != (ask.owner or ask.status_of):
        return None
    told = msgspec.structs.asdict(order)
    own = OwnOrder(**{name: told[name] for name in OwnOrder.__struct_fields__ if name in told})
    return own if ask.owner else _status_of(own)


def _status_of(order: OwnOrder) -> OwnOrder:
    """What may be told of an order to somebody who knows four digits: how far it has come."""
    lines = [
        msgspec.structs.replace(
            line, issue_record=[], delivery=msgspec.structs.replace(line.delivery, recharge_target_masked=None)
        )
        for line in order.lines
    ]
    return msgspec.structs.replace(order, lines=lines, payment=None, url=None, status_only=True)


async def _shipments(
    connector: Connector, asked: dict[str, asyncio.Future[Any]], *, ships: bool
) -> list[contract.Shipment]:
    """The parcels of the order that is asked for beside: only its owner's, and only a shop's that tells of any."""
    order: OwnOrder | None = await asyncio.shield(asked["order"])
    if CAPABILITIES in asked:
        ships = (await asyncio.shield(asked[CAPABILITIES])).shipments
    if order is None or not ships:
        return []
    found = await connector.shipments(order.number) or []
    lines = {line.id for line in order.lines}
    if any(not lines.issuperset(one.lines) for one in found):
        raise ShopFailed("malformed", "a parcel with lines of another order")
    return found


async def _payment(beside: Beside, asked: dict[str, asyncio.Future[Any]], until: float) -> Any:
    """How the order that is asked for beside was paid, only its owner's."""
    order: OwnOrder | None = await asyncio.shield(asked["order"])
    return None if order is None or order.status_only else await beside(order, until)


async def _account(connector: Connector, ask: Ask) -> contract.Account | None:
    account = await connector.account(ask.subject or "")
    if account is not None and account.subject != ask.subject:
        raise ShopFailed("malformed", "the answer is about another account")
    return account


async def _orders(connector: Connector, ask: Ask) -> list[contract.OrderSummary]:
    return (await connector.orders(ask.subject or "", limit=10)).orders


async def _incidents(connector: Connector, _ask: Ask) -> list[contract.Incident]:
    return (await connector.incidents()).incidents


async def _promotions(connector: Connector, _ask: Ask) -> list[contract.Promotion]:
    return (await connector.promotions()).promotions


async def _capabilities(connector: Connector, _ask: Ask) -> contract.Capabilities:
    return await connector.capabilities()


_QUESTIONS: dict[str, Callable[[Connector, Ask], Awaitable[Any]]] = {
    "account": _account,
    "order": _own_order,
    "orders": _orders,
    "incidents": _incidents,
    "promotions": _promotions,
    CAPABILITIES: _capabilities,
}
