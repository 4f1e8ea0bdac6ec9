"""One numbered entry of a timeline, as stored and as read.

`seq` is dense within a conversation.  A customer does not see staff entries, so
for each audience `prev` names the entry before this one that the same reader may
see; a reader whose last number differs from `prev` has missed something.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Audience = Literal["everyone", "staff"]
AuthorKind = Literal["customer", "agent", "system"]
EntryKind = Literal["text", "file", "event"]
PublicId = Annotated[str, Meta(min_length=1, max_length=32, pattern="^[A-Za-z0-9]+$")]
ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
Seq = Annotated[int, Meta(ge=0, le=2_000_000_000)]

LONGEST_TEXT = 8000  # characters


class Author(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who wrote it, as readers may know: public id and the name shown."""

    kind: AuthorKind
    id: str | None = None
    name: str | None = None


SYSTEM = Author("system")


class NewEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be stored.  `author_id` is the row number of customer or agent."""

    conversation_id: int
    author: Author = SYSTEM
    author_id: int | None = None
    audience: Audience = "everyone"
    kind: EntryKind = "text"
    text: str = ""
    data: dict[str, Any] | None = None
    client_id: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """A stored entry with everything its readers need."""

    conversation_id: int
    conversation: str
    seq: int
    prev_public: int
    at: datetime
    audience: Audience
    author: Author
    author_id: int | None
    kind: EntryKind
    text: str
    data: dict[str, Any] | None
    client_id: str | None


class EntryView(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry as one audience sees it."""

    seq: int
    prev: int
    at: datetime
    audience: Audience
    author: Author
    kind: EntryKind
    text: str = ""
    file: dict[str, Any] | None = None
    event: dict[str, Any] | None = None
    client_id: str | None = None
    mentions: list[dict[str, str]] = []
    card: dict[str, Any] | None = None


# Facts of an event that staff read and customers do not: who of the staff it was, when they do not serve them, of which
# tier, and what a visitor's own session has no right to once it was joined: the account's name and its orders.
_AMONG_STAFF = {
    "transferred": ("to_agent", "by", "to_tier"),
    "returned": ("by",),
    "joined": ("account",),
    "code_verified": ("order_number",),
}


def view(entry: Entry, audience: Audience) -> EntryView:
    """`entry` for customers ('everyone') or for staff, who see all numbers.

    The author's key is told to the author's side only, whose other pages match it with what they show already.
    """
    return EntryView(
        entry.seq,
        entry.prev_public if audience == "everyone" else entry.seq - 1,
        entry.at,
        entry.audience,
        entry.author,
        entry.kind,
        entry.text,
        entry.data if entry.kind == "file" else None,
        _event(entry, audience) if entry.kind == "event" else None,
        entry.client_id if (entry.author.kind == "customer") == (audience == "everyone") else None,
        (entry.data or {}).get("mentions", []) if entry.kind == "text" and audience == "staff" else [],
        entry.data.get("card") if entry.data and entry.kind == "text" else None,
    )


def _event(entry: Entry, audience: Audience) -> dict[str, Any]:
    facts = entry.data or {}
    kept = _AMONG_STAFF.get(str(facts.get("name")), ()) if audience == "everyone" else ()
    return {name: fact for name, fact in facts.items() if name not in kept}
