"""The connector contract: what a shop answers, word for word.

The shop keeps its own system; it implements these few calls and we ask.  The
shapes here are the single source: our client decodes answers strictly into them,
and `published` makes the OpenAPI document from them.  Version 1 grows by adding:
a field or a part we do not know is ignored, a missing required one is an outage.

Two promises are part of the shapes.  No answer about an order carries a card key:
only a masked form with at most four readable characters passes the decoder; readable
ones come by one call of their own, for a named reason, from shops that offer it.
Proofs are compared by the shop: it never sends a full telephone number either.

What a shop is asked to do stands in `acting`, what it tells by itself in `telling`.

Does not: sign (`signing`), speak HTTP (`http`), or decide what an agent sees
(`context`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert, structs

from mashang.kit.text import printable

VERSION = "1"
_YEARS = (1970, 2200)

# In patterns: Python's `$` would also match before a last line feed, hence `$(?!\n)`.

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_][A-Za-z0-9._:@-]*$(?!\n)")]
STORABLE = r"^[^\x00]*$"  # JSON may say U+0000, PostgreSQL cannot keep it
Short = Annotated[str, Meta(max_length=64, pattern=STORABLE)]
Line = Annotated[str, Meta(max_length=200, pattern=STORABLE)]
Text = Annotated[str, Meta(max_length=2000, pattern=STORABLE)]
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

Proof = Literal["last_four", "one_time_code", "look_up_password"]
Action = Literal["resend", "reissue", "refund"]
OrderStatus = Literal["pending_payment", "paid", "delivered", "partly_delivered", "failed", "refunded", "cancelled"]
PaymentStatus = Literal["pending", "paid", "failed", "refunded"]
DeliveryKind = Literal["card_key", "top_up", "parcel"]
DeliveryState = Literal["waiting", "issued", "delivered", "failed"]
IssueAction = Literal["issued", "delivered", "opened", "resent", "reissued", "refunded", "failed"]
ShipmentState = Literal[
    "waiting", "collected", "in_transit", "delivering", "delivered", "problem", "returning", "returned"
]


def is_id(text: str) -> bool:
    """Has this the form of a name that a shop gives to a customer, an order or a product?"""
    try:
        convert(text, Id)
    except ValidationError:
        return False
    return True


class Told(Struct, frozen=True):
    """What a shop says, made fit to be kept and shown while it is read.

    Letters that hide or turn round what stands beside them are left out (`kit.text`).  A time is one
    that everybody can hold: not the first year, which stands for "none" in some systems, nor the last.
    """

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, str) and value != (clean := printable(value)):
                structs.force_setattr(self, name, clean)
            elif isinstance(value, datetime) and not _YEARS[0] <= value.year < _YEARS[1]:
                raise ValueError(f"`{name}` lies outside the years {_YEARS[0]} to {_YEARS[1]}")


class Money(Struct, frozen=True):
    """An amount of money."""

    amount: Amount
    currency: Currency


class Capabilities(Told, frozen=True, kw_only=True):
    """What this shop can do; asked when it is connected and tested."""

    contract: Annotated[str, Meta(pattern=r"^1(\.[0-9]+)?$", description="version of this contract")]
    name: Line
    proofs: list[Proof] = []
    order_number_shapes: Annotated[
        list[Shape], Meta(max_length=8, description="order numbers are never masked in chats")
    ] = []
    card_key_shapes: Annotated[list[Shape], Meta(max_length=8, description="card keys always are")] = []
    actions: Annotated[list[Action], Meta(description="what may be asked for with POST /orders/{number}/actions")] = []
    shipments: Annotated[bool, Meta(description="GET /orders/{number}/shipments is served")] = False
    reveals: Annotated[bool, Meta(description="POST /orders/{number}/keys is served")] = False


class Account(Told, frozen=True, kw_only=True, omit_defaults=True):
    """A customer's account."""

    subject: Id
    name: Line
    tier: Annotated[
        str, Meta(max_length=64, pattern=STORABLE, description="the shop's own word, as 'VIP'; empty: none")
    ] = ""
    balance: Money | None = None
    since: Instant | None = None
    phone_masked: Masked | None = None


class Anomaly(Told, frozen=True, kw_only=True):
    """What is wrong with an order, as the shop sees it."""

    kind: Annotated[Short, Meta(examples=["paid_not_issued", "top_up_failed", "wrong_account", "payment_mismatch"])]
    text: Line
    since: Instant


class Payment(Told, frozen=True, kw_only=True, omit_defaults=True):
    """How an order was paid."""

    method: Annotated[Short, Meta(examples=["alipay", "wechat_pay", "balance"])]
    status: PaymentStatus
    paid_at: Instant | None = None
    reference_masked: Masked | None = None
    reference: (
        Annotated[Id, Meta(description="the number the provider was given for it, where it is not the order's")] | None
    ) = None


