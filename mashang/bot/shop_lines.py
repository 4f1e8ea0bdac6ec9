"""What stands beside a conversation, in lines for a model: the shop's snapshot, and incidents of its code.

The same facts by the same names as playbooks have them, without a person's name, number or account.  Of an order proved
by the last four digits there is no more than its status.

Does not: ask the shop (`shops.context`), or mask (`model` does, whatever it is given).
"""

from __future__ import annotations

from msgspec import UNSET

from mashang.bot import facts, shop_facts
from mashang.conversations.conversation import Conversation
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.shops import context, incidents
from mashang.shops.snapshot import View

_SOMEBODY_S = frozenset({"account.name", "account.phone", "order.target", "issue.to"})
_MOST = 40


async def lines(tx: Tx, conversation: Conversation) -> list[str]:
    """One fact a line."""
    known: facts.Known = {}
    if seen := await context.view(tx, conversation.id):
        known |= _of(seen)
    concerning = [one for one in await incidents.near(tx) if conversation.topic_code in one.codes]
    if concerning:
        known |= shop_facts.of_incidents(concerning, conversation.locale)
    told = ((name, value) for name, value in known.items() if name not in _SOMEBODY_S and value is not None)
    return [f"{name}: {value}"[: facts.LONGEST] for name, value in told][:_MOST]


def _of(seen: View) -> facts.Known:
    known: facts.Known = {}
    if seen.order is not UNSET:
        known |= shop_facts.of_order(seen.order, clock.now())
        if not seen.order.status_only:
            known |= shop_facts.of_issues(seen.order, seen.issued) or {}
    if seen.payment is not UNSET:
        known |= shop_facts.of_payment(seen.payment)
    if seen.account is not UNSET:
        known |= shop_facts.of_account(seen.account)
    if seen.orders:
        known |= shop_facts.of_orders(seen.orders)
    if seen.shipments:
        known |= shop_facts.of_shipments(seen.shipments)
    if seen.promotions:
        known |= shop_facts.of_promotions(seen.promotions)
    return known
