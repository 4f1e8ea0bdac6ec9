"""Posting a message that may have been stored before, under what was secret then.

What is compared when a `client_id` comes again is the text as it is stored, masked.  Between a message and its
repetition the operator may have declared another form of card keys or order numbers; then the same words come out
masked otherwise.  The stored text, masked once more by today's rules, tells: it is the same message when that gives
what came now.

Only forms that were added are recognised.  A form that was taken away has left nothing to compare: the sender is
told that the message differs, keeps the text, and finds the first one in the timeline.

Does not: mask what comes in (the doors do, before), or store it (`timeline`).
"""

from __future__ import annotations

from mashang.conversations import reading
from mashang.conversations.entry import NewEntry
from mashang.conversations.writer import DifferentMessage, Posted, Writer
from mashang.guard import masking
from mashang.guard.masking import Rules
from mashang.kit.db import Database


async def post(db: Database, writer: Writer, entry: NewEntry, rules: Rules) -> Posted:
    """Store a masked message; raises what `Writer.post` raises."""
    try:
        return await writer.post(entry)
    except DifferentMessage:
        async with db.transaction() as tx:
            stored = await reading.posted_as(tx, entry)
        if stored is None or stored.kind != entry.kind or stored.audience != entry.audience:
            raise
        is_same_file = (stored.data or {}).get("id") == (entry.data or {}).get("id")
        if not is_same_file or masking.mask(stored.text, rules).text != entry.text:
            raise
        return Posted(stored, repeated=True)
