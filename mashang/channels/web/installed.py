"""The phone page on a home screen: what it is called there, its colour and its pictures, for each site its own.

A page asks for the manifest with the site key it was opened with, or with none: started from the home screen it then
keeps what this browser knows of the customer, an open conversation first of all.  Pictures follow the site's colour.
Android cuts `maskable` ones into a shape of its own, iOS rounds the one of 180 pixels; those fill their square.

Does not: keep anything for the time without a network; the page's own worker does.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from io import BytesIO
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from PIL import Image, ImageDraw

from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of
from mashang.kit.errors import NotFound
from mashang.shops import site as sites
from mashang.shops.site import SiteLook

Site = Annotated[str, QueryParameter(max_length=64)]

_SHARPER = 4  # drawn this much larger and made smaller: Pillow draws hard edges
_GRID = 32  # the drawing is the one of web/customer/src/icon.svg
_SHAPES = {"icon-192.png": (192, "any"), "icon-512.png": (512, "any"), "icon-180.png": (180, "whole")}
_SHAPES["maskable-512.png"] = (512, "maskable")
_SHRUNK = {"any": 1.0, "whole": 1.0, "maskable": 0.72}  # a mask leaves a circle of 80 %


@get("/app.webmanifest", include_in_schema=False)
async def manifest(request: Asking, db: NamedDependency[Database], site: Site = "") -> Response[bytes]:
    """What a browser needs to put the page on a home screen, in the reader's language."""
    look = await _look(db, site, locale_of(request))
    return Response(
        msgspec.json.encode(_manifest(look, site, locale_of(request))),
        media_type="application/manifest+json",
        headers={"Cache-Control": "no-cache", "Vary": "Accept-Language", "X-Content-Type-Options": "nosniff"},
    )


@get("/app-icons/{name:str}", include_in_schema=False)
async def icon(db: NamedDependency[Database], name: FromPath[str], site: Site = "") -> Response[bytes]:
    """A picture for the home screen, in the site's colour."""
    if name not in _SHAPES:
        raise NotFound
    look = await _look(db, site, "en")
    size, shape = _SHAPES[name]
    return Response(
        await asyncio.to_thread(drawn, look.colour, look.ink, size, shape),  # a third of a second, the first time
        media_type="image/png",
        headers={"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"},
    )


async def _look(db: Database, site: str, locale: str) -> SiteLook:
    async with db.transaction() as tx:
        return sites.look(await (sites.by_public_id(tx, site) if site else sites.first(tx)), locale)


def _manifest(look: SiteLook, site: str, locale: str) -> dict[str, Any]:
    asked = urlencode({"site": site}) if site else ""
    return {
        "id": f"/?{asked}",
        "name": look.title,
        "short_name": look.title[:12],
        "lang": locale,
        "start_url": f"/?{asked}",
        "scope": "/",
        "display": "standalone",
        "theme_color": look.colour,
        "background_color": "#f3f5f8",
        "icons": [
            {
                "src": f"/app-icons/{name}?{urlencode({'site': site, 'colour': look.colour[1:]})}",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": shape,
            }
            for name, (size, shape) in _SHAPES.items()
            if shape != "whole"
        ],
    }


@lru_cache(maxsize=64)
def drawn(colour: str, ink: str, size: int, shape: str) -> bytes:
    """The speech bubble on the colour, as PNG."""
    side = size * _SHARPER
    ground = colour if shape != "any" else "#00000000"
    picture = Image.new("RGBA", (side, side), ground)
    pen = ImageDraw.Draw(picture)
    if shape == "any":
        pen.rounded_rectangle((0, 0, side - 1, side - 1), side // 4, colour)
    shrunk = _SHRUNK[shape]

    def at(value: float) -> float:
        return ((value - _GRID / 2) * shrunk + _GRID / 2) * side / _GRID

    unit = shrunk * side / _GRID
    bubble = [(at(x), at(y)) for x, y in ((7, 9), (25, 9), (25, 21), (15, 21), (10, 25), (10, 21), (7, 21), (7, 9))]
    pen.line([*bubble, bubble[1]], ink, round(2.2 * unit), joint="curve")
    for x in (12, 16, 20):
        pen.circle((at(x), at(15)), 1.3 * unit, ink)
    file = BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


ROUTES = [manifest, icon]
