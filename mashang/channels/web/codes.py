"""Codes typed by a customer: what they mean, before anything is opened."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import codes
from mashang.codes import Ambiguous, Expired, Matched, Minted, Reference, TopicButton, Unknown
from mashang.customers import Session
from mashang.kit import clock
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotSignedIn


class Typed(msgspec.Struct, forbid_unknown_fields=True):
    """What was typed into the code box."""

    text: Annotated[str, Meta(max_length=20_000)]


class CodeAnswer(msgspec.Struct, omit_defaults=True):
    """What was recognised: one topic, a few to choose from, or none and all that are offered.

    `corrected`: the topic is certain, and something else was typed.  `expired`: `topic` was meant, its
    time is over, and `topics` says what to take instead.  `reference`: the order whose number ends in
    `digits`.  `minted`: a minted code, perhaps behind its topic; nothing else is said about it here.
    """

    outcome: Literal["matched", "ambiguous", "expired", "reference", "minted", "unknown"]
    topic: TopicButton | None = None
    how: str | None = None
    corrected: bool = False
    expired_at: datetime | None = None
    digits: str | None = None
    topics: list[TopicButton] = []


@post("/codes", status_code=200, responses=refusals(NotSignedIn, Invalid))
async def ask_code(
    request: Asking,
    db: NamedDependency[Database],
    session: NamedDependency[Session],  # noqa: ARG001 — asked for, so that only who has a session may try codes
    data: JSONBody[Typed],
) -> CodeAnswer:
    """What a typed code means; opens nothing."""
    locale = locale_of(request)
    async with db.transaction() as tx:
        answer = (await codes.index(tx)).match(data.text, clock.now())
        if isinstance(answer, Unknown):
            return CodeAnswer("unknown", topics=await codes.buttons(tx, locale))
    return _told(answer, locale)


def _told(answer: codes.Answer, locale: str) -> CodeAnswer:
    match answer:
        case Matched(topic, how):
            return CodeAnswer("matched", codes.button(topic, locale), how, corrected=answer.corrected)
        case Expired(topic, instead):
            offered = [codes.button(instead, locale)] if instead else []
            return CodeAnswer("expired", codes.button(topic, locale), expired_at=topic.expires_at, topics=offered)
        case Reference(topic, digits):
            return CodeAnswer("reference", codes.button(topic, locale), digits=digits)
        case Minted(_, led_by):
            return CodeAnswer("minted", codes.button(led_by, locale) if led_by else None)
        case Ambiguous(topics):
            return CodeAnswer("ambiguous", topics=[codes.button(topic, locale) for topic in topics])
        case Unknown():
            return CodeAnswer("unknown")
