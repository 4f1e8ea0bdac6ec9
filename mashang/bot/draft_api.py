"""What a model drafts for people, when they ask: a reply, phrasings; without one the desk has no such buttons."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang.bot import asked_so, proposing, shop_lines, telling
from mashang.bot.drafting import draft
from mashang.bot.hearing import LONGEST
from mashang.bot.model import Model
from mashang.bot.rephrasing import Source
from mashang.conversations import access, reading
from mashang.conversations import conversation as conversations
from mashang.conversations.entry import Entry
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.knowledge import reading as articles
from mashang.knowledge import rendering, wording
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.reading import Published
from mashang.knowledge.serving import Knowledge
from mashang.staff import Agent
from mashang.staff.permissions import require

_MOST_ARTICLES = 3
_MOST_SAID = 20
_theirs = Limiter(0.2, 10)


class Drafting(msgspec.Struct, frozen=True):
    """May a draft be asked for, and phrasings?"""

    available: bool
    phrasings: bool


class Cited(msgspec.Struct, frozen=True):
    """An article that a draft is made of, by public id."""

    id: str
    title: str


class Drafted(msgspec.Struct, frozen=True):
    """A draft and the articles it is made of; `text` is empty where nothing came of it."""

    text: str
    articles: list[Cited]


@get("/drafting", responses=refusals(NotSignedIn))
async def show_drafting(model: NamedDependency[Model]) -> Drafting:
    """Whether replies can be drafted here, and phrasings proposed."""
    return Drafting(await model.may("draft"), await model.may("propose"))


@post("/conversations/{id:str}/draft", status_code=200, responses=refusals(NotSignedIn, NotFound, TooMany))
async def draft_reply(
    *,
    db: NamedDependency[Database],
    model: NamedDependency[Model],
    knowledge: NamedDependency[Knowledge],
    agent: NamedDependency[Agent],
    id: Id,
) -> Drafted:
    """A reply to what the customer said last, made of the articles that fit; nothing is sent."""
    _theirs.take(str(agent.id))
    async with db.transaction() as tx:
        found = await conversations.find(tx, id, access.visible_to(agent))
        entries = await reading.after(tx, found.id, "everyone", max(0, found.head - 4 * _MOST_SAID))
        shop = await shop_lines.lines(tx, found)
    said = [one for one in entries if one.kind == "text" and one.text][-_MOST_SAID:]
    question = next((one.text for one in reversed(said) if one.author.kind == "customer"), "")
    if not question:
        return Drafted("", [])
    sources = await _sources(db, knowledge, question, found.locale)
    worded = await draft(model, [_told(one) for one in said], shop, sources, found.locale)
    if worded is None:
        return Drafted("", [])
    return Drafted(worded.text, [Cited(one.id, one.title) for one in sources if one.id in worded.cites])


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which language."""

    locale: Locale


@post(
    "/knowledge/articles/{id:str}/propose",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, TooMany, Invalid),
)
async def propose_phrasings(
    *,
    db: NamedDependency[Database],
    model: NamedDependency[Model],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[Wanted],
) -> list[str]:
    """New ways to ask for an article, for an editor to read, change and add; nothing is stored."""
    require(agent, "knowledge.edit")
    _theirs.take(str(agent.id))
    async with db.transaction() as tx:
        article = await articles.find(tx, id)
        known = [one.text for one in await wording.of(tx, article) if one.locale == data.locale]
        heard = await asked_so.words(tx, article, data.locale)
    return await proposing.phrasings(model, article.title, known, data.locale, heard)


async def _sources(db: Database, knowledge: Knowledge, question: str, locale: str) -> list[Source]:
    """The articles that may answer, as whoever searches would see them."""
    hits = await knowledge.search(question[:LONGEST], locale, _MOST_ARTICLES)
    async with db.transaction() as tx:
        known = [await articles.by_id(tx, one.article_id) for one in hits]
    return [_source(one, locale) for one in known if one]


def _source(article: Published, locale: str) -> Source:
    words = telling.text_of(article, locale)
    return Source(article.id, words.title, rendering.plain(words.body))


def _told(entry: Entry) -> dict[str, str]:
    return {"by": entry.author.kind, "text": entry.text[:LONGEST]}


ROUTES = [show_drafting, draft_reply, propose_phrasings]
