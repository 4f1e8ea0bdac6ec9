"""A colleague or supervisor in a conversation beside whoever serves it.

They join visibly: the customer reads who came and who left.  They may write; the serving agent stays the one
in charge, so joining takes no slot, moves nothing in a queue and is no business of the dispatcher.  It ends when they
leave, when they take the conversation over, or when nobody serves it any more; and by itself when their desk is gone
for as long as an agent who vanished keeps their conversations: the customer must not believe that somebody reads who
went home.

Does not: check who may see it (the edge does; whoever sees a conversation may join it).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Refusal
from mashang.routing import trace
from mashang.routing.judging import demand_open
from mashang.staff import Agent


class NobodyElseServes(Refusal):
    """No colleague serves it: there is nobody to join or to whisper to."""

    status, code = 409, "nobody_else_serves"


def demand_served_by_another(agent: Agent, conversation: Conversation) -> None:
    """Raise AlreadyClosed, NobodyElseServes unless a colleague of the agent serves it."""
    demand_open(conversation)
    if conversation.agent_id in (None, agent.id):
        raise NobodyElseServes


async def join(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Be in it beside whoever serves it.  Again changes nothing."""
    conversation = await conversations.lock(tx, conversation_id)
    demand_served_by_another(agent, conversation)
    if await conversations.join(tx, conversation.id, agent.id):
        await _tell(tx, conversation, agent, "colleague_joined")


async def leave(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Be in it no longer.  Again changes nothing."""
    conversation = await conversations.lock(tx, conversation_id)
    if await conversations.leave(tx, conversation.id, agent.id):
        await _tell(tx, conversation, agent, "colleague_left")


async def leave_all(tx: Tx, agent: Agent) -> None:
    """The agent goes: they leave every conversation they had joined."""
    for row in await tx.all("select conversation_id from joined where agent_id = %s order by 1", (agent.id,)):
        await leave(tx, agent, row["conversation_id"])


async def sweep_absent(db: Database, grace: timedelta, since: datetime) -> int:
    """Those whose desk has been gone for `grace` leave what they had joined; how many times.

    `since` is when this process began to look: a server that was away itself must not count its own absence as theirs.
    One transaction for each, so that one that cannot leave holds up no other.
    """
    params = {"grace": grace, "since": since}
    async with db.transaction() as tx:
        left = await tx.all(f"select j.conversation_id, j.agent_id {_LEFT_BEHIND} order by 1, 2", params)
    for row in left:
        async with db.transaction() as tx:
            conversation = await conversations.lock(tx, row["conversation_id"])
            still = f"select 1 {_LEFT_BEHIND} and j.conversation_id = %(id)s and j.agent_id = %(agent)s"
            if await tx.value(still, {**params, "id": conversation.id, "agent": row["agent_id"]}):
                await _leave_absent(tx, conversation, row["agent_id"], grace)
    return len(left)


# Joined by somebody without a lease, neither since they had one nor since they joined within the grace time.
_LEFT_BEHIND = """
    from joined j join agent a on a.id = j.agent_id
    where greatest(
        %(since)s, a.seen_until, j.joined_at,
        (select max(l.alive_until) from presence_lease l where l.agent_id = a.id)
    ) + %(grace)s <= app_now()
"""


async def _leave_absent(tx: Tx, conversation: Conversation, agent_id: int, grace: timedelta) -> None:
    await conversations.leave(tx, conversation.id, agent_id)
    who = await tx.one("select name, role <> 'agent' as watches from agent where id = %s", (agent_id,))
    left = timeline.event(conversation.id, "colleague_left", agent=who["name"], watches=who["watches"])
    await timeline.append(tx, left)
    minutes = f"{grace.total_seconds() / 60:g}"
    await trace.leave(tx, conversation.id, "colleague_left_absent", agent=who["name"], minutes=minutes)


async def _tell(tx: Tx, conversation: Conversation, agent: Agent, what: str) -> None:
    """The customer reads the name and whether it is somebody who watches."""
    watches = agent.sees_everything
    await timeline.append(tx, timeline.event(conversation.id, what, agent=agent.name, watches=watches))
    await trace.leave(tx, conversation.id, what, agent=agent.name)
