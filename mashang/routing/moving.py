"""Giving a conversation to somebody else: to one agent, a department or a tier, or back to the queue.

It keeps its place in the queue, its code and its context.  A transfer shows who sent it and what they
wrote before it is accepted; when it named one agent and that one refuses, who sent it is told and
anybody of the department is asked.  Supervisors and operators do all of this with anybody's
conversations: that is reassigning.

An agent who vanishes keeps their conversations for a grace time, so that a reload or a lift costs
nothing; then those go back to their old places (`sweep_absent`), and the agent is asked first
should they be back in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import Author, NewEntry
from mashang.guard import masking
from mashang.guard.masking import NO_RULES, Rules
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Invalid
from mashang.routing import assistance, handing_over, queue, roster, trace
from mashang.routing.eligibility import Need
from mashang.routing.events import ConversationTransferred
from mashang.routing.judging import AgentNotAvailable, NotYours, demand_open, demand_say, hands
from mashang.routing.queue import Sent
from mashang.staff import Agent
from mashang.staff.permissions import permitted


class Target(msgspec.Struct, frozen=True):
    """Where to: one agent, or a department, or a tier, or a tier of a department; ids are row numbers."""

    department_id: int | None = None
    agent_id: int | None = None
    tier: int | None = None


async def transfer(
    tx: Tx, agent: Agent, conversation_id: int, target: Target, *, note: str = "", rules: Rules = NO_RULES
) -> None:
    """Give a conversation to somebody; `note`, masked by `rules`, is for whoever answers.

    Raises AgentNotAvailable, Invalid.
    """
    to_a_group = target.department_id is not None or target.tier is not None
    if to_a_group == (target.agent_id is not None):
        raise Invalid(field="department", reason="one_of")
    conversation = await conversations.lock(tx, conversation_id)
    demand_open(conversation)
    demand_say(agent, conversation)
    if target.agent_id is not None:
        department, to_agent = await _reachable(tx, target.agent_id, conversation)
    else:
        department, to_agent = await _department(tx, target.department_id or conversation.department_id), None
    written = masking.mask(note.strip(), rules).text
    if written:
        await _note(tx, conversation, agent, written)
    named = {"name": department["name"], "name_en": department["name_en"]}
    await _tell_transfer(tx, conversation, _Told(agent.name, named, to_agent, target.tier))
    if conversation.status == "assisted":
        await assistance.leave(tx, conversation, "transferred")
    need = await _need_there(tx, conversation, department["id"], target)
    await _back_to_queue(tx, conversation, department["id"], need, sent=Sent(agent.id, written))
    tx.emit(ConversationTransferred(conversation.id, conversation.agent_id, department["id"], target.agent_id))


async def return_to_queue(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """Hand a conversation back; it waits at its old place, for somebody else first."""
    conversation = await conversations.lock(tx, conversation_id)
    demand_open(conversation)
    if conversation.agent_id != agent.id and not permitted(agent, "conversations.manage"):
        raise NotYours
    if conversation.status == "active":
        await _return(tx, conversation, agent)


async def return_all(tx: Tx, agent: Agent) -> int:
    """The agent goes: all they serve goes back to its old places; how many that were."""
    serving = await tx.all(
        "select id from conversation where agent_id = %s and status = 'active' and snoozed_at is null"
        " order by id for update",
        (agent.id,),
    )
    for row in serving:
        await _return(tx, await conversations.lock(tx, row["id"]), agent)
    return len(serving)


async def sweep_absent(db: Database, grace: timedelta, since: datetime) -> int:
    """Put back what agents had who have been away for `grace`; how many that were.

    `since` is when this process began to look: a server that was away itself must not count its own
    absence as theirs.  One transaction for each, so that one that cannot be moved holds up no other.
    """
    params = {"grace": grace, "since": since}
    async with db.transaction() as tx:
        left = await tx.all(f"select c.id {_LEFT_BEHIND} order by c.id", params)
    returned = 0
    for row in left:
        async with db.transaction() as tx:
            conversation = await conversations.lock(tx, row["id"])
            if await tx.value(f"select 1 {_LEFT_BEHIND} and c.id = %(id)s", {**params, "id": row["id"]}):
                await _return_absent(tx, conversation, grace)
                returned += 1
    return returned


# Served by somebody without a lease, neither since they had one nor since they were given it within the grace time.
_LEFT_BEHIND = """
    from conversation c join agent a on a.id = c.agent_id
    where c.status = 'active' and c.snoozed_at is null
      and greatest(
          %(since)s, a.seen_until, c.assigned_at,
          (select max(l.alive_until) from presence_lease l where l.agent_id = a.id)
      ) + %(grace)s <= app_now()
