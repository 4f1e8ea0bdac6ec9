"""What agents and customers do with a conversation: accept, decline, take, give away, close, reopen.

Each verb locks the conversation first, judges it as it is then, and refuses an
illegal move by name; so of a hundred who accept at once one succeeds and ninety-nine
hear that it is taken.  Each leaves a line in the trace and an entry in the timeline.

Who may do it: whoever serves a conversation; supervisors and operators; and, while
it waits, the agents of its department.

Does not: check who may see it (`conversations.access`, at the edge).
"""

from __future__ import annotations

from typing import Any

import msgspec

from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import Author, NewEntry
from mashang.customers import Customer
from mashang.guard import masking
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, NotFound, Refusal
from mashang.routing import dispatch, queue, roster, trace
from mashang.routing.eligibility import Need
from mashang.routing.events import (
    ConversationAssigned,
    ConversationClosed,
    ConversationReopened,
    ConversationTransferred,
    OfferEnded,
)
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


async def accept(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Answer what was offered.  Again by the same agent changes nothing."""
    conversation = await conversations.lock(tx, conversation_id)
    if conversation.status == "active" and conversation.agent_id == agent.id:
        return
    offer = await _offer_to(tx, agent, conversation)
    if offer["ran_out"]:
        raise OfferExpired
    await _answer(tx, conversation, agent, "accepted")
    await _assign(tx, conversation, agent, "accepted")


async def decline(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Leave what was offered to somebody else."""
    conversation = await conversations.lock(tx, conversation_id)
    await _offer_to(tx, agent, conversation)
    await _answer(tx, conversation, agent, "declined")
    await tx.run(
        "update queue_place set wanted_agent_id = null where conversation_id = %s and wanted_agent_id = %s",
        (conversation.id, agent.id),
    )
    await trace.leave(tx, conversation.id, "declined", agent=agent.name)


async def take(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Answer a waiting conversation without being asked; supervisors also one that a colleague serves."""
    await dispatch.hold(tx)
    conversation = await conversations.lock(tx, conversation_id)
    if conversation.status == "active" and conversation.agent_id == agent.id:
        return
    _demand_open(conversation)
    if conversation.status == "active" and not permitted(agent, "conversations.take"):
        raise AlreadyTaken(agent=await _name_of(tx, conversation.agent_id))
    _demand_say(agent, conversation)
    if await _hands(tx, agent.id, conversation.id) <= 0:
        raise AtCapacity(capacity=agent.capacity)
    if conversation.status == "waiting":
        await queue.withdraw(tx, conversation.id)
        await _assign(tx, conversation, agent, "taken")
    else:
        former = await _name_of(tx, conversation.agent_id)
        await _assign(tx, conversation, agent, "taken_over", former=former)


async def transfer(
    tx: Tx,
    agent: Agent,
    conversation_id: int,
    *,
    department_id: int | None = None,
    agent_id: int | None = None,
    note: str = "",
    rules: Rules = NO_RULES,
) -> None:
    """Give a conversation to a department, or to one agent first; `note`, masked by `rules`, is for whoever answers.

    It keeps its place in the queue, its code and its context.  Raises AgentNotAvailable, Invalid.
    """
    if (department_id is None) == (agent_id is None):
        raise Invalid(field="department", reason="one_of")
    conversation = await conversations.lock(tx, conversation_id)
    _demand_open(conversation)
    _demand_say(agent, conversation)
    if agent_id is not None:
        to_department, to_agent = await _reachable(tx, agent_id, conversation)
    else:
        to_department, to_agent = await _department(tx, department_id), None
    if note.strip():
        await _note(tx, conversation, agent, masking.mask(note.strip(), rules).text)
    await _tell_transfer(tx, conversation, agent, to_department, to_agent)
    await _back_to_queue(
        tx, conversation, to_department["id"], await _need_after(tx, conversation, to_department, agent_id)
    )
    tx.emit(ConversationTransferred(conversation.id, conversation.agent_id, to_department["id"], agent_id))


async def return_to_queue(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Hand a conversation back; it waits at its old place, for somebody else first."""
    conversation = await conversations.lock(tx, conversation_id)
    _demand_open(conversation)
    if conversation.agent_id != agent.id and not permitted(agent, "conversations.manage"):
        raise NotYours
    if conversation.status == "waiting":
        return
    await timeline.append(tx, timeline.event(conversation.id, "returned", by=agent.name))
    await trace.leave(tx, conversation.id, "returned", by=agent.name)
    await _back_to_queue(tx, conversation, conversation.department_id, await queue.last_need(tx, conversation.id))


async def close(tx: Tx, by: Agent | Customer | None, conversation_id: int) -> None:
    """End a conversation; `by` None is the system.  It can be reopened."""
    conversation = await conversations.lock(tx, conversation_id)
    if isinstance(by, Customer) and not by.holds(conversation.customer_id):
        raise NotFound
    _demand_open(conversation)
    if isinstance(by, Agent):
        _demand_say(by, conversation)
    if conversation.status == "waiting":
        await queue.leave(tx, conversation.id)
    await conversations.close(tx, conversation.id)
    await _tell(tx, conversation, "closed", by)
    tx.emit(ConversationClosed(conversation.id, conversation.agent_id))


async def reopen(tx: Tx, by: Agent | Customer, conversation_id: int) -> None:
    """Let a closed conversation go on.

    An agent who reopens it serves it.  For a customer it goes to the agent who served it,
    when that one is here and has a free hand, and into the queue otherwise.
    """
    await dispatch.hold(tx)
    conversation = await conversations.lock(tx, conversation_id)
    if isinstance(by, Customer) and not by.holds(conversation.customer_id):
        raise NotFound
    if conversation.status != "closed":
        raise AlreadyOpen
    if isinstance(by, Agent) and await _hands(tx, by.id, conversation.id) <= 0:
        raise AtCapacity(capacity=by.capacity)
    department_id = await _department_still_there(tx, conversation.department_id)
    await conversations.unassign(tx, conversation.id, department_id)
    await _tell(tx, conversation, "reopened", by)
    tx.emit(ConversationReopened(conversation.id))
    answering = by if isinstance(by, Agent) else await _former_agent(tx, conversation, department_id)
    if answering:
        await _assign(tx, conversation, answering, "resumed")
    else:
        await queue.place(tx, conversation.id, department_id, fresh=True)


# ── judging ─────────────────────────────────────────────────────────────────


def _demand_open(conversation: Conversation) -> None:
    if conversation.status == "closed":
        raise AlreadyClosed


def _demand_say(agent: Agent, conversation: Conversation) -> None:
    """Raise NotYours unless this agent has a say in the conversation."""
    is_member = any(department.id == conversation.department_id for department in agent.departments)
    serves = conversation.agent_id == agent.id or (conversation.status == "waiting" and is_member)
    if not serves and not permitted(agent, "conversations.manage"):
        raise NotYours


async def _offer_to(tx: Tx, agent: Agent, conversation: Conversation) -> dict[str, Any]:
    """The open offer of this conversation to this agent, or why there is none."""
    if conversation.status == "active":
        raise AlreadyTaken(agent=await _name_of(tx, conversation.agent_id))
    _demand_open(conversation)
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


async def _hands(tx: Tx, agent_id: int, conversation_id: int) -> int:
    """How many more conversations this agent may have, besides this one."""
    hands: int = await tx.value(
        """
        select a.capacity
            - (select count(*) from conversation c where c.agent_id = a.id and c.status = 'active' and c.id <> %(id)s)
            - (select count(*) from offer o where o.agent_id = a.id and o.answered_at is null
               and o.conversation_id <> %(id)s)
        from agent a where a.id = %(agent)s
        """,
        {"agent": agent_id, "id": conversation_id},
    )
    return hands


async def _reachable(tx: Tx, agent_id: int, conversation: Conversation) -> tuple[dict[str, Any], str]:
    """The department in which this agent can be asked, and their name."""
    if agent_id == conversation.agent_id:
        raise Invalid(field="agent", reason="already_theirs")
    found = await tx.first(
        f"""
        select a.name, {roster.HERE} as here, d.id, d.name as department, d.name_en
        from agent a
        left join membership m on m.agent_id = a.id
        left join department d on d.id = m.department_id and d.archived_at is null
        where a.id = %(agent)s and a.archived_at is null
        order by d.id is null, d.id <> %(department)s, d.position, d.id limit 1
        """,
        {"agent": agent_id, "department": conversation.department_id, "now": await tx.value("select app_now()")},
    )
    if found is None:
        raise Invalid(field="agent", reason="unknown")
    if not found["here"] or found["id"] is None:
        raise AgentNotAvailable(agent=found["name"], reason="away")
    if await _hands(tx, agent_id, conversation.id) <= 0:
        raise AgentNotAvailable(agent=found["name"], reason="full")
    return {"id": found["id"], "name": found["department"], "name_en": found["name_en"]}, found["name"]


async def _department(tx: Tx, department_id: int | None) -> dict[str, Any]:
    # Shared, so that it cannot be archived before our commit puts somebody in its queue.
    found = await tx.first(
        "select id, name, name_en from department where id = %s and archived_at is null for share", (department_id,)
    )
    if found is None:
        raise Invalid(field="department", reason="unknown")
    return found


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


async def _name_of(tx: Tx, agent_id: int | None) -> str:
    name: str | None = await tx.value("select name from agent where id = %s", (agent_id,))
    return name or ""


# ── writing ─────────────────────────────────────────────────────────────────


async def _answer(tx: Tx, conversation: Conversation, agent: Agent, answer: str) -> None:
    await tx.run(
        "update offer set answered_at = app_now(), answer = %s where conversation_id = %s and answered_at is null",
        (answer, conversation.id),
    )
    tx.emit(OfferEnded(conversation.id, agent.id, answer))


async def _assign(tx: Tx, conversation: Conversation, agent: Agent, how: str, **facts: Any) -> None:
    # Shared, so that the agent cannot be dismissed before our commit gives them somebody.
    employed = await tx.value("select 1 from agent where id = %s and archived_at is null for share", (agent.id,))
    if not employed:
        raise AgentNotAvailable(agent=agent.name, reason="away")
    await queue.leave(tx, conversation.id)
    await conversations.assign(tx, conversation.id, agent.id)
    await timeline.append(tx, timeline.event(conversation.id, "assigned", agent=agent.name))
    await trace.leave(tx, conversation.id, how, agent=agent.name, **facts)
    tx.emit(ConversationAssigned(conversation.id, agent.id))


async def _need_after(
    tx: Tx, conversation: Conversation, to_department: dict[str, Any], wanted_agent_id: int | None
) -> Need:
    """What it needs where it goes: another department has tiers and skills of its own, the priority stays."""
    need = await queue.last_need(tx, conversation.id)
    if to_department["id"] != conversation.department_id:
        need = Need(priority=need.priority)
    return msgspec.structs.replace(need, wanted_agent_id=wanted_agent_id)


async def _back_to_queue(tx: Tx, conversation: Conversation, department_id: int, need: Need) -> None:
    await queue.withdraw(tx, conversation.id)
    await conversations.unassign(tx, conversation.id, department_id)
    await queue.place(tx, conversation.id, department_id, need)
    if conversation.agent_id is not None:
        await _rest_from(tx, conversation)


async def _rest_from(tx: Tx, conversation: Conversation) -> None:
    """Whoever gave it away is not offered it again at once: as if they had declined it now."""
    await tx.run(
        """
        insert into offer (conversation_id, agent_id, offered_at, expires_at, answered_at, answer)
        select %s, %s, now, now, now, 'declined' from app_now() as now
        """,
        (conversation.id, conversation.agent_id),
    )


async def _note(tx: Tx, conversation: Conversation, agent: Agent, note: str) -> None:
    entry = NewEntry(
        conversation_id=conversation.id,
        author=Author("agent", agent.public_id, agent.name),
        author_id=agent.id,
        audience="staff",
        text=note,
    )
    await timeline.append(tx, entry)


async def _tell_transfer(
    tx: Tx, conversation: Conversation, by: Agent, to_department: dict[str, Any], to_agent: str | None
) -> None:
    """The timeline has names in both languages; the trace has the words a supervisor reads."""
    named = {"name": to_department["name"], "name_en": to_department["name_en"]}
    former = await tx.one("select name, name_en from department where id = %s", (conversation.department_id,))
    event = timeline.event(
        conversation.id, "transferred", from_department=former, to_department=named, to_agent=to_agent, by=by.name
    )
    await timeline.append(tx, event)
    await trace.leave(
        tx, conversation.id, "transferred_to_agent" if to_agent else "transferred",
        from_department=former["name"], to_department=named["name"], to_agent=to_agent, by=by.name,
    )  # fmt: skip


async def _tell(tx: Tx, conversation: Conversation, what: str, by: Agent | Customer | None) -> None:
    """`by` in the timeline is a kind, because the customer reads it; the trace has the name."""
    kind = "system" if by is None else "agent" if isinstance(by, Agent) else "customer"
    await timeline.append(tx, timeline.event(conversation.id, what, by=kind))
    await trace.leave(tx, conversation.id, f"{what}_by_{kind}", agent=by.name if isinstance(by, Agent) else "")
