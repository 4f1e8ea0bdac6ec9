"""The queue: who waits, since when, under which number, and what they need.

A row here and the status 'waiting' of its conversation are written in one
transaction, always.  The place is the instant a customer began to wait; it is kept
over refused offers, reloads and transfers, so nobody who was passed on starts at
the end again.  Served is in the order of `order_at`, which is that instant less the head start
of the customer's priority, and later where a message was left (`eligibility`, `aside`).  The number
(排队号) counts up within a department and a day and is what people compare; it is kept as long as the
department is the same.

Does not: choose who answers (`dispatch`) or tell how many are ahead (`waiting`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from mashang.conversations import timeline
from mashang.kit.db import Tx
from mashang.routing import trace, waits
from mashang.routing.eligibility import STANDS_BACK, Need, head_start
from mashang.routing.events import ConversationQueued, OfferEnded, TransferRefused
from mashang.staff.installation import TODAY

FAMILIAR_FOR = timedelta(days=1)  # so long whoever served a customer is asked first


class Placed(msgspec.Struct, frozen=True):
    """A place in the queue."""

    department_id: int
    queued_at: datetime
    number: int
    is_message: bool


class Sent(msgspec.Struct, frozen=True):
    """Who transferred it, and what they wrote for whoever answers."""

    sender_id: int
    note: str


_PUT = """
    with began as materialized (select coalesce(%(queued_at)s, app_now()) as at)
    insert into queue_place (conversation_id, department_id, queued_at, order_at, number, priority,
        required_tier, skills, wanted_agent_id, familiar_agent_id, sender_id, note)
    select %(id)s, %(department)s, began.at, began.at - %(head_start)s, %(number)s, %(priority)s,
        %(tier)s, %(skills)s, %(wanted)s, coalesce(%(familiar)s, (
            select former.agent_id from conversation mine join conversation former using (customer_id)
            where mine.id = %(id)s and former.id <> mine.id and former.agent_id is not null
              and former.assigned_at > app_now() - %(lately)s
            order by former.assigned_at desc limit 1
        )), %(sender)s, %(note)s
    from began
    on conflict (conversation_id) do update set department_id = excluded.department_id,
        queued_at = excluded.queued_at, number = excluded.number,
        order_at = excluded.order_at + case when queue_place.message_at is null then interval '0' else %(back)s end,
        priority = excluded.priority, required_tier = excluded.required_tier, skills = excluded.skills,
        wanted_agent_id = excluded.wanted_agent_id, familiar_agent_id = excluded.familiar_agent_id,
        placed_at = excluded.placed_at, sender_id = excluded.sender_id, note = excluded.note
    returning department_id, queued_at, number, message_at is not null as is_message
"""


async def place(
    tx: Tx,
    conversation_id: int,
    department_id: int,
    need: Need | None = None,
    *,
    fresh: bool = False,
    familiar_agent_id: int | None = None,
    sent: Sent | None = None,
    since: datetime | None = None,
) -> Placed:
    """Let a conversation wait in this department, for somebody who meets its need; without one, the need it had.

    It keeps the place it had before, unless `fresh`: then it waits from now; who had none since they came, at
    `since`, has waited since then.  Asked first, when free, is
    `familiar_agent_id`, or else whoever served this customer within a day.  The caller has set its
    status to 'waiting' and holds its row.
    """
    before = await _before(tx, conversation_id)
    need = need or _need_in(before)
    kept = before if before and not fresh else None
    if kept and since and datetime.fromisoformat(kept["queued_at"]) < since:
        kept = None  # of an earlier matter
    same_queue = kept and kept["department_id"] == department_id
    number = kept["number"] if kept and same_queue else await _next_number(tx, department_id)
    placed = await tx.one(
        _PUT,
        {
            "id": conversation_id,
            "department": department_id,
            "queued_at": datetime.fromisoformat(kept["queued_at"]) if kept else since,
            "number": number,
            "head_start": head_start(need.priority),
            "back": STANDS_BACK,
            "priority": need.priority,
            "tier": need.required_tier,
            "skills": sorted(need.skills),
            "wanted": need.wanted_agent_id,
            "familiar": familiar_agent_id,
            "lately": FAMILIAR_FOR,
            "sender": sent and sent.sender_id,
            "note": sent.note if sent else "",
        },
        into=Placed,
    )
    if not placed.is_message:  # it waits, but nobody there does
        await waits.begin(tx, conversation_id, department_id, need)
    await _tell(tx, conversation_id, placed, need)
    return placed


async def has_waited(tx: Tx, conversation_id: int) -> bool:
    """Had it ever a place in a queue?"""
    return await _before(tx, conversation_id) is not None


async def last_need(tx: Tx, conversation_id: int) -> Need:
    """What it needed when it was last put into a queue."""
    return _need_in(await _before(tx, conversation_id))


async def leave(tx: Tx, conversation_id: int) -> None:
    """Wait no longer; an open offer is withdrawn.  The caller holds the conversation's row."""
    await tx.run("delete from queue_place where conversation_id = %s", (conversation_id,))
    await withdraw(tx, conversation_id)


