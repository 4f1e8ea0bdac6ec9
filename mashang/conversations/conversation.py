"""A consultation: opened by a customer, waiting or served by the assistant or a person, closed, perhaps reopened.

The only writer of `conversation`.  Who is chosen and who waits in which order is
`routing`'s; it calls the verbs here, each of which locks the row it changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from mashang.conversations.events import ConversationChanged, ConversationOpened
from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound, Refusal
from mashang.kit.text import printable

Status = Literal["assisted", "waiting", "active", "closed"]

MOST_OPEN = 5  # by one customer at a time: more matters than a person can follow, and places others wait behind

_COLUMNS = """
    c.id, c.public_id, c.site_id, c.customer_id, c.channel, c.status, c.department_id, c.agent_id, c.topic_code,
    c.order_number, c.locale, c.head, c.public_head, c.customer_read, c.staff_read, c.unread_by_customer,
    c.opened_at, c.assigned_at, c.closed_at, c.snoozed_at
"""


class Conversation(msgspec.Struct, frozen=True):
    """One row of `conversation`, without what only lists show."""

    id: int
    public_id: str
    site_id: int
    customer_id: int
    channel: str
    status: Status
    department_id: int
    agent_id: int | None
    topic_code: str | None
    order_number: str | None
    locale: str
    head: int
    public_head: int
    customer_read: int
    staff_read: int
    unread_by_customer: int
    opened_at: datetime
    assigned_at: datetime | None
    closed_at: datetime | None
    snoozed_at: datetime | None


_NOT_ASIDE = "snoozed_at = null, snoozed_until = null"


class TooManyOpen(Refusal):
    """The customer has `most` open conversations already: `open`, by public id, newest first."""

    status, code = 409, "too_many_open"


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What a new conversation starts with; `opening_key` makes a repeated request the same conversation."""

    site_id: int
    customer_id: int
    department_id: int
    opening_key: str
    channel: str = "web"
    topic_code: str | None = None
    order_number: str | None = None
    page_url: str = ""
    page_title: str = ""
    locale: str = "zh-CN"


async def begin(tx: Tx, opening: Opening) -> tuple[Conversation, bool]:
    """The conversation of this opening, and whether it is new.  Raises TooManyOpen for one more new one."""
    row = await tx.first(
        """
        insert into conversation as c (public_id, site_id, customer_id, channel, status, department_id, topic_code,
            order_number, page_url, page_title, locale, opening_key)
        values (%(public_id)s, %(site_id)s, %(customer_id)s, %(channel)s, 'waiting', %(department_id)s,
            %(topic_code)s, %(order_number)s, %(page_url)s, %(page_title)s, %(locale)s, %(opening_key)s)
        on conflict (customer_id, opening_key) do nothing
        returning c.id
        """,
        {
            **msgspec.structs.asdict(opening),
            "public_id": ids.public_id(),
            "page_url": printable(opening.page_url)[:500],
            "page_title": printable(opening.page_title)[:200],
        },
    )
    if row is None:
        return await opened_as(tx, opening.customer_id, opening.opening_key), False
    await demand_room(tx, opening.customer_id)
    tx.emit(ConversationOpened(row["id"]))
    return await by_id(tx, row["id"]), True


async def demand_room(tx: Tx, customer_id: int) -> None:
    """Raise TooManyOpen when there are more now; of two openings at one moment the second sees the first."""
    await tx.run("select 1 from customer where id = %s for no key update", (customer_id,))
    rows = await tx.all(
        "select public_id from conversation where customer_id = %s and status <> 'closed' order by id desc",
        (customer_id,),
    )
    if len(rows) > MOST_OPEN:
        raise TooManyOpen(most=MOST_OPEN, open=[row["public_id"] for row in rows[1:]])


async def opened_as(tx: Tx, customer_id: int, opening_key: str) -> Conversation:
    """The conversation that this customer opened with this key; raises NotFound."""
    return await _one(
        tx, "c.customer_id = %(customer)s and c.opening_key = %(key)s", {"customer": customer_id, "key": opening_key}
    )


async def by_id(tx: Tx, conversation_id: int) -> Conversation:
    """By row number; raises NotFound."""
    return await _one(tx, "c.id = %(id)s", {"id": conversation_id})


async def find(tx: Tx, public_id: str, access: tuple[str, dict[str, Any]]) -> Conversation:
    """The conversation, when this reader may see it; raises NotFound otherwise."""
    condition, params = access
    return await _one(tx, f"c.public_id = %(public_id)s and {condition}", {**params, "public_id": public_id})


async def lock(tx: Tx, conversation_id: int) -> Conversation:
    """The conversation, its row locked until the end of the transaction; raises NotFound."""
    return await _one(tx, "c.id = %(id)s", {"id": conversation_id}, "for update of c")


async def assign(tx: Tx, conversation_id: int, agent_id: int) -> None:
    """From now on this agent serves it."""
    await leave(tx, conversation_id, agent_id)
    await _change(
        tx,
        conversation_id,
        f"status = 'active', agent_id = %(agent)s, assigned_at = app_now(), closed_at = null, {_NOT_ASIDE}",
        agent=agent_id,
    )


