"""What is refused by name, and how a conversation is judged before anybody does something with it.

Who may do something with a conversation: whoever serves it; supervisors and operators; and, while
it waits or is with the assistant, the agents of its department.

Does not: check who may see it (`conversations.access`, at the edge).
"""

from __future__ import annotations

from mashang.conversations.conversation import Conversation
from mashang.kit.db import Tx
from mashang.kit.errors import Refusal
from mashang.staff import Agent
from mashang.staff.permissions import permitted


class AlreadyTaken(Refusal):
    """Somebody else serves it: `agent`."""

    status, code = 409, "already_taken"


class AlreadyClosed(Refusal):
    """It is over."""

    status, code = 409, "already_closed"


class AlreadyOpen(Refusal):
    """It is not closed."""

    status, code = 409, "already_open"


class NotWaiting(Refusal):
    """Somebody serves it already."""

    status, code = 409, "not_waiting"


class NotOffered(Refusal):
    """It is not on offer to this agent."""

    status, code = 409, "not_offered"


class OfferExpired(Refusal):
    """The offer ran out before it was answered."""

    status, code = 409, "offer_expired"


class NotYours(Refusal):
    """Another agent serves it."""

    status, code = 403, "not_yours"


class AtCapacity(Refusal):
    """The agent has as many conversations as they may have: `capacity`."""

    status, code = 409, "at_capacity"


class AgentNotAvailable(Refusal):
    """The agent is offline, away, without a department or without a free hand: `agent`, `reason`."""

    status, code = 409, "agent_not_available"


def demand_open(conversation: Conversation) -> None:
    """Raise AlreadyClosed when it is over."""
    if conversation.status == "closed":
        raise AlreadyClosed


def demand_say(agent: Agent, conversation: Conversation) -> None:
    """Raise NotYours unless this agent has a say in the conversation."""
    is_member = any(department.id == conversation.department_id for department in agent.departments)
    serves = conversation.agent_id == agent.id or (conversation.status in ("assisted", "waiting") and is_member)
    if not serves and not permitted(agent, "conversations.manage"):
        raise NotYours


async def hands(tx: Tx, agent_id: int, conversation_id: int) -> int:
    """How many more conversations this agent may have, besides this one."""
    free: int = await tx.value(
        """
        select a.capacity
            - (select count(*) from conversation c
               where c.agent_id = a.id and c.status = 'active' and c.snoozed_at is null and c.id <> %(id)s)
            - (select count(*) from offer o where o.agent_id = a.id and o.answered_at is null
               and o.conversation_id <> %(id)s)
        from agent a where a.id = %(agent)s
        """,
        {"agent": agent_id, "id": conversation_id},
    )
    return free


async def name_of(tx: Tx, agent_id: int | None) -> str:
    """Their name; empty for nobody."""
    name: str | None = await tx.value("select name from agent where id = %s", (agent_id,))
    return name or ""
