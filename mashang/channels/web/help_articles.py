"""The help centre inside the chat: its articles are found and read without leaving it.

The finder and the articles are those of `/help`; what is read and what nobody found is counted there too, by customer.

How often one customer may ask is the door's to say (`door`).  Whoever follows an old link to an article that was merged
reads the one that says it now.

Does not: lead to a person (the page does, with the words), or show what is not published.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mashang.channels.help import bodies
from mashang.channels.help.counting import HelpCounts
from mashang.customers import Session
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.text import printable
from mashang.knowledge import reading
from mashang.knowledge.indexing import LONGEST_QUERY
from mashang.knowledge.marking import Marked
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.serving import Knowledge

_MOST = 8
_LONGEST_TYPED = 2000


class HelpFound(msgspec.Struct, frozen=True):
    """An article that was found: its title and the place that fits, each with what was searched marked."""

    id: str
    title: Marked
    excerpt: Marked


class HelpArticle(msgspec.Struct, frozen=True):
    """An article to read; `html` is safe in any page of ours."""

    id: str
    locale: Locale
    title: str
    html: str


@get("/help", responses=refusals(NotSignedIn, TooMany, Invalid))
async def search_help(
    request: Asking,
    knowledge: NamedDependency[Knowledge],
    help_counts: NamedDependency[HelpCounts],
    session: NamedDependency[Session],
    *,
    q: Annotated[str, QueryParameter(max_length=_LONGEST_TYPED)],
    typing: Annotated[bool, QueryParameter(description="the customer has not finished")] = False,
) -> list[HelpFound]:
    """The articles that fit, best first."""
    words, locale = " ".join(printable(q).split())[:LONGEST_QUERY], locale_of(request)
    hits = await knowledge.search(words, locale, _MOST) if words else []
    if words and not hits and not typing:
        help_counts.missed(words, locale, f"customer:{session.customer.public_id}")
    return [HelpFound(one.article_id, one.title, one.excerpt) for one in hits]


@get("/help/{id:str}", responses=refusals(NotSignedIn, NotFound))
async def read_help(
    request: Asking,
    db: NamedDependency[Database],
    help_counts: NamedDependency[HelpCounts],
    session: NamedDependency[Session],  # noqa: ARG001 — asked for, so that only customers count as readers
    id: Id,
) -> HelpArticle:
    """One article, in the reader's language where it is written in it."""
    async with db.transaction() as tx:
        found = await reading.by_id(tx, id)
        if found is None and (instead := await reading.instead_of(tx, id)):
            found = await reading.by_id(tx, instead)
    if found is None:
        raise NotFound
    help_counts.read(found)
    asked = locale_of(request)
    locale = next((one for one in found.texts if one == asked), next(iter(found.texts)))
    return HelpArticle(found.id, locale, found.texts[locale].title, bodies.kept.of(found, locale))


ROUTES = [search_help, read_help]