"""


async def _return(tx: Tx, conversation: Conversation, by: Agent) -> None:
    await timeline.append(tx, timeline.event(conversation.id, "returned", by=by.name))
    await trace.leave(tx, conversation.id, "returned", by=by.name)
    need = await _need_kept(tx, conversation)
    await _back_to_queue(tx, conversation, conversation.department_id, need)


async def _return_absent(tx: Tx, conversation: Conversation, grace: timedelta) -> None:
    name = await tx.value("select name from agent where id = %s", (conversation.agent_id,))
    await timeline.append(tx, timeline.event(conversation.id, "returned", reason="absent", agent=name))
    await trace.leave(tx, conversation.id, "returned_absent", agent=name, minutes=f"{grace.total_seconds() / 60:g}")
    need = await _need_kept(tx, conversation)
    since = await assistance.came_at(tx, conversation)
    await conversations.unassign(tx, conversation.id, conversation.department_id)
    await queue.place(
        tx, conversation.id, conversation.department_id, need, familiar_agent_id=conversation.agent_id, since=since
    )


# ── where to ────────────────────────────────────────────────────────────────


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
    if await hands(tx, agent_id, conversation.id) <= 0:
        raise AgentNotAvailable(agent=found["name"], reason="full")
    return {"id": found["id"], "name": found["department"], "name_en": found["name_en"]}, found["name"]


async def _department(tx: Tx, department_id: int) -> dict[str, Any]:
    # Shared, so that it cannot be archived before our commit puts somebody in its queue.
    found = await tx.first(
        "select id, name, name_en from department where id = %s and archived_at is null for share", (department_id,)
    )
    if found is None:
        raise Invalid(field="department", reason="unknown")
    return found


async def _need_kept(tx: Tx, conversation: Conversation) -> Need:
    """What it needed when it last waited; who came from the assistant may never have."""
    if conversation.status != "assisted" and await queue.has_waited(tx, conversation.id):
        return await queue.last_need(tx, conversation.id)
    return await handing_over.need_now(tx, conversation)


async def _need_there(tx: Tx, conversation: Conversation, department_id: int, target: Target) -> Need:
    """What it needs where it goes: another department has tiers and skills of its own, the priority stays."""
    need = await _need_kept(tx, conversation)
    if department_id != conversation.department_id:
        need = Need(priority=need.priority)
    return msgspec.structs.replace(
        need, wanted_agent_id=target.agent_id, required_tier=target.tier or need.required_tier
    )


# ── writing ─────────────────────────────────────────────────────────────────


async def _back_to_queue(
    tx: Tx, conversation: Conversation, department_id: int, need: Need, sent: Sent | None = None
) -> None:
    since = await assistance.came_at(tx, conversation)
    await queue.withdraw(tx, conversation.id)
    await conversations.unassign(tx, conversation.id, department_id)
    await queue.place(tx, conversation.id, department_id, need, sent=sent, since=since)
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


class _Told(msgspec.Struct, frozen=True):
    """A transfer in names."""

    by: str
    department: dict[str, str]
    agent: str | None
    tier: int | None


async def _tell_transfer(tx: Tx, conversation: Conversation, to: _Told) -> None:
    """The timeline has names in both languages; the trace has the words a supervisor reads."""
    former = await tx.one("select name, name_en from department where id = %s", (conversation.department_id,))
    facts: dict[str, Any] = {"to_agent": to.agent, "by": to.by} | ({"to_tier": to.tier} if to.tier else {})
    event = timeline.event(conversation.id, "transferred", from_department=former, to_department=to.department, **facts)
    await timeline.append(tx, event)
    what = "transferred_to_agent" if to.agent else "transferred_to_tier" if to.tier else "transferred"
    await trace.leave(
        tx, conversation.id, what, from_department=former["name"], to_department=to.department["name"], **facts
    )
