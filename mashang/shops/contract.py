"""The connector contract: what a shop answers, word for word.

The shop keeps its own system; it implements these few calls and we ask.  The
shapes here are the single source: our client decodes answers strictly into them,
and `published` makes the OpenAPI document from them.  Version 1 grows by adding:
a field or a part we do not know is ignored, a missing required one is an outage.

Two promises are part of the shapes.  A card key never travels: only a masked form
with at most four readable characters passes the decoder.  Proofs are compared by
the shop: it never sends a full telephone number either.

Does not: sign (`signing`), speak HTTP (`http`), or decide what an agent sees
(`context`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert

VERSION = "1"

# In patterns: Python's `$` would also match before a last line feed, hence `$(?!\n)`.

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_][A-Za-z0-9._:@-]*$(?!\n)")]
_STORABLE = r"^[^\x00]*$"  # JSON may say U+0000, PostgreSQL cannot keep it
Short = Annotated[str, Meta(max_length=64, pattern=_STORABLE)]
Line = Annotated[str, Meta(max_length=200, pattern=_STORABLE)]
Text = Annotated[str, Meta(max_length=2000, pattern=_STORABLE)]
Address = Annotated[str, Meta(max_length=1000, pattern=r"^https?://[^\s<>\"]+$")]
Instant = Annotated[datetime, Meta(tz=True, description="ISO 8601 with its offset")]
Amount = Annotated[
    str, Meta(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$(?!\n)", description="decimal, never negative", examples=["88.00"])
]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)", description="ISO 4217", examples=["CNY"])]
MaskedKey = Annotated[
    str,
    Meta(
        pattern=r"^[•*]{2,24}[ -]?[0-9A-Za-z]{0,4}$(?!\n)",
        description="a card key, at most its last four characters readable",
        examples=["•••• 7Q2K"],
    ),
]
Masked = Annotated[
    str,
    Meta(
        max_length=64,
        pattern=r"^[^\x00]*[•*]{2,}[^\x00]*$",
        description="a telephone number, account or address, its middle hidden",
        examples=["138****5678"],
    ),
]
Shape = Annotated[
    str,
    Meta(
        min_length=4,
        max_length=64,
        description="9: a digit, A: a letter, X: a letter or digit, all else as it stands",
        examples=["QN999999999999", "XXXX-XXXX-XXXX-XXXX"],
    ),
]

Proof = Literal["last_four", "one_time_code"]
OrderStatus = Literal["pending_payment", "paid", "delivered", "partly_delivered", "failed", "refunded", "cancelled"]
PaymentStatus = Literal["pending", "paid", "failed", "refunded"]
DeliveryKind = Literal["card_key", "top_up"]
DeliveryState = Literal["waiting", "issued", "delivered", "failed"]
IssueAction = Literal["issued", "delivered", "opened", "resent", "failed"]


def is_id(text: str) -> bool:
    """Has this the form of a name that a shop gives to a customer, an order or a product?"""
    try:
        convert(text, Id)
    except ValidationError:
        return False
    return True


class Money(Struct, frozen=True):
    """An amount of money."""

    amount: Amount
    currency: Currency


class Capabilities(Struct, frozen=True, kw_only=True):
    """What this shop can do; asked when it is connected and tested."""

    contract: Annotated[str, Meta(pattern=r"^1(\.[0-9]+)?$", description="version of this contract")]
    name: Line
    proofs: list[Proof] = []
    order_number_shapes: Annotated[
        list[Shape], Meta(max_length=8, description="order numbers are never masked in chats")
    ] = []
    card_key_shapes: Annotated[list[Shape], Meta(max_length=8, description="card keys always are")] = []


class Account(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer's account."""

    subject: Id
    name: Line
    tier: Annotated[
        str, Meta(max_length=64, pattern=_STORABLE, description="the shop's own word, as 'VIP'; empty: none")
    ] = ""
    balance: Money | None = None
    since: Instant | None = None
    phone_masked: Masked | None = None


class Anomaly(Struct, frozen=True, kw_only=True):
    """What is wrong with an order, as the shop sees it."""

    kind: Annotated[Short, Meta(examples=["paid_not_issued", "top_up_failed", "payment_mismatch"])]
    text: Line
    since: Instant


class Payment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an order was paid."""

    method: Annotated[Short, Meta(examples=["alipay", "wechat_pay", "balance"])]
    status: PaymentStatus
    paid_at: Instant | None = None
    reference_masked: Masked | None = None


class IssueEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the card-issue record: what was done, when, and by what."""

    at: Instant
    action: IssueAction
    source: Annotated[Line, Meta(examples=["自动发卡", "客服补发"])]
    key_masked: MaskedKey | None = None
    to_masked: Masked | None = None


