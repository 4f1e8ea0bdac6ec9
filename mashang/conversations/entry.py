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
AuthorKind = Literal["customer", "agent", "assistant", "system"]
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


class Option(msgspec.Struct, frozen=True):
    """A button below what the assistant wrote; its `id` comes back with the customer's answer."""

    id: str
    label: str


class ArticleLink(msgspec.Struct, frozen=True):
    """The article whose words an answer is, by public id."""

    id: str
    title: str


class AssistantPart(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an entry of the assistant is beside its text, kept as `data["assistant"]`.

    `answer`: the words of `article`, or `worded` from them by a model; `choices`: "did you mean", up to three and none
    of these, or one for each of several questions; `ask`: a question of a playbook, answered as `expects` says;
    `say`: anything else.  `order_number`: with `proof` of which order, and `needs` how much of it; with `choices` whose
    matters they are.
    """

    kind: Literal["answer", "choices", "ask", "say"]
    article: ArticleLink | None = None
    options: list[Option] = []
    expects: Literal["choice", "text", "picture", "order", "proof"] | None = None
    asks_helpful: bool = False
    worded: bool = False
    order_number: str | None = None
    needs: Literal["status", "order", "account"] | None = None


OptionId = Annotated[str, Meta(min_length=1, max_length=120, pattern="^[A-Za-z0-9:_.-]+$")]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A button that a customer pressed: option `id` of the assistant's entry `seq`; kept as `data["choice"]`."""

    seq: Seq
    id: OptionId


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


# What a customer has not read yet: words that staff wrote or the service said, no events and no notes.
CALLS_CUSTOMER = "e.author <> 'customer' and e.audience = 'everyone'"


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
    assistant: AssistantPart | None = None
    choice: Choice | None = None


# Facts of an event that staff read and customers do not: who of the staff it was, when they do not serve them, of which
# tier, and what a visitor's own session has no right to once it was joined: the account's name and its orders.
_AMONG_STAFF = {
    "transferred": ("to_agent", "by", "to_tier"),
    "returned": ("by",),
    "joined": ("account",),
    "code_verified": ("order_number",),
    "shop_action": ("order_number",),
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
        spelt_out(entry),
        entry.data if entry.kind == "file" else None,
        _event(entry, audience) if entry.kind == "event" else None,
        entry.client_id if (entry.author.kind == "customer") == (audience == "everyone") else None,
        (entry.data or {}).get("mentions", []) if entry.kind == "text" and audience == "staff" else [],
        entry.data.get("card") if entry.data and entry.kind == "text" else None,
        _part(entry),
        _choice(entry),
    )


def spelt_out(entry: Entry) -> str:
    """Its words; below the assistant's also what can be chosen, a line each, for who sees no buttons."""
    part = _part(entry)
    return "\n- ".join([entry.text, *(option.label for option in part.options)]) if part else entry.text


def _event(entry: Entry, audience: Audience) -> dict[str, Any]:
    facts = entry.data or {}
    kept = _AMONG_STAFF.get(str(facts.get("name")), ()) if audience == "everyone" else ()
    return {name: fact for name, fact in facts.items() if name not in kept}


def _part(entry: Entry) -> AssistantPart | None:
    if entry.author.kind != "assistant" or not entry.data or "assistant" not in entry.data:
        return None
    return msgspec.convert(entry.data["assistant"], AssistantPart)


def _choice(entry: Entry) -> Choice | None:
    if entry.author.kind != "customer" or not entry.data or "choice" not in entry.data:
        return None
    return msgspec.convert(entry.data["choice"], Choice)
