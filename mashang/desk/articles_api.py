"""Articles while an agent writes: what fits the customer's last question and what is being typed, and a search.

An article comes with its words, to be put into the composer, and with its address in the help centre.  Nothing is said
by it: what was put there is read, changed and sent like anything else.

Does not: find (`knowledge.serving`), or show drafts and what is not valid now.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mashang.desk import conversation
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, Id, locale_of, own_origin, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.settings import Settings
from mashang.knowledge.indexing import LONGEST_QUERY
from mashang.knowledge.marking import Marked
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.reading import Published
from mashang.knowledge.serving import Knowledge
from mashang.staff import Agent

_BESIDE = 3  # while one types
_IN_THE_PANEL = 8
_LIKELY = 0.2  # that a candidate of the finder is worth a look
_LAST = 3  # texts of the customer that are looked at
_asked = Limiter(5, 60)  # by agent: a few while each word is typed
Words = Annotated[str, QueryParameter(max_length=2000, description="only the first 200 characters are searched")]


class ArticleFound(msgspec.Struct, frozen=True):
    """An article: its title and the place that fits, each with what was asked marked; its words, and its address."""

    id: str
    locale: Locale
    title: Marked
    excerpt: Marked
    text: str
    address: str


@get("/conversations/{id:str}/articles", responses=refusals(NotSignedIn, NotFound, TooMany, Invalid))
async def suggest_articles(
    request: Asking,
    db: NamedDependency[Database],
    knowledge: NamedDependency[Knowledge],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    *,
    id: Id,
    typed: Words = "",
    of: Annotated[int | None, QueryParameter(ge=1, le=2_000_000_000, description="only of this entry")] = None,
) -> list[ArticleFound]:
    """The three best for what is being typed, then for what the customer said last, or in the entry `of`."""
    _asked.take(str(agent.id))
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
        said = await _last_said(tx, found.id, of)
    chosen: dict[str, ArticleFound] = {}
    origin = own_origin(request, settings)
    if len(typed.strip()) > 1:
        chosen |= await _searched(knowledge, typed, found.locale, _BESIDE - 1 if said else _BESIDE, origin)
    for question in said:
        for candidate in (await knowledge.find(question, found.locale)).candidates:
            one = knowledge.articles.get(candidate.id)
            if one and candidate.id not in chosen and candidate.p >= _LIKELY:
                chosen[one.id] = _shown(knowledge, one, found.locale, origin)
        chosen |= {
            public_id: one
            for public_id, one in (await _searched(knowledge, question, found.locale, _BESIDE, origin)).items()
            if public_id not in chosen
        }
        if len(chosen) >= _BESIDE:
            break
    return list(chosen.values())[:_BESIDE]


@get("/knowledge/search", responses=refusals(NotSignedIn, TooMany, Invalid))
async def search_articles(
    request: Asking,
    knowledge: NamedDependency[Knowledge],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    q: Words = "",
) -> list[ArticleFound]:
    """What fits a few words, best first."""
    _asked.take(str(agent.id))
    found = await _searched(knowledge, q, locale_of(request), _IN_THE_PANEL, own_origin(request, settings))
    return list(found.values())


async def _searched(knowledge: Knowledge, words: str, locale: str, limit: int, origin: str) -> dict[str, ArticleFound]:
    hits = await knowledge.search(words[:LONGEST_QUERY], locale, limit)
    return {
        hit.article_id: msgspec.structs.replace(
            _shown(knowledge, knowledge.articles[hit.article_id], hit.locale, origin),
            title=hit.title,
            excerpt=hit.excerpt,
        )
        for hit in hits
        if hit.article_id in knowledge.articles
    }


def _shown(knowledge: Knowledge, one: Published, wanted: str, origin: str) -> ArticleFound:
    locale: Locale = next((each for each in one.texts if each == wanted), next(iter(one.texts)))
    text = knowledge.plain(one, locale)
    excerpt = Marked(" ".join(text.split())[:80])
    address = f"{origin}/help/{one.id}?lang={locale}"
    return ArticleFound(one.id, locale, Marked(one.texts[locale].title), excerpt, text, address)


async def _last_said(tx: Tx, conversation_id: int, seq: int | None) -> list[str]:
    """The customer's last texts, the newest first, without buttons that were pressed; with `seq` that one alone."""
    rows = await tx.all(
        """
        select text from entry where conversation_id = %(of)s and author = 'customer' and kind = 'text' and text <> ''
            and (%(seq)s::int is null and data->'choice' is null or seq = %(seq)s)
        order by seq desc limit %(most)s
        """,
        {"of": conversation_id, "seq": seq, "most": _LAST},
    )
    return [row["text"] for row in rows]


ROUTES = [suggest_articles, search_articles]
