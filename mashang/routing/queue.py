"""The queue: who waits, since when, under which number.

A row here and the status 'waiting' of its conversation are written in one
transaction, always.  The place is the instant a customer began to wait; it is kept
over refused offers, reloads and transfers, so nobody who was passed on starts at
the end again.  The number (排队号) counts up within a department and a day and is
what people compare; it is kept as long as the department is the same.

Does not: choose who answers (`dispatch`) or tell how many are ahead (`waiting`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mashang.conversations import timeline
from mashang.kit.db import Tx
from mashang.routing import trace
from mashang.routing.events import ConversationQueued, OfferEnded

# Numbers start anew at midnight where the shops are; the database itself runs on UTC.
_DAY = "(app_now() at time zone 'Asia/Shanghai')::date"


class Placed(msgspec.Struct, frozen=True):
    """A place in the queue."""

    department_id: int
    queued_at: datetime
    number: int


async def place(
    tx: Tx, conversation_id: int, department_id: int, *, wanted_agent_id: int | None = None, fresh: bool = False
) -> Placed:
    """Let a conversation wait in this department.

    It keeps the place it had before, unless `fresh`: then it waits from now.  The caller
    has set its status to 'waiting' and holds its row.
    """
    before = None if fresh else await _before(tx, conversation_id)
    if before and before["department_id"] == department_id:
        number = before["number"]
    else:
        number = await _next_number(tx, department_id)
    placed = await tx.one(
        """
        insert into queue_place (conversation_id, department_id, queued_at, number, wanted_agent_id)
        values (%(id)s, %(department)s, coalesce(%(queued_at)s, app_now()), %(number)s, %(wanted)s)
        on conflict (conversation_id) do update set department_id = excluded.department_id,
            queued_at = excluded.queued_at, number = excluded.number, wanted_agent_id = excluded.wanted_agent_id
        returning department_id, queued_at, number
        """,
        {
            "id": conversation_id,
            "department": department_id,
            "number": number,
            "wanted": wanted_agent_id,
            "queued_at": before and datetime.fromisoformat(before["queued_at"]),
        },
        into=Placed,
    )
    await _tell(tx, conversation_id, placed)
    return placed


async def leave(tx: Tx, conversation_id: int) -> None:
    """Wait no longer; an open offer is withdrawn.  The caller holds the conversation's row."""
    await tx.run("delete from queue_place where conversation_id = %s", (conversation_id,))
    await withdraw(tx, conversation_id)


async def withdraw(tx: Tx, conversation_id: int) -> None:
    """End an open offer without blame.  The caller holds the conversation's row."""
    withdrawn = await tx.first(
        """
        update offer o set answered_at = app_now(), answer = 'withdrawn' from agent a
        where o.conversation_id = %s and o.answered_at is null and a.id = o.agent_id
        returning o.agent_id, a.name
        """,
        (conversation_id,),
    )
    if withdrawn:
        await trace.leave(tx, conversation_id, "withdrawn", agent=withdrawn["name"])
        tx.emit(OfferEnded(conversation_id, withdrawn["agent_id"], "withdrawn"))


async def _before(tx: Tx, conversation_id: int) -> dict[str, Any] | None:
    """The last place this conversation had, be it the present one: the trace remembers."""
    facts: dict[str, Any] | None = await tx.value(
        "select facts from routing_trace where conversation_id = %s and what = 'placed' order by id desc limit 1",
        (conversation_id,),
    )
    return facts


async def _next_number(tx: Tx, department_id: int) -> int:
    number: int = await tx.value(
        f"""
        insert into queue_counter as c (department_id, day, last) values (%s, {_DAY}, 1)
        on conflict (department_id, day) do update set last = c.last + 1
        returning last
        """,
        (department_id,),
    )
    return number


async def _tell(tx: Tx, conversation_id: int, placed: Placed) -> None:
    department = await tx.one("select name, name_en from department where id = %s", (placed.department_id,))
    await timeline.append(tx, timeline.event(conversation_id, "queued", department=department, number=placed.number))
    await trace.leave(
        tx,
        conversation_id,
        "placed",
        department=department["name"],
        department_id=placed.department_id,
        number=placed.number,
        queued_at=placed.queued_at.isoformat(),
    )
    tx.emit(ConversationQueued(conversation_id, placed.department_id))
