"""Priority of those who prove who they are while they wait.

A customer who signs in or enters a one-time code in the middle of the wait is served in the order
that would have been theirs from the start; the number stays.  What counts is read from the rows, so
nothing is missed; nobody ever loses priority while waiting.
"""

from __future__ import annotations

from mashang.conversations import conversation as conversations
from mashang.kit.db import Database, Tx
from mashang.routing import trace, waits
from mashang.routing.eligibility import MOST_PRIORITY, STANDS_BACK, head_start
from mashang.routing.events import ConversationQueued

_UNDERRATED = f"""
    select q.conversation_id, q.department_id, r.rank
    from site s
    join conversation c on c.site_id = s.id and c.status = 'waiting'
    join queue_place q on q.conversation_id = c.id and q.priority < {MOST_PRIORITY}
    join customer_standing k on k.id = c.customer_id and k.proved_by <> 'joined'
    join customer a on a.id = k.account_id
    cross join lateral (
        select least({MOST_PRIORITY}, cardinality(s.vip_tiers) + 1 - array_position(s.vip_tiers, a.tier)) as rank
    ) r
    where s.vip_tiers <> '{{}}' and r.rank > q.priority
"""


async def sweep_priority(db: Database) -> int:
    """Give the proved who wait the head start of their tier; how many moved."""
    async with db.transaction() as tx:
        rows = await tx.all(_UNDERRATED)
    for row in rows:
        async with db.transaction() as tx:
            await _raise(tx, row["conversation_id"], row["rank"])
    return len(rows)


async def _raise(tx: Tx, conversation_id: int, priority: int) -> None:
    await conversations.lock(tx, conversation_id)
    department_id = await tx.value(
        """
        update queue_place set priority = %(priority)s,
            order_at = queued_at - %(start)s + case when message_at is null then interval '0' else %(back)s end
        where conversation_id = %(id)s and priority < %(priority)s
        returning department_id
        """,
        {"id": conversation_id, "priority": priority, "start": head_start(priority), "back": STANDS_BACK},
    )
    if department_id is not None:
        await waits.raised(tx, conversation_id, priority)
        minutes = round(head_start(priority).total_seconds() / 60)
        await trace.leave(tx, conversation_id, "raised", priority=priority, minutes=minutes)
        tx.emit(ConversationQueued(conversation_id, department_id))
