"""What a shop tells us by itself, and asks of us: the other half of the connector contract.

Does not: take it in (`events`), or make codes (`codes.shop_api`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from mashang.shops.contract import Anomaly, Id, Incident, Instant, IssueEntry, Payment, Short, Told


class OrderAnomaly(Told, frozen=True, kw_only=True, tag="order.anomaly", tag_field="kind"):
    """Something is wrong with an order."""

    id: Id
    at: Instant
    order_number: Id
    subject: Id
    anomaly: Anomaly


class OrderSettled(Told, frozen=True, kw_only=True, tag="order.settled", tag_field="kind"):
    """What was wrong with an order is put right: the `anomaly` of that kind, or everything."""

    id: Id
    at: Instant
    order_number: Id
    subject: Id
    anomaly: Annotated[Short, Meta(examples=["refund_stuck"], description="empty: everything")] = ""


class PaymentChanged(Told, frozen=True, kw_only=True, tag="payment", tag_field="kind"):
    """An order was paid, refunded, or its payment failed."""

    id: Id
    at: Instant
    order_number: Id
    subject: Id
    payment: Payment


class CardIssued(Told, frozen=True, kw_only=True, tag="issue", tag_field="kind"):
    """A line was added to a card-issue record."""

    id: Id
    at: Instant
    order_number: Id
    subject: Id
    line: Id
    entry: IssueEntry


class IncidentChanged(Told, frozen=True, kw_only=True, tag="incident", tag_field="kind"):
    """An incident opened, changed, or ended (`ends_at` passed)."""

    id: Id
    at: Instant
    incident: Incident


ShopEvent = OrderAnomaly | OrderSettled | PaymentChanged | CardIssued | IncidentChanged


class EventTaken(Struct, frozen=True, kw_only=True):
    """Your event is stored; `repeated`: it already was."""

    id: str
    repeated: bool


class CodeWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The service code of an order (or, without one, of a customer), to be shown to its owner."""

    subject: Annotated[Id, Meta(description="the customer who owns it")]
    order_number: Id | None = None
    scene: Annotated[
        str, Meta(max_length=32, pattern=r"^[a-z0-9_-]*$(?!\n)", description="where it is shown: one code for each")
    ] = ""
    topic: Annotated[
        str, Meta(max_length=8, pattern=r"^[A-Z0-9]*$(?!\n)", description="topic code to stand before it")
    ] = ""
    expires_at: Annotated[datetime, Meta(tz=True, description="an asking later moves the end out, never in")] | None = (
        None
    )
    picture: Annotated[bool, Meta(description="draw the QR code, too")] = False


class CodeForOrder(Struct, frozen=True, kw_only=True):
    """The one live code of this order (or customer) and scene; `repeated`: it was there already.

    `url`: its link, null without a site; `picture`: its QR code as a data address, where it was wished for.
    """

    code: Annotated[str, Meta(examples=["DD-29NG-SF8B-ZTVW"])]
    order_number: str | None
    scene: str
    expires_at: datetime | None
    repeated: bool
    url: str | None = None
    picture: str | None = None
