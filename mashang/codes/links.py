"""The short link of a service code: `/c/CZ`, and of a minted one `/c#DD-29NG-SF8B-ZTVW`.

A topic's code is public and stands in the path, where it can be read and said.  A minted one stands behind the `#`,
which browsers keep to themselves: no request line, log, proxy or referrer ever holds it, and the page takes it out of
the address bar.  For the same reason no address draws the QR code of a minted one: it is drawn into the answer to
somebody who is signed in, or whose session owns it, and asked for by what is not the code.

`?q` says that the code was scanned, not followed; `?site=` on whose page it opens, where that is not the first site.

Does not: draw (`qr`), or open anything: whoever follows a link taps once.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from mashang.codes import minted, qr
from mashang.codes.code import fold, is_topic_code
from mashang.codes.minting import MintedCode
from mashang.codes.topics import index
from mashang.kit.db import Tx
from mashang.kit.edge import Asking, locale_of, own_origin
from mashang.kit.settings import Settings
from mashang.shops import site as sites
from mashang.shops.site import Site

Reach = Literal["everywhere", "unset", "private", "loopback"]


class CodeLink(msgspec.Struct, frozen=True):
    """Where a code leads: `url` to send, `picture` (a data address of an SVG) to scan; `name` says what it is about."""

    code: str
    name: str
    url: str
    picture: str


class Place(msgspec.Struct, frozen=True):
    """Where links lead: our address, who can reach it, and the site whose page opens ("" in `site`: the first)."""

    origin: str
    reach: Reach
    title: str
    site: str


class Label(NamedTuple):
    """A code as it is written beneath its picture, and what it is about."""

    code: str
    name: str


class LinkSheet(msgspec.Struct, frozen=True):
    """Codes to show and to print, and where they lead."""

    place: Place
    links: list[CodeLink]


async def place(tx: Tx, request: Asking, settings: Settings, site: Site | None = None) -> Place:
    """Where links to the pages of this site lead (of the first one, unless given); raises NoSiteYet."""
    origin = own_origin(request, settings)
    first = await sites.first(tx)
    chosen = site or first
    title = sites.look(chosen, locale_of(request)).title
    return Place(
        origin,
        reach_of(origin, configured=bool(settings.public_url)),
        title,
        "" if chosen.id == first.id else chosen.public_id,
    )


def reach_of(origin: str, *, configured: bool) -> Reach:
    """Who can open links to this origin: a printed one that leads nowhere is found out too late.

    `unset`: nobody said so; it is only what this browser happened to use.
    """
    host = urlsplit(origin).hostname or ""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
        return "loopback" if local else "everywhere" if configured else "unset"
    if ip.is_loopback or ip.is_unspecified:
        return "loopback"
    if not ip.is_global:
        return "private"
    return "everywhere" if configured else "unset"


def link(origin: str, code: str, *, site: str = "", scanned: bool = False) -> str:
    """The address of a code; `site` "" is the first one."""
    asked = "&".join(filter(None, ("q" if scanned else "", urlencode({"site": site}) if site else "")))
    query = f"?{asked}" if asked else ""
    return f"{origin}/c/{quote(code)}{query}" if is_topic_code(code) else f"{origin}/c{query}#{quote(code)}"


def drawn(there: Place, code: str, name: str) -> CodeLink:
    """Link and picture of a code."""
    picture = qr.svg(link(there.origin, code, site=there.site, scanned=True), code, name)
    return CodeLink(code, name, link(there.origin, code, site=there.site), qr.data_address(picture))


async def sheet(there: Place, labels: Sequence[Label]) -> LinkSheet:
    """These codes drawn, beside the event loop: each takes milliseconds, and a campaign has hundreds."""
    drawing = asyncio.to_thread(lambda: [drawn(there, *label) for label in labels])
    return LinkSheet(there, await drawing)


async def labels_of(tx: Tx, codes: Iterable[MintedCode], locale: str) -> list[Label]:
    """Minted codes, each with the topic before it; nothing on paper says whose it is, or for which order."""
    topics = (await index(tx)).by_code
    return [
        Label(one.code, topic.called(locale) if (topic := topics.get(one.topic_code or "")) else "") for one in codes
    ]


def minted_in_path(written: str) -> str | None:
    """The minted code that somebody wrote where logs can hold it; None when there is none."""
    found = minted.minted_body(fold(written[:200]), is_topic_code)
    return minted.written(found.body, found.topic_code) if found else None
