"""The pages of the help centre: its start, a category, a search, an article; and what search engines read.

An article that is not published, not valid now, or not there at all is the same 404.  Which department an article
belongs to says who keeps it, not who may read it.  From every page one reaches a person, who is told what was searched.

Does not: find (`knowledge.serving`), draw (`drawing`) or count (`counting`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from xml.sax.saxutils import escape

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from mashang.channels.help import bodies, counting, drawing
from mashang.channels.help.counting import HelpCounts
from mashang.channels.help.drawing import Reader
from mashang.codes import declared
from mashang.kit.db import Database
from mashang.kit.edge import Asking, own_origin
from mashang.kit.errors import NotFound
from mashang.kit.limits import Limiter, address_block
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage
from mashang.kit.text import printable
from mashang.knowledge import pictures as article_pictures
from mashang.knowledge import reading
from mashang.knowledge.indexing import LONGEST_QUERY, Hit
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.reading import Published
from mashang.knowledge.serving import Knowledge
from mashang.live import origin

_RESULTS = 12
_ON_THE_START = 6  # articles of a category, and of what is read most
_IN_A_CATEGORY = 500
_RELATED = 3
_ASSETS = {"help.css": "text/css", "help.js": "text/javascript"}

_searched = Limiter(4, 60)  # searches by address: several may type behind one
_voted = Limiter(0.1, 10)  # by address
Words = Annotated[str, QueryParameter()]


class Line(msgspec.Struct, frozen=True):
    """An article in a list."""

    title: str
    href: str
    lang: str


class Shelf(msgspec.Struct, frozen=True):
    """A category with its first articles; `more` leads to all of them."""

    name: str
    lines: list[Line]
    number: int
    more: str


class Vote(msgspec.Struct, frozen=True):
    """Did it help?"""

    helpful: Literal["yes", "no"]


@get("/", include_in_schema=False)
async def start(
    db: NamedDependency[Database], knowledge: NamedDependency[Knowledge], reader: NamedDependency[Reader]
) -> Response[str]:
    """What is read most, the categories, and the search."""
    articles = await knowledge.ready()
    async with db.transaction() as tx:
        read = await counting.most_read(tx, _ON_THE_START)
    most = [_line(reader, articles[one]) for one in read if one in articles]
    return drawing.page(reader, "start.html", most=most, shelves=_shelves(reader, knowledge, articles))


@get("/category/{id:str}", include_in_schema=False)
async def category(
    knowledge: NamedDependency[Knowledge], reader: NamedDependency[Reader], id: FromPath[str]
) -> Response[str]:
    """All articles of a category."""
    articles = await knowledge.ready()
    lines = [_line(reader, one) for one in articles.values() if one.category == id][:_IN_A_CATEGORY]
    name = next((one.called(reader.locale) for one in knowledge.categories if one.id == id), None)
    if name is None or not lines:
        return _missing(reader)
    return drawing.page(reader, "category.html", name=name, lines=lines)


@get("/search", include_in_schema=False)
async def search(
    request: Asking,
    knowledge: NamedDependency[Knowledge],
    help_counts: NamedDependency[HelpCounts],
    reader: NamedDependency[Reader],
    *,
    q: Words = "",
    part: Words = "",
) -> Response[str]:
    """What fits the words; `part`: only the list, while somebody types."""
    words = " ".join(printable(q).split())[:LONGEST_QUERY]
    side = address_block(request.client.host if request.client else "")
    wait = _searched.wait(side)
    hits = [] if wait or not words else await knowledge.search(words, reader.locale, _RESULTS)
    if words and not hits and not wait and not part:
        help_counts.missed(words, reader.locale, side)
    shown = {"words": words, "hits": [_found(reader, one, words) for one in hits], "busy": wait > 0}
    answer = drawing.page(reader, "found.html" if part else "search.html", status=429 if wait else 200, **shown)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@get("/{id:str}", include_in_schema=False)
async def article(
    db: NamedDependency[Database],
    knowledge: NamedDependency[Knowledge],
    help_counts: NamedDependency[HelpCounts],
    reader: NamedDependency[Reader],
    id: FromPath[str],
    *,
    q: Words = "",
    said: Words = "",
) -> Response[str] | Redirect:
    """One article, in the reader's language where it is written in it."""
    found = await _article(db, id)
    if found is None:
        return await _elsewhere(db, reader, id, q)
    help_counts.read(found)
    locale = _locale(reader, found)
    text = found.texts[locale]
    words = " ".join(printable(q).split())[:LONGEST_QUERY]
    return drawing.page(
        reader,
        "article.html",
        article=found,
        locale=locale,
        title=text.title,
        body=bodies.kept.of(found, locale),
        description=_summary(knowledge.plain(found, locale)),
        crumb=next((one for one in knowledge.categories if one.id == found.category), None),
        related=await _related(knowledge, reader, found, locale),
        words=words,
        carried=reader.t("help.read_and_ask" if words else "help.read", title=text.title, words=words),
        said=said if said in {"yes", "no"} else "",
    )


@post("/{id:str}/helpful", include_in_schema=False, status_code=303)
async def say_whether_it_helped(
    request: Asking,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    reader: NamedDependency[Reader],
    id: FromPath[str],
    *,
    settings: NamedDependency[Settings],
    data: URLEncodedBody[Vote],
    q: Words = "",
) -> Response[str] | Redirect:
    """Did it help?  From our own page only: another site's visitors do not vote unasked."""
    found = await _article(db, id)
    if found is None or not origin.is_own_form(request.scope, settings):
        return _missing(reader)
    side = address_block(request.client.host if request.client else "")
    if not _voted.wait(side):
        helpful, words = data.helpful == "yes", counting.kept_words(q, await declared.rules(db))
        locale = _locale(reader, found)
        async with db.transaction() as tx:
            await counting.vote(tx, sealer, found, side=side, locale=locale, helpful=helpful, words=words)
    return Redirect(
        f"{reader.to(f'/help/{found.id}', q=q[:LONGEST_QUERY], said=data.helpful)}#helpful", status_code=303
    )


