"""Taking back what one has just said: within two minutes, by the server's clock, and for everybody.

The words leave the timeline, the lists and the disk; the number stays, and so does who said
something there and when: the entry becomes the event `recalled`, of their side.  That everybody hears of it
is itself an entry, the event `recall` with the number it is about: so it is numbered, has its
`prev`, and reaches a page that was away with the same resume as everything else.  A page that
holds the words still drops them when it comes to that entry.

A repetition of the message, whose acknowledgement was lost, finds it stored (`writer`), and
brings no word of it back.

Does not: delete the bytes of a file before the commit (`attachments.erase`, after it; the sweep
makes sure), or check who may see the conversation (the doors do).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import msgspec

from mashang.conversations import attachments, timeline
from mashang.conversations import conversation as conversations
from mashang.conversations.entry import CALLS_CUSTOMER, Author, Entry
from mashang.conversations.reading import last_said
from mashang.kit.db import Json, Tx
from mashang.kit.errors import NotFound, Refusal

WITHIN = timedelta(minutes=2)
TOLD, GONE = "recall", "recalled"  # the event that tells of it, and what stands at the old place


class RecallTooLate(Refusal):
    """It was said more than `minutes` ago: it may have been read and acted on."""

    status, code = 409, "recall_too_late"


class NotYourMessage(Refusal):
    """Only who said something can take it back."""

    status, code = 403, "not_your_message"


class _Said(msgspec.Struct, frozen=True):
    author: str
    author_id: int | None
    kind: str
    audience: str
    file: str | None  # that went with it, as itself or as a card's picture
    name: str | None  # of an event
    is_fresh: bool


async def recall(
    tx: Tx, conversation_id: int, seq: int, by: Author, author_id: int, *, also: Collection[int] = ()
) -> str | None:
    """Take back entry `seq`; the public id of the file that went with it.  Again is fine and does nothing.

    `also` are other rows of the same person: a visitor and the account it was joined to.
    Raises NotFound for what is no message, NotYourMessage, RecallTooLate.
    """
    await conversations.lock(tx, conversation_id)
    said = await tx.first(
        """
        select author, author_id, kind, audience, data ->> 'name' as name,
            coalesce(case when kind = 'file' then data ->> 'id' end, data -> 'card' -> 'picture' ->> 'id') as file,
            at > app_now() - %(within)s as is_fresh
        from entry where conversation_id = %(id)s and seq = %(seq)s
        """,
        {"id": conversation_id, "seq": seq, "within": WITHIN},
        into=_Said,
    )
    if said is None or (said.kind == "event" and said.name != GONE):
        raise NotFound
    if said.author != by.kind or said.author_id not in (author_id, *also):
        raise NotYourMessage
    if said.kind == "event":
        return None
    if not said.is_fresh:
        raise RecallTooLate(minutes=int(WITHIN.total_seconds() // 60))
    await _take_out(tx, conversation_id, seq, by)
    if said.file:
        await attachments.withdraw(tx, conversation_id, said.file)
    await timeline.append(
        tx,
        timeline.event(
            conversation_id, TOLD, author=by, author_id=author_id, staff_only=said.audience == "staff", seq=seq
        ),
    )
    return said.file


async def _take_out(tx: Tx, conversation_id: int, seq: int, by: Author) -> None:
    """The entry without its words, and lists that show what was said before it."""
    await tx.run(
        "update entry set kind = 'event', text = '', data = %s where conversation_id = %s and seq = %s",
        (Json({"name": GONE, "by": by.kind}), conversation_id, seq),
    )
    if by.kind == "customer":  # what the assistant told an agent quotes the customer
        await tx.run(
            "update entry set data = data - '{said,statement,unheard,matters}'::text[]"
            " where conversation_id = %s and kind = 'event' and data ->> 'name' = 'handed_over'",
            (conversation_id,),
        )
    last: Entry | None = await last_said(tx, conversation_id)
    await tx.run(
        f"""
        update conversation c set last_preview = %(preview)s, last_author = %(author)s, unread_by_customer = (
            select count(*) from entry e
            where e.conversation_id = c.id and e.seq > c.customer_read and {CALLS_CUSTOMER} and e.kind <> 'event'
        ), unread_by_staff = (
            select count(*) from entry e
            where e.conversation_id = c.id and e.seq > c.staff_read and e.author = 'customer' and e.kind <> 'event'
        ) where c.id = %(id)s
        """,
        {
            "id": conversation_id,
            "preview": timeline.preview(last) if last else "",
            "author": last.author.kind if last else "",
        },
    )
