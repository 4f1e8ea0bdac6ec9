"""What a shop was asked to do for an order, told where it was pressed: who, what, when, and what became of it.

Both sides read it.  To whom it was sent and for which order is told only where the conversation's customer is
the order's owner: a visitor that was joined to the account reads the conversation too, and proved nothing.

A press is told once in each of its states; what a process that died did not tell, the sweep does.

Does not: press or settle (`shops.pressing`).
"""

from __future__ import annotations

from typing import Any

from mashang.conversations import timeline
from mashang.customers import covering, customer
from mashang.kit.db import Tx
from mashang.shops import actions
from mashang.shops.actions import Action


async def tell(tx: Tx, only: int | None = None) -> int:
    """Tell what is not told yet, of one press or of all; how many."""
    untold = await actions.to_tell(tx, only)
    for action in untold:
        assert action.conversation_id is not None  # noqa: S101 — only those are to be told
        facts = {name: fact for name, fact in (await _facts(tx, action)).items() if fact}
        await timeline.append(tx, timeline.event(action.conversation_id, "shop_action", **facts))
    return len(untold)


async def _facts(tx: Tx, action: Action) -> dict[str, Any]:
    facts = {
        "action": action.action,
        "state": action.state,
        "by": action.asked_by,
        "agent": action.by_name,
        "text": action.text if action.state == "refused" else None,
    }
    reader_id = await tx.value("select customer_id from conversation where id = %s", (action.conversation_id,))
    reader = await customer.by_id(tx, reader_id)
    if await covering.acting_for(tx, reader, action.order_number) != (action.shop_id, action.subject):
        return facts
    return {**facts, "order_number": action.order_number, "to_masked": action.to_masked}
