"""The shop's application: pages, connector, outbox."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.static_files import create_static_files_router

from demo.shop import back, connector, connector_actions, gateway, membership, seed, shelf, till
from demo.shop.config import Config
from demo.shop.outbox import Outbox
from demo.shop.pages import Pages, SignInFirst, off_to_sign_in
from demo.shop.store import Store

Asking = Request[Any, Any, Any]


def create_app(config: Config, home: Path) -> Litestar:
    """The application; its data in `home`."""
    home.mkdir(parents=True, exist_ok=True, mode=0o750)
    store = Store(home / "shop.sqlite3")
    seed.seed(store, config)
    pages, outbox, shop = Pages(config, store), Outbox(store, config), connector.Shop(config, store)

    @contextlib.asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        sending = asyncio.ensure_future(outbox.run())
        yield
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        store.close()

    return Litestar(
        [
            *shelf.HANDLERS,
            *till.HANDLERS,
            *membership.HANDLERS,
            *back.HANDLERS,
            *gateway.HANDLERS,
            connector.router,
            connector_actions.router,
            create_static_files_router("/static", [Path(__file__).parent / "static"]),
        ],
        before_request=own_forms_only,
        dependencies={
            "pages": Provide(lambda: pages, sync_to_thread=False),
            "outbox": Provide(lambda: outbox, sync_to_thread=False),
            "shop": Provide(lambda: shop, sync_to_thread=False),
        },
        exception_handlers={SignInFirst: off_to_sign_in, HTTPException: _show_problem, Exception: _show_bug},
        lifespan=[running],
        state=State({"pages": pages, "shop": shop}),
        openapi_config=None,
        request_max_body_size=256 * 1024,
    )


def own_forms_only(request: Asking) -> None:
    """A form of another site cannot act for our customer."""
    origin = request.headers.get("origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise PermissionDeniedException


def _show_bug(request: Asking, error: Exception) -> Response[str]:
    """Our own mistake: the traceback for the log, a page for the customer."""
    traceback.print_exception(error)
    pages: Pages = request.app.state.pages
    return pages.show(request, "error.html", status=500, shown=500)


def _show_problem(request: Asking, error: HTTPException) -> Response[str]:
    """The page that says what is wrong."""
    pages: Pages = request.app.state.pages
    status = error.status_code
    shown = status if status in (403, 404) else 400 if status < 500 else 500
    return pages.show(request, "error.html", status=status, shown=shown)
