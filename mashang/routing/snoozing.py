"""Putting a conversation aside: until an instant, or until the customer writes, whichever comes first.

It stays with its agent, also when they go home, and takes none of their hands meanwhile: for
somebody who promised to look again tomorrow is not busy today.  When it comes back it counts
again, even above the capacity, because the customer was promised this very agent; then
nothing new is offered until somebody else is finished with.  An agent who is not there when
it comes back loses it like any other, to the queue and the old place.

The customer sees nothing of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Conflict, Invalid
from mashang.routing import dispatch
from mashang.routing.events import ConversationSnoozed
from mashang.routing.judging import NotYours, demand_open
from mashang.staff import Agent
from mashang.staff.permissions import permitted

LONGEST = timedelta(days=60)
Why = Literal["time", "customer", "agent"]

_DUE = """
    c.snoozed_at is not null and (c.snoozed_until <= app_now() or exists (
        select from entry e where e.conversation_id = c.id and e.seq > c.snoozed_head
            and e.author = 'customer' and e.kind <> 'event'))
"""


class NotServed(Conflict):
    """Only what somebody serves can be put aside."""

    code = "not_served"


async def snooze(tx: Tx, agent: Agent, conversation_id: int, until: datetime | None) -> None:
    """Put aside what this agent serves; again gives it another time.  Raises NotYours, NotServed, Invalid."""
    if until is not None and not clock.now() < until <= clock.now() + LONGEST:
        raise Invalid(field="until", reason="past" if until <= clock.now() else "too_long")
    conversation = await conversations.lock(tx, conversation_id)
    demand_open(conversation)
    if conversation.status != "active":
        raise NotServed(reason="not_served")
    if conversation.agent_id != agent.id:
        raise NotYours
    await conversations.put_aside(tx, conversation_id, until)
    when = until.isoformat() if until else None
    await timeline.append(tx, timeline.event(conversation_id, "snoozed", staff_only=True, agent=agent.name, until=when))
    await conversations.heard_until_now(tx, conversation_id)
    tx.emit(ConversationSnoozed(conversation_id, agent.id))


async def wake(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Go on with it now; nothing when it is not aside.  Raises NotYours."""
    await dispatch.hold(tx)
    conversation = await conversations.lock(tx, conversation_id)
    if conversation.agent_id != agent.id and not permitted(agent, "conversations.manage"):
        raise NotYours
    if conversation.snoozed_at is not None:
        await _back(tx, conversation, "agent")


async def sweep_snoozed(db: Database) -> int:
    """Bring back what is due; how many."""
    async with db.transaction() as tx:
        due = await tx.all(f"select c.id from conversation c where {_DUE} order by c.id")
    for row in due:
        async with db.transaction() as tx:
            await dispatch.hold(tx)
            conversation = await conversations.lock(tx, row["id"])
            still = await tx.first(
                f"select c.snoozed_until <= app_now() as by_time from conversation c where c.id = %s and {_DUE}",
                (row["id"],),
            )
            if still is not None:
                await _back(tx, conversation, "time" if still["by_time"] else "customer")
    return len(due)


async def _back(tx: Tx, conversation: Conversation, why: Why) -> None:
    await conversations.take_up(tx, conversation.id)
    await timeline.append(tx, timeline.event(conversation.id, "woken", staff_only=True, why=why))
