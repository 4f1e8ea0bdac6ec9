"""The parts of a shop's knowledge, and the question that fetches each; all are asked at once.

What is not there in less than two seconds is left behind.  An order is somebody's own
only when the shop says it belongs to the very account the customer proved; of one that
was proved by the last four digits alone only the status is kept: no keys, payment or targets.

Does not: keep anything (`context`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from mashang.shops import contract
from mashang.shops.connector import Connector, ShopFailed

PARTS = ("account", "order", "orders", "incidents", "promotions")
CAPABILITIES = "capabilities"  # asked once beside the parts: what the shop can do
ABOUT_A_CUSTOMER = frozenset({"account", "order", "orders"})
ANSWER_WITHIN = timedelta(seconds=1.8)

Found = dict[str, Any]
Failed = dict[str, ShopFailed]


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
    status_only: bool = False


class Ask(msgspec.Struct, kw_only=True):
    """What is to be asked; kept in the snapshot, so that anybody can take it up."""

    shop_id: int | None
    subject: str | None
    order_number: str | None
    parts: list[str]
    status_of: str | None = None  # owner of the order, when only its status may be told


async def ask_all(connector: Connector, ask: Ask, parts: Iterable[str]) -> tuple[Found, Failed]:
    """Every part at once; those that are late are left behind."""
    tasks = {part: asyncio.ensure_future(_QUESTIONS[part](connector, ask)) for part in parts}
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
    if order is None or order.subject != (ask.subject or ask.status_of):
        return None
    told = msgspec.structs.asdict(order)
    own = OwnOrder(**{name: told[name] for name in OwnOrder.__struct_fields__ if name in told})
    return own if ask.subject else _status_of(own)


def _status_of(order: OwnOrder) -> OwnOrder:
    """What may be told of an order to somebody who knows four digits: how far it has come."""
    lines = [
        msgspec.structs.replace(
            line, issue_record=[], delivery=msgspec.structs.replace(line.delivery, recharge_target_masked=None)
        )
        for line in order.lines
    ]
    return msgspec.structs.replace(order, lines=lines, payment=None, status_only=True)


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
