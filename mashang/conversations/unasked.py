"""Six digits that nobody asked for, and the word of warning to whoever sent them.

A message of nothing but six digits is a one-time password more often than anything else, and nobody here ever needs
one.  It is asked for, and kept as it is, when

* somebody on our side asked for digits of another kind in what was said last, or the customer announced them
  (订单号后六位, 尾号, 会员号…; a question for a one-time password asks for nothing), or
* an order that is known to be the customer's, or that this conversation is about, ends in them.

What was said *before* the message decides, so that the same message that comes again is judged the same.

Does not: know what a one-time password looks like (`guard.one_time`), or store a message.
"""

from __future__ import annotations

from collections.abc import Iterable

from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.customers import Customer
from mashang.guard import one_time
from mashang.kit.db import Tx
from mashang.shops import context

HIDDEN = "one_time_code_hidden"
_LOOKED_BACK = 8  # messages
_WARNED_ONCE_IN = 20  # entries


async def were_asked_for(tx: Tx, conversation: Conversation, who: Customer, digits: str, key: str) -> bool:
    """Were these six digits, sent under `key`, asked for, or do they end an order of this customer's?"""
    if one_time.asks_for_digits(await _said_before(tx, conversation.id, who.id, key)):
        return True
    seen = await context.view(tx, conversation.id)
    listed = (order.number for order in seen.orders) if seen else ()
    return ends_one_of(digits, (conversation.order_number or "", *who.proved_orders, *listed))


def ends_one_of(digits: str, numbers: Iterable[str]) -> bool:
    """Does one of these order numbers end in the digits?"""
    return any(number.endswith(digits) for number in numbers)


async def _said_before(tx: Tx, conversation_id: int, customer_id: int, key: str) -> str:
    """The customer's last words before this message, and what our side said last before or after them."""
    rows = await tx.all(
        """
        select author, text from entry
        where conversation_id = %(id)s and audience = 'everyone' and kind = 'text' and seq < coalesce((
            select seq from entry where conversation_id + 0 = %(id)s and author = 'customer'
                and author_id = %(customer)s and client_id = %(key)s), 2147483647)
        order by seq desc limit %(most)s
        """,
        {"id": conversation_id, "customer": customer_id, "key": key, "most": _LOOKED_BACK},
    )
    said: list[str] = []
    ours = False
    for row in rows:
        if row["author"] == "customer" and (ours or said):
            break
        ours = ours or row["author"] != "customer"
        said.append(row["text"])
    return "\n".join(said)


async def warn(tx: Tx, conversation_id: int) -> None:
    """Tell the customer never to share one, and the staff what was hidden; once in a while is enough."""
    told = await tx.value(
        """
        select exists (
            select from entry e join conversation c on c.id = e.conversation_id
            where e.conversation_id = %(id)s and e.seq > c.head - %(often)s and e.kind = 'event'
                and e.data ->> 'name' = %(name)s)
        """,
        {"id": conversation_id, "often": _WARNED_ONCE_IN, "name": HIDDEN},
    )
    if not told:
        await timeline.append(tx, timeline.event(conversation_id, HIDDEN))