async def unassign(tx: Tx, conversation_id: int, department_id: int) -> None:
    """Nobody serves it now: it waits in this department."""
    await _all_leave(tx, conversation_id)
    await _change(
        tx,
        conversation_id,
        f"status = 'waiting', agent_id = null, department_id = %(department)s, closed_at = null, {_NOT_ASIDE}",
        department=department_id,
    )


async def assist(tx: Tx, conversation_id: int) -> None:
    """The assistant serves it, in nobody's queue."""
    await _all_leave(tx, conversation_id)
    await _change(tx, conversation_id, f"status = 'assisted', agent_id = null, closed_at = null, {_NOT_ASIDE}")


async def move(tx: Tx, conversation_id: int, department_id: int) -> None:
    """It belongs to another department; who serves it stays."""
    await _change(tx, conversation_id, "department_id = %(department)s", department=department_id)


async def name(tx: Tx, conversation_id: int, topic_code: str, department_id: int) -> None:
    """It is about this topic, and belongs to its department."""
    await _change(
        tx,
        conversation_id,
        "topic_code = %(code)s, department_id = %(department)s",
        code=topic_code,
        department=department_id,
    )


async def concern(tx: Tx, conversation_id: int, order_number: str) -> None:
    """It is about this order, as was proved."""
    await _change(tx, conversation_id, "order_number = %(number)s", number=order_number)


async def still_open_of(tx: Tx, customer_ids: Sequence[int]) -> list[int]:
    """The row numbers of the conversations of these customers that are not closed, oldest first."""
    rows = await tx.all(
        "select id from conversation where customer_id = any (%s) and status <> 'closed' order by id",
        (list(customer_ids),),
    )
    return [row["id"] for row in rows]


async def open_about(tx: Tx, customer_ids: Sequence[int], order_number: str) -> str | None:
    """The public id of the newest of these customers' conversations that is about this order and not closed."""
    found: str | None = await tx.value(
        "select public_id from conversation where customer_id = any (%s) and status <> 'closed' and order_number = %s"
        " order by id desc limit 1",
        (list(customer_ids), order_number),
    )
    return found


async def close(tx: Tx, conversation_id: int) -> None:
    """It is over; the agent who served it stays named."""
    await _all_leave(tx, conversation_id)
    await _change(tx, conversation_id, f"status = 'closed', closed_at = app_now(), {_NOT_ASIDE}")


async def put_aside(tx: Tx, conversation_id: int, until: datetime | None) -> None:
    """Whoever serves it does so later: at this instant, or when the customer writes."""
    await _change(tx, conversation_id, "snoozed_at = app_now(), snoozed_until = %(until)s", until=until)


async def heard_until_now(tx: Tx, conversation_id: int) -> None:
    """What was said so far does not bring it back."""
    await _change(tx, conversation_id, "snoozed_head = head")


async def take_up(tx: Tx, conversation_id: int) -> None:
    """Whoever serves it does so now."""
    await _change(tx, conversation_id, _NOT_ASIDE)


async def join(tx: Tx, conversation_id: int, agent_id: int) -> bool:
    """This agent may write in it too, until they leave or nobody serves it; False when that was so before."""
    joined = await tx.run(
        "insert into joined (conversation_id, agent_id) values (%s, %s) on conflict do nothing",
        (conversation_id, agent_id),
    )
    if joined:
        tx.emit(ConversationChanged(conversation_id))
    return bool(joined)


async def leave(tx: Tx, conversation_id: int, agent_id: int) -> bool:
    """This agent is no longer in it beside whoever serves it; False when they were not."""
    left = await tx.run("delete from joined where conversation_id = %s and agent_id = %s", (conversation_id, agent_id))
    if left:
        tx.emit(ConversationChanged(conversation_id))
    return bool(left)


async def has_joined(tx: Tx, conversation_id: int, agent_id: int) -> bool:
    """Is this agent in it beside whoever serves it?"""
    return bool(
        await tx.value(
            "select exists (select from joined where conversation_id = %s and agent_id = %s)",
            (conversation_id, agent_id),
        )
    )


async def _all_leave(tx: Tx, conversation_id: int) -> None:
    await tx.run("delete from joined where conversation_id = %s", (conversation_id,))


async def _change(tx: Tx, conversation_id: int, assignments: str, **params: Any) -> None:
    touched = await tx.run(
        f"update conversation set {assignments} where id = %(id)s", {**params, "id": conversation_id}
    )
    if not touched:
        raise NotFound
    tx.emit(ConversationChanged(conversation_id))


async def _one(tx: Tx, condition: str, params: dict[str, Any], lock: str = "") -> Conversation:
    row = await tx.first(f"select {_COLUMNS} from conversation c where {condition} {lock}", params, into=Conversation)
    if row is None:
        raise NotFound
    return row
