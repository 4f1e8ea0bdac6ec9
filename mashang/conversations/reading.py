"""Reading a timeline: pages of it, what a reader missed, and how far each side has read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import CALLS_CUSTOMER, Audience, Author, Entry, NewEntry, Seq
from mashang.conversations.events import ConversationChanged, ConversationRead
from mashang.kit.db import Tx


class ReadMarks(msgspec.Struct, frozen=True):
    """The last number each side has seen."""

    customer: int
    staff: int


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    """Everything up to `seq` was on the screen."""

    seq: Seq


LARGEST_PAGE = 200
_NO_END = 2_147_483_647

_SELECT = """
    select e.conversation_id, c.public_id as conversation, e.seq, e.prev_public, e.at, e.audience, e.author,
        e.author_id, e.kind, e.text, e.data, e.client_id,
        coalesce(a.public_id, u.public_id) as author_public_id,
        case when e.author = 'assistant' then (
            select case when c.locale = 'en' and s.name_en <> '' then s.name_en else s.name end from assistant s
        ) else coalesce(a.name, u.name) end as author_name
    from entry e
    join conversation c on c.id = e.conversation_id
    left join agent a on e.author = 'agent' and a.id = e.author_id
    left join customer u on e.author = 'customer' and u.id = e.author_id
"""
_PUBLIC = "(e.audience = 'everyone' or %(staff)s)"


def _entry(row: dict[str, Any]) -> Entry:
    public_id, name = row.pop("author_public_id"), row.pop("author_name")
    return Entry(**{**row, "author": Author(row["author"], public_id, name or None)})


async def after(tx: Tx, conversation_id: int, audience: Audience, seq: int, limit: int = LARGEST_PAGE) -> list[Entry]:
    """Entries behind number `seq`, oldest first, at most `limit`."""
    rows = await tx.all(
        f"{_SELECT} where e.conversation_id = %(id)s and e.seq > %(seq)s and {_PUBLIC} order by e.seq limit %(limit)s",
        {"id": conversation_id, "seq": seq, "staff": audience == "staff", "limit": limit},
    )
    return [_entry(row) for row in rows]


async def before(tx: Tx, conversation_id: int, audience: Audience, seq: int, limit: int) -> list[Entry]:
    """The last `limit` entries in front of number `seq`, oldest first."""
    rows = await tx.all(
        f"""{_SELECT} where e.conversation_id = %(id)s and e.seq < %(seq)s and {_PUBLIC}
            order by e.seq desc limit %(limit)s""",
        {"id": conversation_id, "seq": seq, "staff": audience == "staff", "limit": limit},
    )
    return [_entry(row) for row in reversed(rows)]


async def posted_as(tx: Tx, entry: NewEntry) -> Entry | None:
    """What this author posted here under this key before."""
    row = await tx.first(
        f"""{_SELECT} where e.conversation_id + 0 = %(conversation)s and e.author = %(author)s
            and e.author_id = %(author_id)s and e.client_id = %(client_id)s""",
        {
            "conversation": entry.conversation_id,
            "author": entry.author.kind,
            "author_id": entry.author_id,
            "client_id": entry.client_id,
        },
    )
    return _entry(row) if row else None


async def last_said(tx: Tx, conversation_id: int) -> Entry | None:
    """The last message that lists show: of a person, to everybody."""
    row = await tx.first(
        f"""{_SELECT} where e.conversation_id = %s and e.audience = 'everyone' and e.kind <> 'event'
            and e.author <> 'system' order by e.seq desc limit 1""",
        (conversation_id,),
    )
    return _entry(row) if row else None


async def heads(tx: Tx, conversation_ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """(conversation, last number, last number a customer sees) of each."""
    rows = await tx.all("select id, head, public_head from conversation where id = any (%s)", (list(conversation_ids),))
    return [(row["id"], row["head"], row["public_head"]) for row in rows]


async def mark_read(tx: Tx, conversation: Conversation, who: str, seq: int) -> bool:
    """This side ('customer' or 'staff') has seen everything up to `seq`; False when that was known.

    Marks only move forward and never past the last entry.  The row is locked before
    the unread entries are counted, so that one posted meanwhile is not forgotten.
    """
    await conversations.lock(tx, conversation.id)
    column, unread, counted = (
        ("customer_read", "unread_by_customer", CALLS_CUSTOMER)
        if who == "customer"
        else ("staff_read", "unread_by_staff", "e.author = 'customer'")
    )
    moved = await tx.value(
        f"""
        update conversation c set {column} = least(%(seq)s, c.head), {unread} = (
            select count(*) from entry e
            where e.conversation_id = c.id and e.seq > least(%(seq)s, c.head) and {counted} and e.kind <> 'event'
        )
        where c.id = %(id)s and c.{column} < least(%(seq)s, c.head)
        returning c.{column}
        """,
        {"id": conversation.id, "seq": seq},
    )
    if moved is None:
        return False
    tx.emit(ConversationRead(conversation.id, who, moved))
    tx.emit(ConversationChanged(conversation.id))
    return True


async def page(
    tx: Tx, conversation_id: int, audience: Audience, *, behind: int | None, front: int | None, limit: int
) -> tuple[list[Entry], bool]:
    """Entries behind a number, else in front of one, else the last; and whether there are more that way."""
    if behind is not None:
        entries = await after(tx, conversation_id, audience, behind, limit + 1)
        return entries[:limit], len(entries) > limit
    entries = await before(tx, conversation_id, audience, _NO_END if front is None else front, limit + 1)
    return entries[-limit:], len(entries) > limit
