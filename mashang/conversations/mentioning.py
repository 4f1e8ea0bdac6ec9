"""Notes that name colleagues, and what waits for each of them until it is seen.

The names stand in the text for people and in the entry's data by id; a row for each of
them is written in the same transaction, so that nobody has to be at their desk.  A note
that names somebody is rare beside messages and takes `timeline.append` and no part of the
group commit.

Only who may see the conversation can be named.  A note that was recalled, or stands in a
conversation one may not see any more, is in nobody's list.

The only writer of `mention`.  Does not: tell the open desks (`reactions`, on Mentioned).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from mashang.conversations import access, reading, timeline
from mashang.conversations import conversation as conversations
from mashang.conversations.entry import NewEntry
from mashang.conversations.events import Mentioned
from mashang.conversations.naming import Named
from mashang.conversations.writer import DifferentMessage, Posted
from mashang.kit.db import Tx
from mashang.kit.errors import Refusal
from mashang.staff import Agent

MOST = 20  # in one note
_LISTED = 50


class CannotSee(Refusal):
    """Somebody who may not see the conversation cannot be asked to look at it: `name`."""

    status, code = 409, "colleague_cannot_see"


class Mention(msgspec.Struct, frozen=True):
    """A note that names the reader; `conversation` is a public id, `customer` that of who it is about."""

    conversation: str
    customer: str
    customer_name: str
    seq: int
    at: datetime
    by: str
    text: str
    seen: bool


_SEES = """(a.role <> 'agent' or a.id = c.agent_id or exists (
    select from membership m where m.agent_id = a.id and m.department_id = c.department_id))"""


async def colleagues(tx: Tx, conversation_id: int, but: Agent) -> list[Named]:
    """Who may see the conversation beside oneself: who serves it first, then its department, then those who watch."""
    return await tx.all(
        f"""
        select a.public_id as id, a.name from agent a, conversation c
        where c.id = %(conversation)s and a.archived_at is null and a.id <> %(me)s and {_SEES}
        order by a.id is distinct from c.agent_id, a.role <> 'agent', a.name
        """,
        {"conversation": conversation_id, "me": but.id},
        into=Named,
    )


async def note(tx: Tx, entry: NewEntry, public_ids: Sequence[str]) -> Posted:
    """Write a note and a row for each who is named in it; the same `client_id` again is the same note.

    Raises CannotSee, DifferentMessage.
    """
    await conversations.lock(tx, entry.conversation_id)
    known = await reading.posted_as(tx, entry)
    if known is not None:
        if known.kind == "text" and known.text != entry.text:
            raise DifferentMessage
        return Posted(known, repeated=True)
    named = await _named(tx, entry.conversation_id, public_ids)
    told = [{"id": one["public_id"], "name": one["name"]} for one in named]
    written = await timeline.append(tx, msgspec.structs.replace(entry, data={"mentions": told}))
    for one in named:
        await tx.run(
            "insert into mention (conversation_id, seq, agent_id) values (%s, %s, %s)",
            (entry.conversation_id, written.seq, one["id"]),
        )
        tx.emit(Mentioned(one["id"], written.conversation, entry.author.name or ""))
    return Posted(written, repeated=False)


async def _named(tx: Tx, conversation_id: int, public_ids: Sequence[str]) -> list[dict[str, Any]]:
    rows = await tx.all(
        f"""
        select a.id, a.public_id, a.name, a.archived_at is null and {_SEES} as sees from agent a, conversation c
        where c.id = %s and a.public_id = any (%s) order by a.id
        """,
        (conversation_id, list(public_ids)),
    )
    for row in rows:
        if not row["sees"]:
            raise CannotSee(name=row["name"])
    return rows


async def of(tx: Tx, agent: Agent) -> list[Mention]:
    """What names this agent, the newest first."""
    visible, params = access.visible_to(agent)
    return await tx.all(
        f"""
        select c.public_id as conversation, u.public_id as customer, u.name as customer_name, n.seq, n.at,
            coalesce(b.name, '') as by, e.text, n.seen_at is not null as seen
        from mention n
        join conversation c on c.id = n.conversation_id
        join customer u on u.id = c.customer_id
        join entry e on e.conversation_id = n.conversation_id and e.seq = n.seq and e.kind <> 'event'
        left join agent b on b.id = e.author_id
        where n.agent_id = %(agent)s and {visible}
        order by n.id desc limit %(most)s
        """,
        {**params, "agent": agent.id, "most": _LISTED},
        into=Mention,
    )


async def seen(tx: Tx, agent: Agent, conversation_id: int) -> None:
    """The agent has looked at what names them in this conversation."""
    await tx.run(
        "update mention set seen_at = app_now() where agent_id = %s and conversation_id = %s and seen_at is null",
        (agent.id, conversation_id),
    )
