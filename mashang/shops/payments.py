"""What the payment provider says of an order, beside what the shop says.

"Paid at 14:02 with Alipay, and the shop was not told": that is found out in the second
in which the customer comes.  Asked only about an order that the shop has just called
the customer's own, under the number the shop gave the provider.  Where the shop names
the provider that one is asked; where it does not, all it is connected with, at once.

Does not: change anything there, or keep an answer (`context`).
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

import httpx
import msgspec

from mashang.kit.db import Tx
from mashang.kit.log import log
from mashang.kit.sealing import Sealer
from mashang.shops import contract, providers
from mashang.shops.alipay import Alipay
from mashang.shops.paid import Paid, ProviderStatus
from mashang.shops.providers import Provider
from mashang.shops.providing import ProviderFailed, Values
from mashang.shops.questions import OwnOrder
from mashang.shops.wechat_pay import WeChatPay

ProviderName = Literal["alipay", "wechat_pay"]
MARGIN = 0.1  # seconds that are left for the way back
FAIR = 1.0  # seconds: who had less is not called down
_CALLED = {
    "alipay": "alipay",
    "支付宝": "alipay",
    "wechat_pay": "wechat_pay",
    "wechat": "wechat_pay",
    "weixin": "wechat_pay",
    "wxpay": "wechat_pay",
    "微信": "wechat_pay",
    "微信支付": "wechat_pay",
}
_PAID = ("paid", "refunded")
_SHOP_KNOWS = ("paid", "delivered", "partly_delivered", "refunded")
_TELLING: tuple[ProviderStatus, ...] = ("paid", "refunded", "waiting", "failed", "closed", "none")


class ProviderPayment(msgspec.Struct, kw_only=True, omit_defaults=True):
    """How the payment of an order stands at its provider; `none`: there it is not known.

    `notified`: the shop says paid, too.  `differs`: another amount than the order's.
    """

    provider: ProviderName
    status: ProviderStatus
    paid_at: datetime | None = None
    amount: contract.Money | None = None
    reference_masked: str | None = None
    notified: bool = False
    differs: bool = False


class Asked(msgspec.Struct, kw_only=True):
    """What came of asking; `payment` None without `reason`: nobody was to be asked about this order."""

    payment: ProviderPayment | None = None
    reason: str | None = None  # why there is no answer
    failed: dict[int, ProviderFailed] = {}
    answered: list[int] = []


class Till(Protocol):
    """A payment provider as it is asked."""

    async def paid(self, number: str) -> Paid | None:
        """How the payment of this number stands; None: it knows none.  Raises ProviderFailed."""


def till(client: httpx.AsyncClient, kind: str, values: Values) -> Till:
    """The provider of this kind."""
    return Alipay(client, values) if kind == "alipay" else WeChatPay(client, values)


async def ask(
    client: httpx.AsyncClient, sealer: Sealer, connected: list[Provider], order: OwnOrder, until: float
) -> Asked:
    """How the payment of this order stands; nothing later than `until` (of the loop's clock).  Never raises."""
    number = (order.payment.reference if order.payment else None) or order.number
    asked = _asked_about(connected, order)
    answers = await asyncio.gather(*(_one(client, sealer, one, number, until) for one in asked), return_exceptions=True)
    told = Asked()
    known: list[ProviderPayment] = []
    for one, answer in zip(asked, answers, strict=True):
        if isinstance(answer, ProviderFailed):
            told.failed[one.id] = answer
        elif isinstance(answer, BaseException):
            raise answer
        else:
            told.answered.append(one.id)
            known.append(_payment(one.kind, answer, order))
    told.payment = min(known, key=lambda each: _TELLING.index(each.status), default=None)
    if told.failed and (told.payment is None or told.payment.status == "none"):
        told.payment, told.reason = None, next(iter(told.failed.values())).reason
    if told.payment and told.payment.status == "none" and _is_paid(order) and not _named(order):
        told.payment = None  # paid in another way
    return told


def compared(payment: ProviderPayment, order: OwnOrder) -> ProviderPayment:
    """The same payment beside this state of the order."""
    amount = payment.amount
    return msgspec.structs.replace(
        payment,
        notified=payment.status in _PAID and _is_paid(order),
        differs=amount is not None and payment.status in _PAID and not _same(amount, order.total),
    )


async def note(tx: Tx, asked: Asked) -> None:
    """Keep how the providers did; always in this order, as their rows are locked."""
    for provider_id in sorted({*asked.answered, *asked.failed}):
        failure = asked.failed.get(provider_id)
        if failure is None:
            await providers.note_answer(tx, provider_id)
        elif failure.reason not in ("left_alone", "no_time_left"):
            log.warning("provider_failed", provider=provider_id, reason=failure.reason)
            await providers.note_failure(tx, provider_id, failure)


async def _one(client: httpx.AsyncClient, sealer: Sealer, one: Provider, number: str, until: float) -> Paid | None:
    if one.is_down:
        raise ProviderFailed("left_alone")
    had = until - asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout_at(until - MARGIN):
            return await till(client, one.kind, one.values(sealer)).paid(number)
    except TimeoutError:
        raise ProviderFailed("timed_out" if had >= FAIR else "no_time_left") from None


def _asked_about(connected: list[Provider], order: OwnOrder) -> list[Provider]:
    """The one that the shop's method names; where it names none that we know, each."""
    named = _named(order)
    return [one for one in connected if named in (None, one.kind)]


def _named(order: OwnOrder) -> str | None:
    return _CALLED.get(order.payment.method.strip().lower()) if order.payment else None


def _is_paid(order: OwnOrder) -> bool:
    return order.status in _SHOP_KNOWS or (order.payment is not None and order.payment.status in _PAID)


def _payment(kind: str, paid: Paid | None, order: OwnOrder) -> ProviderPayment:
    known = paid or Paid(status="none")
    payment = ProviderPayment(
        provider="alipay" if kind == "alipay" else "wechat_pay",
        status=known.status,
        paid_at=known.paid_at,
        amount=known.amount,
        reference_masked=_masked(known.reference) if known.reference else None,
    )
    return compared(payment, order)


def _masked(reference: str) -> str:
    return f"{reference[:4]}****{reference[-4:]}" if len(reference) >= 12 else f"****{reference[-2:]}"


def _same(one: contract.Money, other: contract.Money) -> bool:
    return one.currency == other.currency and Decimal(one.amount) == Decimal(other.amount)
