"""Trying out how something typed is read, with a topic as it is being written and not saved yet.

The matcher is the product's own: what is answered here is what a customer would hear once the draft is saved.

Does not: look up minted codes; it says that one stands there, as a stranger would be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from mashang.codes.answers import Ambiguous, Answer, Expired, Matched, Minted, Person, Reference
from mashang.codes.code import Topic
from mashang.codes.matching import Index

Kind = Literal["matched", "ambiguous", "expired", "reference", "minted", "person", "unknown"]


class Named(msgspec.Struct, frozen=True):
    """A topic, as it is called."""

    code: str
    name: str


class Trial(msgspec.Struct, frozen=True):
    """How it would be read: the topics meant, several when the customer is asked; `corrected`: and told so."""

    kind: Kind
    topics: list[Named]
    corrected: bool = False
    digits: str = ""


def drafted(present: Iterable[Topic], draft: Topic | None, replaced: str) -> Index:
    """All topics, with the draft in the place of the one it changes."""
    others = [topic for topic in present if topic.public_id != replaced or draft is None]
    return Index([*others, draft] if draft else others)


def sketched(code: str, name: str, aliases: Iterable[str], *, takes_reference: bool) -> Topic:
    """A topic of which only what names it is known."""
    return Topic(
        id=0,
        public_id="",
        code=code,
        name=name,
        name_en="",
        department_id=0,
        department_public_id="",
        department="",
        department_en="",
        greeting="",
        greeting_en="",
        icon="",
        context=(),
        shown=True,
        position=0,
        aliases=tuple(aliases),
        takes_reference=takes_reference,
    )


def tried(index: Index, text: str, now: datetime) -> Trial:
    """How `text` would be read."""
    return _told(index.match(text, now))


def _told(answer: Answer) -> Trial:
    match answer:
        case Matched():
            return Trial("matched", [_named(answer.topic)], answer.corrected)
        case Ambiguous():
            return Trial("ambiguous", [_named(topic) for topic in answer.topics])
        case Expired():
            return Trial("expired", [_named(topic) for topic in (answer.topic, answer.instead) if topic])
        case Reference():
            return Trial("reference", [_named(answer.topic)], digits=answer.digits)
        case Minted():
            return Trial("minted", [_named(answer.topic)] if answer.topic else [])
        case Person():
            return Trial("person", [])
        case _:
            return Trial("unknown", [])


def _named(topic: Topic) -> Named:
    return Named(topic.code, topic.name)