class Delivery(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a line has come to its buyer."""

    kind: DeliveryKind
    state: DeliveryState
    at: Instant | None = None
    recharge_target_masked: Masked | None = None


class OrderLine(Struct, frozen=True, kw_only=True):
    """One product of an order."""

    id: Id
    product: Line
    quantity: Annotated[int, Meta(ge=1, le=100_000)]
    price: Money
    delivery: Delivery
    issue_record: Annotated[list[IssueEntry], Meta(max_length=200)] = []


class Order(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One order, whole."""

    number: Id
    subject: Annotated[Id, Meta(description="the customer who owns it")]
    placed_at: Instant
    status: OrderStatus
    status_text: Annotated[Line, Meta(description="the same for people, in the language of Accept-Language")]
    total: Money
    payment: Payment | None = None
    lines: Annotated[list[OrderLine], Meta(min_length=1, max_length=100)]
    anomaly: Anomaly | None = None


class OrderSummary(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One order in a list."""

    number: Id
    placed_at: Instant
    status: OrderStatus
    status_text: Line
    total: Money
    title: Annotated[Line, Meta(examples=["云朵网盘 会员年卡 ×1"])]
    anomaly: Anomaly | None = None


class Orders(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer's orders, newest first."""

    orders: Annotated[list[OrderSummary], Meta(max_length=100)]
    next: (
        Annotated[
            str, Meta(max_length=200, pattern=_STORABLE, description="give it as `cursor` for the following page")
        ]
        | None
    ) = None


class Product(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something the shop sells."""

    id: Id
    name: Line
    price: Money
    url: Address
    kind: DeliveryKind
    in_stock: bool
    summary: Text = ""
    delivery_time: Annotated[Line, Meta(examples=["付款后 1 分钟内"])] = ""
    image_url: Address | None = None


class Products(Struct, frozen=True, kw_only=True):
    """Products that fit a search, best first."""

    products: Annotated[list[Product], Meta(max_length=100)]


class Promotion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An offer and the span it is good for."""

    id: Id
    title: Line
    text: Text = ""
    starts_at: Instant
    ends_at: Instant | None = None
    url: Address | None = None
    codes: Annotated[
        list[Short], Meta(max_length=20, description="topic codes it may be told with, in an offer on a page")
    ] = []


class Promotions(Struct, frozen=True, kw_only=True):
    """Offers that are good now or soon."""

    promotions: Annotated[list[Promotion], Meta(max_length=50)]


class Incident(Struct, frozen=True, kw_only=True):
    """Something that keeps many customers waiting."""

    id: Id
    title: Annotated[Line, Meta(examples=["支付宝通道维护"])]
    text: Text = ""
    starts_at: Instant
    ends_at: Instant | None = None
    codes: Annotated[list[Short], Meta(max_length=20, description="topic codes it answers")] = []


class Incidents(Struct, frozen=True, kw_only=True):
    """Incidents that are open now."""

    incidents: Annotated[list[Incident], Meta(max_length=50)]


class LastFour(Struct, frozen=True, kw_only=True, tag="last_four", tag_field="kind"):
    """Do these four digits end the telephone number behind this order?"""

    order_number: Id
    last_four: Annotated[str, Meta(pattern=r"^[0-9]{4}$(?!\n)")]


class SendCode(Struct, frozen=True, kw_only=True, tag="send_code", tag_field="kind"):
    """Send a one-time code to the telephone or address the shop has on file."""

    account: Annotated[
        str, Meta(min_length=1, max_length=64, description="registered telephone (eleven digits) or user name")
    ]


class VerifyCode(Struct, frozen=True, kw_only=True, tag="verify_code", tag_field="kind"):
    """Is this the code that was sent?"""

    proof: Id
    code: Annotated[str, Meta(pattern=r"^[0-9]{4,8}$(?!\n)")]


ProofRequest = LastFour | SendCode | VerifyCode


class CodeSent(Struct, frozen=True, kw_only=True, tag="sent", tag_field="outcome"):
    """The same whether the account exists or not: it must not tell."""

    proof: Id
    expires_at: Instant
    sent_to_masked: Masked | UnsetType = UNSET


class Proved(Struct, frozen=True, kw_only=True, tag="proved", tag_field="outcome"):
    """Yes; this customer."""

    subject: Id


class NotProved(Struct, frozen=True, kw_only=True, tag="not_proved", tag_field="outcome"):
    """No, and no reason given."""


ProofAnswer = CodeSent | Proved | NotProved


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of every answer that is not 2xx."""

    code: Annotated[Short, Meta(examples=["not_found", "signature_wrong", "request_stale", "request_replayed"])]
    message: Text = ""


class OrderAnomaly(Struct, frozen=True, kw_only=True, tag="order.anomaly", tag_field="kind"):
    """Something is wrong with an order."""

    id: Id
    at: Instant
    order_number: Id
    subject: Id
    anomaly: Anomaly


class OrderSettled(Struct, frozen=True, kw_only=True, tag="order.settled", tag_field="kind"):
    """What was wrong with an order is put right: the `anomaly` of that kind, or everything."""

    id: Id
    at: Instant
    order_number: Id
    subject: Id
    anomaly: Annotated[Short, Meta(examples=["refund_stuck"], description="empty: everything")] = ""


class PaymentChanged(Struct, frozen=True, kw_only=True, tag="payment", tag_field="kind"):
    """An order was paid, refunded, or its payment failed."""

    id: Id
    at: Instant
    order_number: Id
    subject: Id
    payment: Payment


class CardIssued(Struct, frozen=True, kw_only=True, tag="issue", tag_field="kind"):
    """A line was added to a card-issue record."""

    id: Id
    at: Instant
    order_number: Id
    subject: Id
    line: Id
    entry: IssueEntry


class IncidentChanged(Struct, frozen=True, kw_only=True, tag="incident", tag_field="kind"):
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