class IssueEntry(Told, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the card-issue record: what was done, when, and by what."""

    at: Instant
    action: IssueAction
    source: Annotated[Line, Meta(examples=["自动发卡", "客服补发"])]
    key_masked: MaskedKey | None = None
    to_masked: Masked | None = None


class Delivery(Told, frozen=True, kw_only=True, omit_defaults=True):
    """How far a line has come to its buyer."""

    kind: DeliveryKind
    state: DeliveryState
    at: Instant | None = None
    expected_at: Annotated[Instant, Meta(description="when it arrives as a rule, while it has not")] | None = None
    recharge_target_masked: Masked | None = None


class OrderLine(Told, frozen=True, kw_only=True):
    """One product of an order."""

    id: Id
    product: Line
    quantity: Annotated[int, Meta(ge=1, le=100_000)]
    price: Money
    delivery: Delivery
    issue_record: Annotated[list[IssueEntry], Meta(max_length=200)] = []


class Order(Told, frozen=True, kw_only=True, omit_defaults=True):
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
    url: Annotated[Address, Meta(description="the shop's page on which its owner opens it")] | None = None


class OrderSummary(Told, frozen=True, kw_only=True, omit_defaults=True):
    """One order in a list."""

    number: Id
    placed_at: Instant
    status: OrderStatus
    status_text: Line
    total: Money
    title: Annotated[Line, Meta(examples=["云朵网盘 会员年卡 ×1"])]
    anomaly: Anomaly | None = None


class Orders(Told, frozen=True, kw_only=True, omit_defaults=True):
    """A customer's orders, newest first."""

    orders: Annotated[list[OrderSummary], Meta(max_length=100)]
    next: (
        Annotated[str, Meta(max_length=200, pattern=STORABLE, description="give it as `cursor` for the following page")]
        | None
    ) = None


class ShipmentEvent(Told, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a parcel's track."""

    at: Instant
    text: Line
    place: Short = ""


class Shipment(Told, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel of an order; a shop that does not follow it itself leaves `state` and `events` out."""

    number: Id
    carrier: Annotated[Line, Meta(examples=["顺丰速运"])]
    carrier_code: Annotated[
        str, Meta(pattern=r"^[a-z0-9_]{0,32}$(?!\n)", description="as Kuaidi100 names it", examples=["shunfeng"])
    ] = ""
    phone_last_four: (
        Annotated[str, Meta(pattern=r"^[0-9]{4}$(?!\n)", description="some carriers tell nothing without")] | None
    ) = None
    state: ShipmentState | None = None
    lines: Annotated[list[Id], Meta(max_length=100, description="the order lines in it; empty: all")] = []
    events: Annotated[list[ShipmentEvent], Meta(max_length=200, description="newest first")] = []


class Shipments(Told, frozen=True, kw_only=True):
    """The parcels of one order."""

    shipments: Annotated[list[Shipment], Meta(max_length=20)]


class Product(Told, frozen=True, kw_only=True, omit_defaults=True):
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


class Products(Told, frozen=True, kw_only=True):
    """Products that fit a search, best first."""

    products: Annotated[list[Product], Meta(max_length=100)]


class Promotion(Told, frozen=True, kw_only=True, omit_defaults=True):
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


class Promotions(Told, frozen=True, kw_only=True):
    """Offers that are good now or soon."""

    promotions: Annotated[list[Promotion], Meta(max_length=50)]


class Incident(Told, frozen=True, kw_only=True):
    """Something that keeps many customers waiting."""

    id: Id
    title: Annotated[Line, Meta(examples=["支付宝通道维护"])]
    text: Text = ""
    starts_at: Instant
    ends_at: Instant | None = None
    codes: Annotated[list[Short], Meta(max_length=20, description="topic codes it answers")] = []


class Incidents(Told, frozen=True, kw_only=True):
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


class LookUpPassword(Struct, frozen=True, kw_only=True, tag="look_up_password", tag_field="kind"):
    """Is this the password that the buyer gave this order for looking it up?"""

    order_number: Id
    password: Annotated[str, Meta(min_length=1, max_length=64, pattern=STORABLE)]


ProofRequest = LastFour | SendCode | VerifyCode | LookUpPassword


class CodeSent(Told, frozen=True, kw_only=True, tag="sent", tag_field="outcome"):
    """The same whether the account exists or not: it must not tell."""

    proof: Id
    expires_at: Instant
    sent_to_masked: Masked | UnsetType = UNSET


class Proved(Told, frozen=True, kw_only=True, tag="proved", tag_field="outcome"):
    """Yes; this customer."""

    subject: Id


class NotProved(Told, frozen=True, kw_only=True, tag="not_proved", tag_field="outcome"):
    """No, and no reason given."""


ProofAnswer = CodeSent | Proved | NotProved


class Problem(Told, frozen=True, kw_only=True, omit_defaults=True):
    """Body of every answer that is not 2xx."""

    code: Annotated[Short, Meta(examples=["not_found", "signature_wrong", "request_stale", "request_replayed"])]
    message: Text = ""
