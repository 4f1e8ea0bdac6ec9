"""Codes typed by a customer: what they mean, before anything is opened."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import codes
from mashang.codes import Ambiguous, Matched, TopicButton
from mashang.customers import Session
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotSignedIn


class Typed(msgspec.Struct, forbid_unknown_fields=True):
    """What was typed into the code box."""

    text: Annotated[str, Meta(max_length=20_000)]


class CodeAnswer(msgspec.Struct, omit_defaults=True):
    """What was recognised: one topic, a few to choose from, or none and all that are offered."""

    outcome: Literal["matched", "ambiguous", "unknown"]
    topic: TopicButton | None = None
    how: str | None = None
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
        answer = (await codes.index(tx)).match(data.text)
        match answer:
            case Matched():
                return CodeAnswer("matched", codes.button(answer.topic, locale), answer.how)
            case Ambiguous():
                return CodeAnswer("ambiguous", topics=[codes.button(topic, locale) for topic in answer.topics])
        return CodeAnswer("unknown", topics=await codes.buttons(tx, locale))