@get("/help/assets/{name:str}", include_in_schema=False)
async def asset(name: FromPath[str]) -> Response[bytes]:
    """The style sheet and the script; their addresses change with their content."""
    if name not in _ASSETS:
        raise NotFound
    return Response(
        (drawing.FOLDER / "static" / name).read_bytes(),
        media_type=_ASSETS[name],
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )


@get("/help/pictures/{id:str}", include_in_schema=False)
async def picture(
    db: NamedDependency[Database], storage: NamedDependency[Storage], id: FromPath[str]
) -> Response[bytes]:
    """A picture of an article that everybody may read now."""
    if not id.isalnum() or not id.isascii():
        raise NotFound
    async with db.transaction() as tx:
        kept = await article_pictures.find_published(tx, id)
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "public, max-age=3600",
    }
    return Response(await article_pictures.read(storage, kept), media_type=kept.media_type, headers=headers)


@get("/robots.txt", include_in_schema=False, media_type="text/plain")
async def robots(request: Asking, settings: NamedDependency[Settings]) -> str:
    """The help centre may be indexed, and nothing else here."""
    origin = own_origin(request, settings)
    return f"User-agent: *\nAllow: /help\nDisallow: /help/search\nDisallow: /\n\nSitemap: {origin}/sitemap.xml\n"


@get("/sitemap.xml", include_in_schema=False)
async def sitemap(
    request: Asking, settings: NamedDependency[Settings], knowledge: NamedDependency[Knowledge]
) -> Response[str]:
    """Every article in each of its languages."""
    origin = escape(own_origin(request, settings))
    listed = [
        f"<url><loc>{origin}/help/{one.id}?lang={locale}</loc><lastmod>{one.written_at.date()}</lastmod>"
        + "".join(
            f'<xhtml:link rel="alternate" hreflang="{other}" href="{origin}/help/{one.id}?lang={other}"/>'
            for other in one.texts
        )
        + "</url>"
        for one in (await knowledge.ready()).values()
        for locale in one.texts
    ]
    head = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    body = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *listed[:50_000], "</urlset>"])
    return Response(body, media_type="application/xml")


async def _article(db: Database, public_id: str) -> Published | None:
    if not _is_id(public_id):
        return None
    async with db.transaction() as tx:
        return await reading.by_id(tx, public_id)


async def _elsewhere(db: Database, reader: Reader, public_id: str, q: str) -> Response[str] | Redirect:
    """Who kept the address of an article that was merged is sent to the one that says it now."""
    if _is_id(public_id):
        async with db.transaction() as tx:
            instead = await reading.instead_of(tx, public_id)
        if instead:
            to = reader.to(f"/help/{instead}", q=q[:LONGEST_QUERY])
            return Redirect(to, status_code=301, headers={"Cache-Control": "public, max-age=3600"})
    return _missing(reader)


def _is_id(public_id: str) -> bool:
    return public_id.isalnum() and public_id.isascii() and len(public_id) <= 32


def _missing(reader: Reader) -> Response[str]:
    return drawing.page(reader, "missing.html", status=404)


def _locale(reader: Reader, one: Published) -> Locale:
    """The reader's language, or the one it is written in."""
    return next((locale for locale in one.texts if locale == reader.locale), next(iter(one.texts)))


def _line(reader: Reader, one: Published) -> Line:
    locale = _locale(reader, one)
    return Line(one.texts[locale].title, reader.to(f"/help/{one.id}"), locale)


def _found(reader: Reader, hit: Hit, words: str) -> dict[str, Any]:
    return {"hit": hit, "href": reader.to(f"/help/{hit.article_id}", q=words)}


def _shelves(reader: Reader, knowledge: Knowledge, articles: Mapping[str, Published]) -> list[Shelf]:
    """The categories that have articles, and what stands in none."""
    standing: dict[str, list[Published]] = {}
    for one in articles.values():
        standing.setdefault(one.category or "", []).append(one)
    named = [(one.id, one.called(reader.locale)) for one in knowledge.categories] + [("", reader.t("help.others"))]
    return [
        Shelf(
            name,
            [_line(reader, one) for one in standing[shelf][: _ON_THE_START if shelf else _IN_A_CATEGORY]],
            len(standing[shelf]),
            reader.to(f"/help/category/{shelf}") if shelf and len(standing[shelf]) > _ON_THE_START else "",
        )
        for shelf, name in named
        if shelf in standing
    ]


async def _related(knowledge: Knowledge, reader: Reader, one: Published, locale: Locale) -> Sequence[Line]:
    articles = knowledge.articles
    return [_line(reader, articles[each]) for each in await knowledge.beside(one, locale, _RELATED) if each in articles]


def _summary(plain: str) -> str:
    line = " ".join(plain.split())
    return line if len(line) <= 150 else f"{line[:149]}…"


router = Router(
    "/help",
    route_handlers=[start, category, search, article, say_whether_it_helped],
    dependencies={"reader": Provide(drawing.reader)},
)
ROUTES: list[Router | HTTPRouteHandler] = [router, picture, asset, robots, sitemap]
