"""A colleague or supervisor in a conversation beside whoever serves it.

They join visibly: the customer reads who came and who left.  They may write; the serving agent stays the one
in charge, so joining takes no slot, moves nothing in a queue and is no business of the dispatcher.  It ends when they
leave, when they take the conversation over, or when nobody serves it any more.

Does not: check who may see it (the edge does; whoever sees a conversation may join it).
"""

from __future__ import annotations

from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.kit.db import Tx
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


async def _tell(tx: Tx, conversation: Conversation, agent: Agent, what: str) -> None:
    """The customer reads the name and whether it is somebody who watches."""
    watches = agent.sees_everything
    await timeline.append(tx, timeline.event(conversation.id, what, agent=agent.name, watches=watches))
    await trace.leave(tx, conversation.id, what, agent=agent.name)
