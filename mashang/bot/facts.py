"""What a playbook may know: every fact by name, what form it has, and which look-up brings it.

A fact that is not known fits no condition but `known: false`, and is said as "not known".  What may be said may be
told to the customer it is about: numbers and accounts come masked from the shop, keys never come at all.

Does not: fetch any of it (`looking_up`).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, get_args

import msgspec

from mashang.kit.text import printable
from mashang.shops.actions import WhyNot
from mashang.shops.contract import DeliveryKind, DeliveryState, IssueAction, OrderStatus, PaymentStatus, ShipmentState
from mashang.shops.paid import ProviderStatus

Level = Literal["status", "order", "account"]
LookedUpKind = Literal["order", "orders", "account", "payment", "issue", "incident", "shipment", "promotion"]
Form = Literal["text", "number", "boolean", "money", "instant"]
Value = str | int | float | bool | None
Known = dict[str, Value]  # facts by name as JSON has them: money is "12.50 CNY", an instant ISO 8601

LEVELS: tuple[Level, ...] = ("status", "order", "account")
LONGEST = 300


class Fact(msgspec.Struct, frozen=True):
    """A form; `choices` are all values there are.  `is_said` False: for deciding only, its words are the shop's own."""

    form: Form
    choices: tuple[str, ...] = ()
    is_said: bool = True


def _one_of(values: Any) -> Fact:
    return Fact("text", get_args(values), is_said=False)


_TEXT, _NUMBER, _MONEY, _INSTANT, _BOOLEAN = (
    Fact("text"),
    Fact("number"),
    Fact("money"),
    Fact("instant"),
    Fact("boolean", is_said=False),
)
_UNSAID = Fact("text", is_said=False)

# By what brings them.  Of an order with several lines it is about the one that is furthest from its buyer.
BROUGHT: dict[str, dict[str, Fact]] = {
    "order": {
        "order.number": _TEXT,
        "order.title": _TEXT,
        "order.status": _one_of(OrderStatus),
        "order.status_text": _TEXT,
        "order.status_only": _BOOLEAN,  # proved by the last four digits: no more than the status is told
        "order.placed_at": _INSTANT,
        "order.minutes": _NUMBER,
        "order.total": _MONEY,
        "order.lines": _NUMBER,
        "order.line": _UNSAID,
        "order.product": _TEXT,
        "order.quantity": _NUMBER,
        "order.kind": _one_of(DeliveryKind),
        "order.state": _one_of(DeliveryState),
        "order.delivered_at": _INSTANT,
        "order.expected_at": _INSTANT,
        "order.minutes_left": _NUMBER,
        "order.target": _TEXT,
        "order.paid_by": _UNSAID,
        "order.payment": _one_of(PaymentStatus),
        "order.paid_at": _INSTANT,
        "order.minutes_since_paid": _NUMBER,
        "order.anomaly": _UNSAID,
        "order.anomaly_text": _TEXT,
    },
    "orders": {
        "orders.count": _NUMBER,
        "orders.unfinished": _NUMBER,
        "orders.last_number": _TEXT,
        "orders.last_title": _TEXT,
        "orders.last_status": _one_of(OrderStatus),
        "orders.last_status_text": _TEXT,
    },
    "account": {
        "account.name": _TEXT,
        "account.tier": _TEXT,
        "account.balance": _MONEY,
        "account.phone": _TEXT,
    },
    "payment": {
        "payment.provider": Fact("text", ("alipay", "wechat_pay"), is_said=False),
        "payment.status": _one_of(ProviderStatus),
        "payment.paid_at": _INSTANT,
        "payment.amount": _MONEY,
        "payment.notified": _BOOLEAN,
        "payment.differs": _BOOLEAN,
    },
    "issue": {
        "issue.count": _NUMBER,
        "issue.last_action": _one_of(IssueAction),
        "issue.last_at": _INSTANT,
        "issue.key": _TEXT,
        "issue.to": _TEXT,
        "issue.opened": _BOOLEAN,
        "issue.resent": _NUMBER,
    },
    "incident": {
        "incident.count": _NUMBER,
        "incident.title": _TEXT,
        "incident.text": _TEXT,
        "incident.ends_at": _INSTANT,
    },
    "shipment": {
        "shipment.count": _NUMBER,
        "shipment.number": _TEXT,
        "shipment.carrier": _TEXT,
        "shipment.state": _one_of(ShipmentState),
        "shipment.last_text": _TEXT,
        "shipment.last_at": _INSTANT,
    },
    "promotion": {
        "promotion.count": _NUMBER,
        "promotion.title": _TEXT,
        "promotion.text": _TEXT,
        "promotion.starts_at": _INSTANT,
        "promotion.ends_at": _INSTANT,
    },
    "act": {
        "act.state": Fact("text", ("done", "accepted"), is_said=False),
        "act.text": _TEXT,
        "act.key": _TEXT,
        "act.to": _TEXT,
        "act.code": _TEXT,
        "act.why_not": Fact("text", (*get_args(WhyNot), "not_offered"), is_said=False),
    },
}
# What is known without asking anybody: the topic code, and what the customer said, in its parts.
GIVEN: dict[str, Fact] = {
    "code": _TEXT,
    "statement.at": _INSTANT,
    "statement.action": _UNSAID,
    "statement.amount": _NUMBER,
    "statement.method": _UNSAID,
    "statement.product": _TEXT,
    "statement.symptom": _UNSAID,
    "statement.order_number": _TEXT,
}
FACTS: dict[str, Fact] = {**GIVEN, **{name: fact for brought in BROUGHT.values() for name, fact in brought.items()}}
BROUGHT_BY: dict[str, str] = {name: by for by, brought in BROUGHT.items() for name in brought}

# The least proof that each look-up demands; a playbook may demand more.  Nothing of a person is in the others.
NEEDS: dict[str, Level] = {
    "order": "status",
    "payment": "order",
    "issue": "order",
    "shipment": "order",
    "orders": "account",
    "account": "account",
    "resend": "order",
}
HEADLINE: dict[str, str] = {  # what the summary tells of a look-up
    "order": "order.status_text",
    "orders": "orders.count",
    "account": "account.balance",
    "payment": "payment.status",
    "issue": "issue.last_action",
    "incident": "incident.title",
    "shipment": "shipment.state",
    "promotion": "promotion.title",
}


def fits(name: str, value: Value) -> bool:
    """Has the value the form of this fact?  Not known always fits."""
    fact = FACTS.get(name)
    if fact is None or value is None:
        return value is None and fact is not None
    match fact.form:
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "money":
            return isinstance(value, str) and amount(value) is not None
        case "instant":
            return isinstance(value, str) and instant(value) is not None
    return isinstance(value, str) and (not fact.choices or value in fact.choices)


def kept(known: Known) -> Known:
    """The facts as they are kept: no controls in them, and none that is long."""
    return {name: printable(value)[:LONGEST] if isinstance(value, str) else value for name, value in known.items()}


def amount(value: str) -> tuple[Decimal, str] | None:
    """Number and currency of "12.50 CNY"."""
    number, _, currency = value.partition(" ")
    if not number.replace(".", "", 1).isdecimal() or not number.isascii() or len(currency) != 3:
        return None
    return Decimal(number), currency


def instant(value: str) -> datetime | None:
    """The instant of an ISO 8601 text with its offset."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else None
