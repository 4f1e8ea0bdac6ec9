"""What agents do with who waits: accept, decline, take.

Each verb locks the conversation first, judges it as it is then, and refuses an
illegal move by name; so of a hundred who accept at once one succeeds and ninety-nine
hear that it is taken.  Each leaves a line in the trace and an entry in the timeline.

Does not: give conversations away (`moving`) or end them (`closing`).
"""

from __future__ import annotations

from typing import Any

from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.kit.db import Tx
from mashang.routing import assistance, dispatch, queue, trace
from mashang.routing.events import ConversationAssigned, OfferEnded
from mashang.routing.judging import (
    AgentNotAvailable,
    AlreadyTaken,
    AtCapacity,
    NotOffered,
    OfferExpired,
    demand_open,
    demand_say,
    hands,
    name_of,
)
from mashang.staff import Agent
from mashang.staff.permissions import permitted


async def accept(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Answer what was offered.  Again by the same agent changes nothing."""
    conversation = await conversations.lock(tx, conversation_id)
    if conversation.status == "active" and conversation.agent_id == agent.id:
        return
    offer = await _offer_to(tx, agent, conversation)
    if offer["ran_out"]:
        raise OfferExpired
    await _answer(tx, conversation, agent, "accepted")
    await assign(tx, conversation, agent, "accepted")


async def decline(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Leave what was offered to somebody else."""
    conversation = await conversations.lock(tx, conversation_id)
    await _offer_to(tx, agent, conversation)
    await _answer(tx, conversation, agent, "declined")
    await trace.leave(tx, conversation.id, "declined", agent=agent.name)
    await queue.wish_refused(tx, conversation.id, agent.id, "declined")


async def take(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Answer who waits, or is with the assistant, without being asked; supervisors also whom a colleague serves."""
    await dispatch.hold(tx)
    conversation = await conversations.lock(tx, conversation_id)
    if conversation.status == "active" and conversation.agent_id == agent.id:
        return
    demand_open(conversation)
    if conversation.status == "active" and not permitted(agent, "conversations.take"):
        raise AlreadyTaken(agent=await name_of(tx, conversation.agent_id))
    demand_say(agent, conversation)
    if await hands(tx, agent.id, conversation.id) <= 0:
        raise AtCapacity(capacity=agent.capacity)
    if conversation.status in ("assisted", "waiting"):
        await queue.withdraw(tx, conversation.id)
        await assign(tx, conversation, agent, "taken")
    else:
        former = await name_of(tx, conversation.agent_id)
        await assign(tx, conversation, agent, "taken_over", former=former)


async def assign(tx: Tx, conversation: Conversation, agent: Agent, how: str, **facts: Any) -> None:
    """This agent serves it from now on; the caller holds its row."""
    # Shared, so that the agent cannot be dismissed before our commit gives them somebody.
    employed = await tx.value("select 1 from agent where id = %s and archived_at is null for share", (agent.id,))
    if not employed:
        raise AgentNotAvailable(agent=agent.name, reason="away")
    if conversation.status == "assisted":
        await assistance.leave(tx, conversation, "taken")
    else:
        await assistance.stand_back(tx, conversation)
    await queue.leave(tx, conversation.id)
    await conversations.assign(tx, conversation.id, agent.id)
    await timeline.append(tx, timeline.event(conversation.id, "assigned", agent=agent.name))
    await trace.leave(tx, conversation.id, how, agent=agent.name, **facts)
    tx.emit(ConversationAssigned(conversation.id, agent.id))


async def _offer_to(tx: Tx, agent: Agent, conversation: Conversation) -> dict[str, Any]:
    """The open offer of this conversation to this agent, or why there is none."""
    if conversation.status == "active":
        raise AlreadyTaken(agent=await name_of(tx, conversation.agent_id))
    demand_open(conversation)
    latest = await tx.first(
        """
        select o.answer, o.expires_at <= app_now() as ran_out from offer o
        where o.conversation_id = %s and o.agent_id = %s order by o.id desc limit 1
        """,
        (conversation.id, agent.id),
    )
    if latest and latest["answer"] == "timed_out":
        raise OfferExpired
    if latest is None or latest["answer"] is not None:
        raise NotOffered
    return latest


async def _answer(tx: Tx, conversation: Conversation, agent: Agent, answer: str) -> None:
    await tx.run(
        "update offer set answered_at = app_now(), answer = %s where conversation_id = %s and answered_at is null",
        (answer, conversation.id),
    )
    tx.emit(OfferEnded(conversation.id, agent.id, answer))
