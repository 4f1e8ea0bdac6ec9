"""Offers that nobody answers: who lets three in a row run out is not at the desk, and is set away.

Otherwise every customer would be offered to an empty chair first, again and again, and the queue
would tell them that somebody is there.  It is said at their desk, until they come back by their own
word; a transfer, an answer or a refusal in between begins the count anew.

Does not: end the offers themselves (`dispatch`).
"""

from __future__ import annotations

from mashang.conversations import conversation as conversations
from mashang.kit.db import Database
from mashang.routing import trace
from mashang.staff import presence

MOST_MISSED = 3

_ASLEEP = f"""
    select a.id, a.name, o.conversation_id
    from agent a cross join lateral (
        select (array_agg(o.conversation_id order by o.offered_at desc))[1] as conversation_id,
            count(*) filter (where o.answer = 'timed_out') as missed
        from (
            select o.conversation_id, o.answer, o.offered_at from offer o
            where o.agent_id = a.id and o.answer in ('accepted', 'declined', 'timed_out')
                and o.offered_at >= a.available_since
            order by o.offered_at desc limit {MOST_MISSED}
        ) o
    ) o
    where a.availability = 'available' and a.archived_at is null and o.missed = {MOST_MISSED}
"""


async def sweep_unanswered(db: Database) -> int:
    """Set away who does not answer; how many they were."""
    async with db.transaction() as tx:
        found = await tx.all(f"{_ASLEEP} order by a.id")
    for row in found:
        async with db.transaction() as tx:
            await conversations.lock(tx, row["conversation_id"])
            if await tx.first(f"{_ASLEEP} and a.id = %s", (row["id"],)):
                await presence.set_away(tx, row["id"], "unanswered")
                await trace.leave(tx, row["conversation_id"], "set_away", agent=row["name"], missed=MOST_MISSED)
    return len(found)
