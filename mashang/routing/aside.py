"""Stepping aside: a customer who does not wait here any more, but wants an answer all the same.

A conversation with a message left goes on waiting, so nothing that is true of who waits has to be
said twice: it is offered, accepted, transferred and counted like any other.  It only stands back:
whoever comes within `STANDS_BACK` and waits here is served first, and nobody is told a place or a
time, because nobody watches.  That is bounded, so that a message is answered on the busiest of days.

Whoever comes back stands where they would have stood: the place is that of the arrival.  To stay
gone by closing the page never was punished, and to say so must not be.

Does not: end a conversation (`closing`), or write places (`queue`).
"""

from __future__ import annotations

from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.customers import Customer
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound
from mashang.routing import queue, trace
from mashang.routing.events import ConversationQueued
from mashang.routing.judging import NotWaiting, demand_open


async def leave_message(tx: Tx, by: Customer, conversation_id: int) -> None:
    """Wait here no longer; what was written is answered in its turn.  Again changes nothing.

    Raises AlreadyClosed, NotWaiting.
    """
    conversation = await _waiting(tx, by, conversation_id)
    if await queue.stand_back(tx, conversation.id):
        await _tell(tx, conversation, "message_left")


async def come_back(tx: Tx, by: Customer, conversation_id: int) -> None:
    """Wait here again, where one would have stood.  Again changes nothing.

    Raises AlreadyClosed, NotWaiting.
    """
    conversation = await _waiting(tx, by, conversation_id)
    if await queue.stand_here(tx, conversation.id):
        await _tell(tx, conversation, "came_back")


async def _waiting(tx: Tx, by: Customer, conversation_id: int) -> Conversation:
    conversation = await conversations.lock(tx, conversation_id)
    if not by.holds(conversation.customer_id):
        raise NotFound
    demand_open(conversation)
    if conversation.status != "waiting":
        raise NotWaiting
    return conversation


async def _tell(tx: Tx, conversation: Conversation, what: str) -> None:
    await timeline.append(tx, timeline.event(conversation.id, what))
    await trace.leave(tx, conversation.id, what)
    tx.emit(ConversationQueued(conversation.id, conversation.department_id))
