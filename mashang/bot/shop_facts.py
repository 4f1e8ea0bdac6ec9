"""The facts of `facts` out of what the shop, the payment provider and the carrier answered.

Of an order proved by the last four digits nothing but its status becomes a fact.

Does not: ask anybody (`looking_up`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from mashang.bot.facts import Known
from mashang.shops import contract
from mashang.shops.events import Issued
from mashang.shops.incident import Incident
from mashang.shops.payments import ProviderPayment
from mashang.shops.questions import OwnOrder
from mashang.shops.tracking import TrackedShipment

_FROM_ITS_BUYER = ("failed", "waiting", "issued", "delivered")
_STATUS_ONLY = ("order.number", "order.title", "order.status", "order.status_text", "order.placed_at", "order.minutes")
LONGEST_NAME = 40
_UNDER_WAY = ("paid", "partly_delivered")


def of_order(order: OwnOrder, now: datetime) -> Known:
    """How far it has come; of several lines the one that is furthest from its buyer."""
    line = the_line(order)
    paid = order.payment
    paid_at = (paid.paid_at or order.placed_at) if paid and paid.status == "paid" else None
    known: Known = {
        "order.number": order.number,
        "order.title": f"{short(line.product)} ×{line.quantity}",
        "order.status": order.status,
        "order.status_text": order.status_text,
        "order.status_only": order.status_only,
        "order.placed_at": _at(order.placed_at),
        "order.minutes": _minutes(order.placed_at, now),
        "order.total": _money(order.total),
        "order.lines": len(order.lines),
        "order.line": line.id,
        "order.product": line.product,
        "order.quantity": line.quantity,
        "order.kind": line.delivery.kind,
        "order.state": line.delivery.state,
        "order.delivered_at": _at(line.delivery.at),
        "order.expected_at": _at(line.delivery.expected_at),
        "order.minutes_left": _minutes_left(line.delivery.expected_at, now),
        "order.target": line.delivery.recharge_target_masked,
        "order.paid_by": paid.method if paid else None,
        "order.payment": paid.status if paid else None,
        "order.paid_at": _at(paid_at),
        "order.minutes_since_paid": _minutes(paid_at, now),
        "order.anomaly": order.anomaly.kind if order.anomaly else None,
        "order.anomaly_text": order.anomaly.text if order.anomaly else None,
    }
    if order.status_only:
        return {name: known[name] for name in (*_STATUS_ONLY, "order.status_only")}
    return known


def the_line(order: OwnOrder) -> contract.OrderLine:
    """The line a diagnosis is about."""
    return min(order.lines, key=lambda line: _FROM_ITS_BUYER.index(line.delivery.state))


def of_orders(orders: Sequence[contract.OrderSummary]) -> Known:
    """The newest, and how many there are."""
    last = orders[0] if orders else None
    return {
        "orders.count": len(orders),
        "orders.unfinished": sum(one.status in _UNDER_WAY for one in orders),
        "orders.last_number": last.number if last else None,
        "orders.last_title": last.title if last else None,
        "orders.last_status": last.status if last else None,
        "orders.last_status_text": last.status_text if last else None,
    }


def of_account(account: contract.Account) -> Known:
    """Who it is, and what is left on it."""
    return {
        "account.name": account.name,
        "account.tier": account.tier or None,
        "account.balance": _money(account.balance),
        "account.phone": account.phone_masked,
    }


def of_payment(payment: ProviderPayment) -> Known:
    """The payment provider's own word."""
    return {
        "payment.provider": payment.provider,
        "payment.status": payment.status,
        "payment.paid_at": _at(payment.paid_at),
        "payment.amount": _money(payment.amount),
        "payment.notified": payment.notified,
        "payment.differs": payment.differs,
    }


def of_issues(order: OwnOrder, issued: Sequence[Issued]) -> Known | None:
    """The card-issue record of its line, with what the shop told of it by itself; None: nothing was issued."""
    line = the_line(order)
    record = [*line.issue_record, *(one.entry for one in issued if one.line == line.id)]
    if not record:
        return None
    record.sort(key=lambda one: one.at)
    last = record[-1]
    return {
        "issue.count": len(record),
        "issue.last_action": last.action,
        "issue.last_at": _at(last.at),
        "issue.key": next((one.key_masked for one in reversed(record) if one.key_masked), None),
        "issue.to": next((one.to_masked for one in reversed(record) if one.to_masked), None),
        "issue.opened": any(one.action == "opened" for one in record),
        "issue.resent": sum(one.action == "resent" for one in record),
    }


def of_shipments(parcels: Sequence[TrackedShipment]) -> Known:
    """The parcel that was heard of last."""
    one = max(parcels, key=lambda parcel: max((event.at for event in parcel.events), default=parcel.tracked_at))
    last = max(one.events, key=lambda event: event.at, default=None)
    return {
        "shipment.count": len(parcels),
        "shipment.number": one.number,
        "shipment.carrier": one.carrier,
        "shipment.state": one.state,
        "shipment.last_text": last.text if last else None,
        "shipment.last_at": _at(last.at) if last else None,
    }


def of_incidents(incidents: Sequence[Incident], locale: str) -> Known:
    """The one that began last."""
    one = incidents[0]
    return {
        "incident.count": len(incidents),
        "incident.title": one.called(locale),
        "incident.text": one.told(locale) or None,
        "incident.ends_at": _at(one.ends_at),
    }


def of_promotions(promotions: Sequence[contract.Promotion]) -> Known:
    """The first that is good now."""
    one = promotions[0]
    return {
        "promotion.count": len(promotions),
        "promotion.title": one.title,
        "promotion.text": one.text or None,
        "promotion.starts_at": _at(one.starts_at),
        "promotion.ends_at": _at(one.ends_at),
    }


def short(name: str) -> str:
    """A name as it is said within a sentence."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _at(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _minutes(since: datetime | None, now: datetime) -> int | None:
    return max(0, int((now - since).total_seconds() // 60)) if since else None


def _minutes_left(until: datetime | None, now: datetime) -> int | None:
    """Rounded up; below nothing once it is late."""
    return ceil((until - now).total_seconds() / 60) if until else None


def _money(money: contract.Money | None) -> str | None:
    return f"{money.amount} {money.currency}" if money else None
