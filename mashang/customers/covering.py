"""What a visitor's proof covers of one order: nothing, its status, or all of it and what may be done for its owner.

The last four digits of a telephone cover the status.  The password a buyer gave for looking the order up covers that
order and nothing else of its owner's.  An account needs neither: the shop says which orders are its own.

Does not: compare anything (`proof`).
"""

from __future__ import annotations

from mashang.customers.customer import Customer
from mashang.kit.db import Tx
from mashang.shops.questions import OrderOwner


async def owner_of(tx: Tx, who: Customer, number: str | None) -> OrderOwner | None:
    """What this visitor's proof covers of this order: whose it is, and whether all of it may be told.

    Whoever is proved to be an account needs no such proof; the shop says whether the order is that account's.
    """
    if number is None or number not in who.proved_orders:
        return None
    return await tx.first(
        """
        select subject, method = 'look_up_password' as whole from proof
        where customer_id = %s and order_number = %s and shop_id = %s and ended_at is null and expires_at > app_now()
        order by whole desc, id desc limit 1
        """,
        (who.id, number, who.orders_shop_id),
        into=OrderOwner,
    )


async def acting_for(tx: Tx, who: Customer, number: str) -> tuple[int, str] | None:
    """The shop and the account this visitor has things done for, about an order of this number; never by last four.

    The shop still has to say that the order is that account's.
    """
    if who.shop_id is not None and who.subject is not None:
        return who.shop_id, who.subject
    owner = await owner_of(tx, who, number)
    return (who.orders_shop_id, owner.subject) if owner and owner.whole and who.orders_shop_id is not None else None