async def stand_back(tx: Tx, conversation_id: int) -> bool:
    """A message was left: those who wait here come first.  False when that was so before.

    The caller holds the conversation's row.
    """
    moved = await tx.run(
        """
        update queue_place set message_at = app_now(), order_at = order_at + %s
        where conversation_id = %s and message_at is null
        """,
        (STANDS_BACK, conversation_id),
    )
    if moved:
        await withdraw(tx, conversation_id)
        await waits.leave(tx, conversation_id)
    return bool(moved)


async def stand_here(tx: Tx, conversation_id: int) -> bool:
    """Its customer waits here again, at the place of the arrival.  False when that was so before.

    The caller holds the conversation's row.
    """
    place = await tx.first(
        """
        update queue_place set message_at = null, order_at = order_at - %s
        where conversation_id = %s and message_at is not null
        returning department_id
        """,
        (STANDS_BACK, conversation_id),
    )
    if place:
        await waits.begin(tx, conversation_id, place["department_id"], await last_need(tx, conversation_id))
    return place is not None


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


async def wish_refused(tx: Tx, conversation_id: int, agent_id: int, reason: str) -> None:
    """Whom a transfer named will not have it: anybody is asked now, and who sent it is told.

    The caller holds the conversation's row.
    """
    wish = await tx.first(
        """
        update queue_place q set wanted_agent_id = null from agent a
        where q.conversation_id = %s and q.wanted_agent_id = %s and a.id = q.wanted_agent_id
        returning q.sender_id, a.name
        """,
        (conversation_id, agent_id),
    )
    if wish and wish["sender_id"]:
        told = timeline.event(conversation_id, "transfer_refused", staff_only=True, agent=wish["name"], reason=reason)
        await timeline.append(tx, told)
        tx.emit(TransferRefused(conversation_id, wish["sender_id"], wish["name"], reason))


async def _before(tx: Tx, conversation_id: int) -> dict[str, Any] | None:
    """The last place this conversation had, be it the present one: the trace remembers."""
    facts: dict[str, Any] | None = await tx.value(
        "select facts from routing_trace where conversation_id = %s and what = 'placed' order by id desc limit 1",
        (conversation_id,),
    )
    return facts


def _need_in(facts: dict[str, Any] | None) -> Need:
    facts = facts or {}
    return Need(facts.get("required_tier", 1), frozenset(facts.get("skills", ())), facts.get("priority", 0))


async def _next_number(tx: Tx, department_id: int) -> int:
    number: int = await tx.value(
        f"""
        insert into queue_counter as c (department_id, day, last) values (%s, {TODAY}, 1)
        on conflict (department_id, day) do update set last = c.last + 1
        returning last
        """,
        (department_id,),
    )
    return number


async def _tell(tx: Tx, conversation_id: int, placed: Placed, need: Need) -> None:
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
        required_tier=need.required_tier,
        skills=sorted(need.skills),
        priority=need.priority,
    )
    tx.emit(ConversationQueued(conversation_id, placed.department_id))
