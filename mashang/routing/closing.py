"""The end of a conversation, and its beginning again.

Closed is over, not gone: whoever had it, or the customer, lets it go on.  What the assistant served goes on with a
person when its customer is back within `SAME_MATTER`: the answer cannot have been it.  Whoever left the queue and
is back within `PLACE_KEPT` has the old place; later the place is a new one, and it is said which.

Who is back later than `SAME_MATTER` comes with another matter; an agent who reopens says that this one was not settled.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.customers import Customer
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, NotFound
from mashang.routing import assistance, dispatch, queue, roster, trace
from mashang.routing.events import ConversationClosed, ConversationReopened
from mashang.routing.handing_over import assist, need_now
from mashang.routing.handling import assign
from mashang.routing.judging import AlreadyOpen, AtCapacity, demand_open, demand_say, hands
from mashang.staff import Agent

PLACE_KEPT = timedelta(minutes=5)


async def close(tx: Tx, by: Agent | Customer | None, conversation_id: int, *, solved: bool = False) -> None:
    """End a conversation; `by` None is the system, `solved`: without a person.  It can be reopened."""
    conversation = await conversations.lock(tx, conversation_id)
    if isinstance(by, Customer) and not by.holds(conversation.customer_id):
        raise NotFound
    demand_open(conversation)
    if isinstance(by, Agent):
        demand_say(by, conversation)
    waits = conversation.status == "waiting"
    if waits:
        await queue.leave(tx, conversation.id)
    await conversations.close(tx, conversation.id)
    facts = {"waiting": waits, "assisted": conversation.status == "assisted", "solved": solved}
    await _tell(tx, conversation, "closed", by, **{name: True for name, is_so in facts.items() if is_so})
    tx.emit(ConversationClosed(conversation.id, conversation.agent_id))


async def reopen(tx: Tx, by: Agent | Customer, conversation_id: int) -> None:
    """Let a closed conversation go on.

    An agent who reopens it serves it.  For a customer it goes to the agent who served it,
    when that one is here and has a free hand, and into the queue otherwise.  Raises
    AlreadyOpen, AtCapacity, TooManyOpen.
    """
    await dispatch.hold(tx)
    conversation = await conversations.lock(tx, conversation_id)
    if isinstance(by, Customer) and not by.holds(conversation.customer_id):
        raise NotFound
    if conversation.status != "closed":
        raise AlreadyOpen
    if isinstance(by, Agent) and await hands(tx, by.id, conversation.id) <= 0:
        raise AtCapacity(capacity=by.capacity)
    department_id = await _department_still_there(tx, conversation.department_id)
    assisted = await assistance.served_last(tx, conversation)
    keeps = not assisted and await _keeps_place(tx, conversation)
    await conversations.unassign(tx, conversation.id, department_id)
    if isinstance(by, Customer):
        await conversations.demand_room(tx, conversation.customer_id)
    answering = by if isinstance(by, Agent) else await _former_agent(tx, conversation, department_id)
    is_another = isinstance(by, Customer) and await _is_another_matter(tx, conversation)
    again = is_another and assisted and not answering and await assistance.is_ready(tx)
    place = {} if answering or again else {"place": "kept" if keeps else "new"}
    await _tell(tx, conversation, "reopened", by, **place)
    tx.emit(ConversationReopened(conversation.id))
    if is_another:
        await assistance.begin_anew(tx, conversation)
    if again:
        await assist(tx, conversation, anew=True)
        return
    if assisted and not is_another:
        await assistance.leave(tx, conversation, "taken" if answering else "returned")
    if answering:
        await assign(tx, conversation, answering, "resumed")
    else:
        await queue.place(tx, conversation.id, department_id, await need_now(tx, conversation), fresh=not keeps)


async def _is_another_matter(tx: Tx, conversation: Conversation) -> bool:
    """It was closed so long ago that who is back comes with something else."""
    long_ago: bool = await tx.value("select %s + %s <= app_now()", (conversation.closed_at, assistance.SAME_MATTER))
    return long_ago


async def _keeps_place(tx: Tx, conversation: Conversation) -> bool:
    """It was closed while it waited, a moment ago."""
    if conversation.agent_id is not None or conversation.closed_at is None:
        return False
    kept: bool = await tx.value("select app_now() < %s", (conversation.closed_at + PLACE_KEPT,))
    return kept


async def _department_still_there(tx: Tx, department_id: int) -> int:
    """This department, or the first of the operator's order when it was archived."""
    found: int | None = await tx.value(
        "select id from department where archived_at is null order by id <> %s, position, id limit 1", (department_id,)
    )
    if found is None:
        raise Invalid(field="department", reason="unknown")
    return found


async def _former_agent(tx: Tx, conversation: Conversation, department_id: int) -> Agent | None:
    now = await tx.value("select app_now()")
    here = {agent.agent_id: agent for agent in await roster.here(tx, now)}
    former = here.get(conversation.agent_id or 0)
    if former is None or department_id not in former.departments or former.load >= former.capacity:
        return None
    row = await tx.one(
        "select id, public_id, login, name, role, capacity, availability from agent where id = %s", (former.agent_id,)
    )
    return Agent(**row)


async def _tell(tx: Tx, conversation: Conversation, what: str, by: Agent | Customer | None, **facts: Any) -> None:
    """`by` in the timeline is a kind, because the customer reads it; the trace has the name."""
    kind = "system" if by is None else "agent" if isinstance(by, Agent) else "customer"
    await timeline.append(tx, timeline.event(conversation.id, what, by=kind, **facts))
    await trace.leave(tx, conversation.id, f"{what}_by_{kind}", agent=by.name if isinstance(by, Agent) else "")
