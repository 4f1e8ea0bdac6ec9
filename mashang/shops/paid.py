"""What a payment provider knows of one order, whichever provider it is.

Does not: hold anything about the person who paid: no account, no name, no bank.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal

import msgspec

from mashang.shops import contract
from mashang.shops.providing import ProviderFailed, Tested

ProviderStatus = Literal["none", "waiting", "paid", "refunded", "closed", "failed"]


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """How a payment stands; `reference` is the provider's own number for it."""

    status: ProviderStatus
    paid_at: datetime | None = None
    amount: contract.Money | None = None
    reference: str | None = None


async def tested(question: Callable[[str], Awaitable[Paid | None]], number: str) -> list[Tested]:
    """Ask for one number and tell how that went: a signed "there is none" shows that both keys are right."""
    try:
        found = await question(number)
    except ProviderFailed as failure:
        return [Tested("answered", ok=False, facts={"reason": failure.reason, "detail": failure.detail})]
    facts = {"status": found.status if found else "none"}
    return [Tested("answered", ok=True, facts=facts)]
