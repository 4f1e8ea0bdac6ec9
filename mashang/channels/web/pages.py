"""The built pages: phone page, chat frame, loader script and desk, each with its own policy.

The chat is framed by the pages of its site and by nobody else; the desk by nobody.
No page loads anything from another host.
"""

from __future__ import annotations

import gzip
import mimetypes
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from mashang.kit.db import Database
from mashang.kit.edge import Asking
from mashang.kit.errors import NotFound
from mashang.shops import site as sites

WEB = Path(__file__).resolve().parents[3] / "web"
CUSTOMER, DESK, REFERENCE = WEB / "customer" / "dist", WEB / "desk" / "dist", WEB / "reference"
_FOREVER = "public, max-age=31536000, immutable"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; font-src 'self' data:; connect-src 'self' {sockets}; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; {ancestors}"
)
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
mimetypes.add_type("text/javascript", ".js")


@lru_cache(maxsize=512)
def _read(path: Path, _built_at: int) -> tuple[bytes, bytes]:
    """A file of this build: whole, and compressed once for everybody who understands gzip."""
    whole = path.read_bytes()
    return whole, gzip.compress(whole, 9, mtime=0)


def _content(request: Asking, path: Path, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    headers = {**headers, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    whole, small = _read(path, path.stat().st_mtime_ns)
    if "gzip" in request.headers.get("accept-encoding", "") and len(small) < len(whole):
        return small, {**headers, "Content-Encoding": "gzip"}
    return whole, headers


def _file(request: Asking, folder: Path, name: str, cache: str) -> Response[bytes]:
    path = (folder / name.lstrip("/")).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise NotFound
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    content, headers = _content(request, path, {"Cache-Control": cache})
    return Response(content, media_type=kind, headers=headers)


def _page(request: Asking, path: Path, ancestors: str) -> Response[bytes]:
    if not path.is_file():
        raise NotFound
    host = request.headers.get("host", "")
    sockets = f"ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""  # old Safari: 'self' is no socket
    policy = _POLICY.format(sockets=sockets, ancestors=ancestors)
    content, headers = _content(
        request,
        path,
        {
            "Content-Security-Policy": policy,
            "Cache-Control": "no-cache",
            "Referrer-Policy": "strict-origin-when-cross-origin",
        },
    )
    return Response(content, media_type="text/html", headers=headers)


@get("/", include_in_schema=False)
async def phone_page(request: Asking) -> Response[bytes]:
    """The customer's page, full screen."""
    return customers_page(request)


def customers_page(request: Asking) -> Response[bytes]:
    """The customer's page, full screen, wherever it stands."""
    return _page(request, CUSTOMER / "index.html", "frame-ancestors 'none'")


@get("/chat", include_in_schema=False)
async def chat_page(
    request: Asking, db: NamedDependency[Database], site: Annotated[str, QueryParameter(max_length=64)] = ""
) -> Response[bytes]:
    """The chat inside a shop's page: only the registered origins of the site may frame it."""
    async with db.transaction() as tx:
        found = await (sites.by_public_id(tx, site) if site else sites.first(tx))
    return _page(request, CUSTOMER / "chat.html", sites.frame_ancestors(found))


@get(["/widget.js", "/more.js"], include_in_schema=False)
async def widget_script(request: Asking) -> Response[bytes]:
    """The loader a shop embeds, and what it fetches later where a page needs it."""
    answer = _file(request, CUSTOMER, request.url.path, "public, max-age=300")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@get("/worker.js", include_in_schema=False)
async def worker(request: Asking) -> Response[bytes]:
    """What keeps the customer's page for the time without a network; a new build is asked for at every visit."""
    return _file(request, CUSTOMER, "worker.js", "no-cache")


@get("/assets/{path:path}", include_in_schema=False)
async def customer_asset(request: Asking, path: FromPath[str]) -> Response[bytes]:
    """Scripts and styles of the customer's pages; their names change with their content."""
    return _file(request, CUSTOMER / "assets", path, _FOREVER)


@get(["/desk", "/desk/{path:path}"], include_in_schema=False)
async def desk_page(request: Asking, path: FromPath[str] = "") -> Response[bytes]:  # noqa: ARG001 — the page reads it
    """The desk: one page for all of its addresses."""
    return _page(request, DESK / "index.html", "frame-ancestors 'none'")


@get("/desk/assets/{path:path}", include_in_schema=False)
async def desk_asset(request: Asking, path: FromPath[str]) -> Response[bytes]:
    """Scripts and styles of the desk."""
    return _file(request, DESK / "assets", path, _FOREVER)


@get(["/docs", "/docs/{path:path}"], include_in_schema=False)
async def reference(request: Asking, path: FromPath[str] = "") -> Response[bytes]:
    """The page to read the API by."""
    if path.strip("/"):
        return _file(request, REFERENCE, path, "public, max-age=3600")
    return _page(request, REFERENCE / "index.html", "frame-ancestors 'none'")


ROUTES = [
    phone_page,
    chat_page,
    widget_script,
    worker,
    customer_asset,
    desk_page,
    desk_asset,
    reference,
]
