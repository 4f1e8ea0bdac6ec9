"""The timeline: entries are numbered within their conversation, stored, and only then announced.

There are two verbs, and nothing else writes entries.  `append` writes inside the
transaction of the change it belongs to (opened, assigned, closed); it is here.
`Writer.post` takes a message into an open conversation and is group-committed; it
is in `writer`.

Does not: mask (`intake`, `desk`), decide who may read (`access`), push to
browsers (`live`, on EntriesPosted).
"""

from __future__ import annotations

from typing import Any

from mashang.conversations.entry import Author, Entry, NewEntry
from mashang.conversations.events import EntriesPosted
from mashang.kit.db import Json, Tx
from mashang.kit.errors import NotFound

_PREVIEW = 80


async def append(tx: Tx, entry: NewEntry) -> Entry:
    """Write an entry as part of the change it belongs to; the conversation may be closed.

    Locks the conversation's row.  Raises NotFound.
    """
    row = await tx.first(
        """
        with before as (
            select id, public_head from conversation where id = %(conversation_id)s for update
        ), moved as (
            update conversation c
            set head = c.head + 1,
                public_head = case when %(audience)s = 'everyone' then c.head + 1 else c.public_head end,
                last_entry_at = app_now(),
                unread_by_staff = c.unread_by_staff + (%(author)s = 'customer' and %(kind)s <> 'event')::int,
                unread_by_customer = c.unread_by_customer
                    + (%(author)s <> 'customer' and %(kind)s <> 'event' and %(audience)s = 'everyone')::int,
                last_preview = case when %(said)s then %(preview)s else c.last_preview end,
                last_author = case when %(said)s then %(author)s else c.last_author end
            from before b
            where c.id = b.id
            returning c.id, c.public_id, c.head, b.public_head as prev_public, c.last_entry_at
        )
        insert into entry (
            conversation_id, seq, prev_public, at, audience, author, author_id, kind, text, data, client_id)
        select m.id, m.head, m.prev_public, m.last_entry_at,
            %(audience)s, %(author)s, %(author_id)s, %(kind)s, %(text)s, %(data)s, %(client_id)s
        from moved m
        returning seq, prev_public, at, (select public_id from moved) as conversation
        """,
        {
            "conversation_id": entry.conversation_id,
            "audience": entry.audience,
            "author": entry.author.kind,
            "author_id": entry.author_id,
            "kind": entry.kind,
            "text": entry.text,
            "data": None if entry.data is None else Json(entry.data),
            "client_id": entry.client_id,
            "preview": preview(entry),
            # What lists show is what people said, not what happened, how we greeted, or what the assistant answered.
            "said": entry.kind != "event"
            and entry.audience == "everyone"
            and entry.author.kind in ("customer", "agent"),
        },
    )
    if row is None:
        raise NotFound
    numbered = stored(entry, row["conversation"], row["seq"], row["prev_public"], row["at"])
    tx.emit(EntriesPosted((numbered,)))
    return numbered


def event(
    conversation_id: int,
    name: str,
    *,
    author: Author | None = None,
    author_id: int | None = None,
    staff_only: bool = False,
    **facts: Any,
) -> NewEntry:
    """A timeline event by its name ('assigned', 'closed', …) and facts; worded by whoever shows it."""
    return NewEntry(
        conversation_id=conversation_id,
        author=author or Author("system"),
        author_id=author_id,
        audience="staff" if staff_only else "everyone",
        kind="event",
        data={"name": name, **facts},
    )


def preview(entry: NewEntry | Entry) -> str:
    """One line for lists; of a file its name."""
    text = entry.text if entry.kind == "text" else str((entry.data or {}).get("name", ""))
    return " ".join(text[: _PREVIEW * 2].split())[:_PREVIEW]


def stored(entry: NewEntry, conversation: str, seq: int, prev_public: int, at: Any) -> Entry:
    """The entry as it was numbered."""
    return Entry(
        entry.conversation_id,
        conversation,
        seq,
        prev_public,
        at,
        entry.audience,
        entry.author,
        entry.author_id,
        entry.kind,
        entry.text,
        entry.data,
        entry.client_id,
    )
