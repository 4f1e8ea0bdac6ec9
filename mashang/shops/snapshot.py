"""What a snapshot holds, and how a new answer joins what was known.

Does not: ask (`questions`), or keep anything (`context`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from mashang.shops import contract, payments
from mashang.shops.events import Issued
from mashang.shops.payments import ProviderPayment
from mashang.shops.questions import INCIDENTS, Ask, Failed, Found, OwnOrder
from mashang.shops.tracking import TrackedShipment

Status = Literal["asking", "complete", "partial", "unanswered", "nothing_to_ask"]


class ClaimedOrder(msgspec.Struct):
    """A number somebody gave; nothing of it is proved."""

    number: str
    proved: bool = False


class Context(msgspec.Struct, kw_only=True):
    """What the shop knows; `missing` names the parts without an answer, `reason` why the shop gave none.

    `payment` is what the payment provider says; `payment_reason`: why it gave no answer now.
    """

    account: contract.Account | UnsetType = UNSET
    order: OwnOrder | UnsetType = UNSET
    claimed_order: ClaimedOrder | UnsetType = UNSET
    orders: list[contract.OrderSummary] = []
    payment: ProviderPayment | UnsetType = UNSET
    payment_reason: str | UnsetType = UNSET
    shipments: list[TrackedShipment] = []
    promotions: list[contract.Promotion] = []
    missing: list[str] = []
    reason: str | UnsetType = UNSET


class View(Context, kw_only=True):
    """A snapshot as the desk shows it; `retry_at`: the shop is left alone until then.

    `reported`: what the shop told by itself of this customer's own order and the order as it was answered does not say.
    `issued`: lines of its card-issue record that it told by itself; they stand also where the order was not answered.
    `reveals`: the shop shows whole keys for a named reason.
    """

    status: Status
    reported: list[contract.Anomaly] = []
    issued: list[Issued] = []
    reveals: bool = False
    asked_at: datetime
    answered_at: datetime | UnsetType = UNSET
    retry_at: datetime | UnsetType = UNSET


class Snapshot(msgspec.Struct, kw_only=True):
    """What was asked, and what is known of it."""

    ask: Ask
    seen: Context


def merged(snapshot: Snapshot, found: Found, failed: Failed) -> Context:
    """What was known, with what is new; a part that failed keeps its former answer."""
    seen = msgspec.structs.asdict(snapshot.seen)
    for part, answer in found.items():
        if part not in ("payment", INCIDENTS):  # incidents have rows of their own, for everybody
            seen[part] = UNSET if answer is None else answer
    paid: payments.Asked | None = found.get("payment")
    seen["payment"] = _paid(snapshot.seen.payment, paid, seen["order"])
    seen["payment_reason"] = (paid.reason if paid else None) or UNSET
    if seen["order"] is UNSET:
        seen["shipments"] = []
    number = snapshot.ask.order_number
    seen["claimed_order"] = ClaimedOrder(number) if number and seen["order"] is UNSET else UNSET
    seen["missing"] = sorted({*failed, *(["payment"] if seen["payment_reason"] else [])})
    seen["reason"] = next((failure.reason for failure in failed.values()), UNSET)
    return Context(**seen)


def _paid(
    before: ProviderPayment | UnsetType, asked: payments.Asked | None, order: OwnOrder | UnsetType
) -> ProviderPayment | UnsetType:
    """What the provider said, last time where it says nothing now, beside the order as it is now."""
    if order is UNSET:
        return UNSET
    if asked is not None and asked.reason is None:
        return asked.payment or UNSET
    return UNSET if before is UNSET else payments.compared(before, order)
