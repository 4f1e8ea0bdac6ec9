"""One conversation as the desk shows it: the list row, where it came from, and what this agent can do.

`can` follows the same rules as the verbs it announces; the verbs decide, this only keeps
buttons away that would be refused.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.conversations.naming import Named
from mashang.conversations.reading import ReadMarks
from mashang.desk import lists
from mashang.desk.lists import Row
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound
from mashang.routing import summary
from mashang.staff import Agent
from mashang.staff.permissions import permitted


class CustomerPage(msgspec.Struct, frozen=True):
    """Where on the site the customer was."""

    url: str
    title: str


class OpenOffer(msgspec.Struct, frozen=True):
    """To whom it is offered now, and until when."""

    expires_at: datetime
    agent: Named


class Can(msgspec.Struct, frozen=True):
    """What this agent can do with it now."""

    accept: bool
    decline: bool
    take: bool
    reply: bool
    note: bool
    transfer: bool
    give_back: bool
    close: bool
    reopen: bool
    join: bool
    leave: bool
    whisper: bool
    call_assistant: bool
    snooze: bool
    wake: bool


class HandedOver(msgspec.Struct, frozen=True):
    """What the assistant told whoever answers now, in at most eight lines."""

    at: datetime
    lines: list[str]


class Conversation(Row, frozen=True, kw_only=True):
    """A conversation with everything the desk shows beside its timeline; `joined` may write beside whoever serves."""

    locale: str
    page: CustomerPage
    site: Named
    read: ReadMarks
    offer: OpenOffer | None
    joined: list[Named]
    closed_at: datetime | None
    handed_over: HandedOver | None
    can: Can


_COLUMNS = """
    c.locale, c.page_url, c.page_title, c.customer_read, c.staff_read, c.closed_at,
    s.public_id as site, s.name as site_name,
    o.expires_at as offer_expires_at, o.agent_id as offered_to,
    (select h.is_on from assistant h) and exists (select from article where status = 'published') as assistant_ready,
    (
        select jsonb_build_object('at', e.at, 'facts', e.data) from entry e
        where e.conversation_id = c.id and e.kind = 'event' and e.data ->> 'name' = 'handed_over'
        order by e.seq desc limit 1
    ) as handed_over,
    oa.public_id as offer_agent, oa.name as offer_agent_name,
    (
        select coalesce(jsonb_agg(jsonb_build_object('id', g.public_id, 'name', g.name) order by j.joined_at), '[]')
        from joined j join agent g on g.id = j.agent_id and g.archived_at is null where j.conversation_id = c.id
    ) as joined
"""
_SOURCE = """
    join site s on s.id = c.site_id
    left join offer o on o.conversation_id = c.id and o.answered_at is null and o.expires_at > app_now()
    left join agent oa on oa.id = o.agent_id
"""


async def find(tx: Tx, agent: Agent, public_id: str) -> conversations.Conversation:
    """The stored conversation; raises NotFound when there is none or this agent may not see it."""
    return await conversations.find(tx, public_id, access.visible_to(agent))


async def conversation(tx: Tx, agent: Agent, public_id: str, locale: str) -> Conversation:
    """The conversation; raises NotFound when there is none or this agent may not see it."""
    return await _one(tx, agent, public_id, locale, access.visible_to(agent))


async def as_left(tx: Tx, agent: Agent, public_id: str, locale: str) -> Conversation:
    """The conversation this agent has just done something with, in the same transaction.

    Who gives one away may not see it any more: this is the last they see of it.
    """
    return await _one(tx, agent, public_id, locale, ("true", {}))


async def _one(
    tx: Tx, agent: Agent, public_id: str, locale: str, condition: tuple[str, dict[str, Any]]
) -> Conversation:
    where, params = condition
    found = await tx.first(
        f"select {lists.COLUMNS}, {_COLUMNS} {lists.SOURCE} {_SOURCE} where c.public_id = %(id)s and {where}",
        {**params, "id": public_id, "en": locale == "en"},
    )
    if found is None:
        raise NotFound
    row = lists.row_of(found, locale)
    return Conversation(
        **{name: getattr(row, name) for name in Row.__struct_fields__},
        locale=found["locale"],
        page=CustomerPage(found["page_url"], found["page_title"]),
        site=Named(found["site"], found["site_name"]),
        read=ReadMarks(found["customer_read"], found["staff_read"]),
        offer=_offer(found),
        joined=msgspec.convert(found["joined"], list[Named]),
        closed_at=found["closed_at"],
        handed_over=_handed_over(found, locale),
        can=can(agent, found),
    )


def _offer(found: dict[str, Any]) -> OpenOffer | None:
    if found["offer_agent"] is None:
        return None
    return OpenOffer(found["offer_expires_at"], Named(found["offer_agent"], found["offer_agent_name"]))


def _handed_over(found: dict[str, Any], locale: str) -> HandedOver | None:
    told = found["handed_over"]
    return HandedOver(datetime.fromisoformat(told["at"]), summary.lines(told["facts"], locale)) if told else None


def can(agent: Agent, found: dict[str, Any]) -> Can:
    """What the agent can do with a conversation of this status, department, agent, offer and those who joined."""
    status, mine = found["status"], found["agent_id"] == agent.id
    offered = status == "waiting" and found["offered_to"] == agent.id
    is_member = any(found["department_id"] == one.id for one in agent.departments)
    manages = permitted(agent, "conversations.manage")
    has_a_say = status != "closed" and (mine or manages or (status in ("assisted", "waiting") and is_member))
    takes_over = status == "active" and not mine and permitted(agent, "conversations.take")
    sees = agent.sees_everything or is_member or mine
    joined = any(one["id"] == agent.public_id for one in found["joined"])
    beside = status == "active" and not mine and sees
    return Can(
        accept=offered,
        decline=offered,
        take=has_a_say and not offered and (status in ("assisted", "waiting") or takes_over),
        reply=status == "active" and (mine or joined),
        note=sees,
        transfer=has_a_say,
        give_back=status == "active" and (mine or manages),
        close=has_a_say,
        reopen=status == "closed" and sees,
        join=beside and not joined,
        leave=beside and joined,
        whisper=beside and permitted(agent, "conversations.whisper"),
        call_assistant=status == "active" and (mine or manages) and found["assistant_ready"],
        snooze=status == "active" and mine,
        wake=found["snoozed"] and (mine or manages),
    )
