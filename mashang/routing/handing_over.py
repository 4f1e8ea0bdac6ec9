"""Between the assistant and people: it begins, it hands over, it is called back.

Who is handed over stands in the queue where they would have stood had they asked for a person at once: their place is
the instant they came.  Who came without a code waits for the people of what the assistant understood it to be about.
Afterwards the assistant is out: nobody is sent in circles.  An agent who serves may call it back, and it may hand over
again.

Does not: decide when (`bot`), or know what to tell (`assistance`).
"""

from __future__ import annotations

import msgspec

from mashang import codes
from mashang.codes import Topic
from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.customers import Customer, customer
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound, Refusal
from mashang.routing import assistance, queue, trace
from mashang.routing.assistance import Reason
from mashang.routing.eligibility import Need, need_of
from mashang.routing.events import ConversationAssisted
from mashang.routing.judging import NotYours, demand_open
from mashang.shops import site
from mashang.staff import Agent, departments
from mashang.staff.permissions import permitted


class AssistantOff(Refusal):
    """The assistant is switched off, or knows nothing yet."""

    status, code = 409, "assistant_off"


async def assist(tx: Tx, conversation: Conversation, *, answers_first: bool = False, anew: bool = False) -> None:
    """Let the assistant serve what was just opened, or goes on `anew`; it waits nowhere.  The caller holds the row.

    Of what was just opened the caller lets the assistant say first what it is: nothing else needs to.
    """
    await conversations.assist(tx, conversation.id)
    await assistance.serve(tx, conversation.id, answers_first=answers_first)
    await timeline.append(tx, timeline.event(conversation.id, "assisted", greets=not anew))
    await trace.leave(tx, conversation.id, "assisted")


async def ask_for_a_person(tx: Tx, by: Customer, conversation_id: int) -> None:
    """The customer wants a person; again, or while one serves or is waited for, changes nothing."""
    conversation = await conversations.lock(tx, conversation_id)
    if not by.holds(conversation.customer_id):
        raise NotFound
    demand_open(conversation)
    await hand_over(tx, conversation_id, "asked")


async def hand_over(tx: Tx, conversation_id: int, reason: Reason) -> None:
    """Put what the assistant serves into the queue, where it would have stood; anything else stays as it is."""
    conversation = await conversations.lock(tx, conversation_id)
    if conversation.status != "assisted":
        return
    department_id, topic = await _whose_matter(tx, conversation)
    await assistance.leave(tx, conversation, reason)
    await timeline.append(tx, timeline.event(conversation.id, "person_coming", reason=reason))
    await conversations.unassign(tx, conversation.id, department_id)
    need = await need_now(tx, conversation, topic)
    since = await assistance.came_at(tx, conversation)
    await queue.place(tx, conversation.id, department_id, need, since=since)


async def _whose_matter(tx: Tx, conversation: Conversation) -> tuple[int, Topic | None]:
    """The department that answers, and the topic whose need it has.

    A code, and whoever of the staff had it before, know better than what the assistant understood.
    """
    by_code = (await codes.index(tx)).by_code
    if conversation.topic_code or await queue.has_waited(tx, conversation.id):
        return conversation.department_id, by_code.get(conversation.topic_code or "")
    about = await assistance.about(tx, conversation.id)
    present = {one.public_id: one.id for one in await departments.present(tx)}
    topics = [by_code[code] for code in about.codes if code in by_code]
    ids = [present[one] for one in about.departments if one in present] or [one.department_id for one in topics]
    if not ids:
        return conversation.department_id, None
    chosen = conversation.department_id if conversation.department_id in ids else ids[0]
    if not await departments.keep(tx, chosen):
        return conversation.department_id, None  # archived this moment
    return chosen, next((one for one in topics if one.department_id == chosen), None)


async def call_assistant(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Give what this agent serves to the assistant.  Raises AlreadyClosed, NotYours, AssistantOff."""
    conversation = await conversations.lock(tx, conversation_id)
    demand_open(conversation)
    if conversation.status == "assisted":
        return
    if conversation.agent_id != agent.id and not permitted(agent, "conversations.manage"):
        raise NotYours
    if not await assistance.is_ready(tx):
        raise AssistantOff
    await queue.leave(tx, conversation.id)
    await conversations.assist(tx, conversation.id)
    await assistance.serve(tx, conversation.id, heard_seq=conversation.head)
    await timeline.append(tx, timeline.event(conversation.id, "assisted", by="agent", agent=agent.name))
    await trace.leave(tx, conversation.id, "assistant_called", agent=agent.name)
    tx.emit(ConversationAssisted(conversation.id, conversation.agent_id))


async def need_now(tx: Tx, conversation: Conversation, topic: Topic | None = None) -> Need:
    """What it needed when it last waited, else what its topic asks; as urgent as its customer is proved to be now."""
    topic = topic or (await codes.index(tx)).by_code.get(conversation.topic_code or "")
    who = await customer.by_id(tx, conversation.customer_id)
    now = need_of(topic, who, await site.vip_tiers(tx, conversation.site_id))
    if not await queue.has_waited(tx, conversation.id):
        return now
    return msgspec.structs.replace(await queue.last_need(tx, conversation.id), priority=now.priority)
