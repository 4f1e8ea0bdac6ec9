"""A page of the help centre as it is drawn: its reader, its words, its colour, and what a browser may do with it.

Pages are whole without a script and set no cookie.  The colour of the site is the only style that stands in the page;
the policy names it by its hash.

Does not: decide what is shown (`pages`).
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import jinja2
import msgspec
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from markupsafe import Markup

from mashang.kit import i18n
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, own_origin
from mashang.kit.settings import Settings
from mashang.knowledge.marking import Marked
from mashang.routing import opening
from mashang.routing.opening import Closed
from mashang.shops import looks
from mashang.shops import site as sites
from mashang.staff import departments

FOLDER = Path(__file__).parent
LONGEST_CARRIED = 400  # characters of a first message
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-{style}'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads: in which language, on which site, from which address; whether a person is there now."""

    locale: str
    asked_locale: str  # as the address says; empty: the browser's
    site: str
    shop: str
    colour: str
    ink: str
    origin: str
    closed: Closed | None

    def t(self, key: str, **facts: Any) -> str:
        """One of our sentences."""
        return i18n.sentence(key, self.locale, **facts)

    def to(self, path: str, **asked: str) -> str:
        """An address of ours that keeps the site and the language."""
        kept = {"site": self.site, "lang": self.asked_locale, **asked}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"{path}?{query}" if query else path

    def person(self, words: str) -> str:
        """Where a person is, with these words to begin with; behind the #, where no log has them."""
        carried = " ".join(words.split())[:LONGEST_CARRIED]
        return self.to("/") + (f"#ask={quote(carried)}" if carried else "")

    @property
    def opens(self) -> str:
        """When a person is there again, on the shop's clock; empty when nobody knows."""
        if self.closed is None or self.closed.opens_at is None:
            return ""
        at = self.closed.opens_at.astimezone(ZoneInfo(self.closed.zone))
        day = at.strftime(self.t("help.day"))
        return self.t("help.opens", day=day, time=at.strftime("%H:%M"), zone=self.closed.zone)


async def reader(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    site: Annotated[str, QueryParameter(max_length=64)] = "",
    lang: Annotated[str, QueryParameter(max_length=20)] = "",
) -> Reader:
    """The reader of this request; raises SiteUnknown."""
    asked = lang if lang in i18n.LOCALES else ""
    locale = asked or locale_of(request)
    async with db.transaction() as tx:
        try:
            look = sites.look(await (sites.by_public_id(tx, site) if site else sites.first(tx)), locale)
        except sites.NoSiteYet:
            look = None
        first = await departments.without_code(tx)
        closed = (await opening.closed(tx, [first])).get(first) if first else None
    colour = look.colour if look else looks.Looks().colour
    return Reader(
        locale=locale,
        asked_locale=asked,
        site=site,
        shop=look.title if look else "",
        colour=colour,
        ink=look.ink if look else looks.ink(colour),
        origin=own_origin(request, settings),
        closed=closed,
    )


def page(reader: Reader, template: str, *, status: int = 200, **shown: Any) -> Response[str]:
    """A page, or the part of one, for this reader."""
    style = _style(reader.colour, reader.ink)
    drawn = (
        _templates()
        .get_template(template)
        .render(
            reader=reader,
            t=reader.t,
            to=reader.to,
            style=Markup(style),  # noqa: S704 — two colours of a fixed form
            asset=asset,
            languages=[
                (locale, i18n.sentence("help.own_name", locale)) for locale in i18n.LOCALES if locale != reader.locale
            ],
            **shown,
        )
    )
    return Response(
        drawn,
        status_code=status,
        media_type="text/html",
        headers={
            "Content-Security-Policy": _POLICY.format(style=_hash(style)),
            "Cache-Control": "no-cache",
            "Content-Language": reader.locale,
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Vary": "Accept-Language",
            "X-Content-Type-Options": "nosniff",
        },
    )


@cache
def asset(name: str) -> str:
    """The address of a style sheet or script; another one when its content is."""
    content = (FOLDER / "static" / name).read_bytes()
    return f"/help/assets/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


@lru_cache(64)
def _style(colour: str, ink: str) -> str:
    return f":root{{--brand:{colour};--on-brand:{ink}}}"


@lru_cache(64)
def _hash(style: str) -> str:
    return b64encode(hashlib.sha256(style.encode()).digest()).decode()


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    filters: dict[str, Callable[..., Any]] = {"marked": _marked, "day": _day}
    made.filters.update(filters)
    return made


def _marked(marked: Marked) -> Markup:
    """Text with what was searched marked in it."""
    drawn, at = Markup(), 0
    for begin, end in marked.marks:
        drawn += marked.text[at:begin]
        drawn += Markup("<mark>{}</mark>").format(marked.text[begin:end])
        at = end
    return drawn + marked.text[at:]


def _day(at: datetime) -> str:
    return at.date().isoformat()
