"""Who wants nothing recommended: said once, kept for good, taken back with one word.

Said by somebody proved, it holds for the account wherever she signs in; said by a visitor, for this visitor.
"""

from __future__ import annotations

from mashang.customers.customer import Customer
from mashang.kit.db import Tx


async def want(tx: Tx, who: Customer, *, offers: bool) -> None:
    """From now on with recommendations, or without."""
    await tx.run(
        "update customer set no_offers_since = case when %(offers)s then null"
        " else coalesce(no_offers_since, app_now()) end where id = any (%(rows)s)",
        {"offers": offers, "rows": _rows(who)},
    )


def _rows(who: Customer) -> list[int]:
    return [who.id, *([who.account_id] if who.proved and who.account_id else [])]
