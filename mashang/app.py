"""The ASGI application: puts the parts together and mounts each package's API, nothing else.

Parts are built when the server starts (`lifespan`), from the settings alone, and
handed to handlers by name.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router, asgi, get
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Receive, Scope, Send

from mashang import __version__, health
from mashang.bot import api as bot_api
from mashang.bot import library
from mashang.bot.attending import Attending
from mashang.bot.model import Model
from mashang.channels.help import pages as help_pages
from mashang.channels.help.counting import HelpCounts
from mashang.channels.web import api as web_api
from mashang.channels.web import installed, links, pages
from mashang.channels.web.notices import Notices
from mashang.channels.web.socket import CustomerDoor
from mashang.channels.web.state import StateTeller
from mashang.channels.web.voice import Transcriber
from mashang.codes import api as codes_api
from mashang.codes import campaign_api, link_api, offer_rule_api, shop_api
from mashang.codes.counting import Counts
from mashang.conversations import api as conversations_api
from mashang.conversations.writer import Writer
from mashang.desk import api as desk_api
from mashang.desk.board import Boards
from mashang.desk.socket import DeskDoor
from mashang.desk.stream import Stream
from mashang.insights import api as insights_api
from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.edge import EXCEPTION_HANDLERS
from mashang.kit.events import Events
from mashang.kit.head import answering_head
from mashang.kit.log import log
from mashang.kit.pictures import Pictures
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage
from mashang.knowledge import api as knowledge_api
from mashang.knowledge.playbooks import PlaybookNames
from mashang.knowledge.serving import Knowledge
from mashang.live import Live, frames
from mashang.live.bus import Bus, PostgresBus
from mashang.live.hub import Hub
from mashang.live.socket import RESTARTING, serve
from mashang.reactions import Reactions
from mashang.routing import api as routing_api
from mashang.routing.dispatcher import Dispatcher
from mashang.shops import api as shops_api
from mashang.shops.adapters import Shops
from mashang.staff import alerts, installation, presence
from mashang.staff import api as staff_api

_LARGEST_BODY = 256 * 1024  # of everything but uploads
_FORM_SLACK = 64 * 1024  # what a multipart form adds to its file
_COMPRESSION = CompressionConfig(
    "gzip",
    minimum_size=1000,
    gzip_compress_level=5,
    exclude=[
        "^/(assets|app-icons|app.webmanifest|desk|docs|files|chat|widget.js|more.js|worker.js)",
        "^/(c|c/.*)?$",
    ],  # pages are kept compressed; files are streamed
)


Task = Callable[[], Coroutine[Any, Any, None]]


class Parts:
    """What one process is made of; built once, while it starts."""

    def __init__(self, settings: Settings, db: Database) -> None:
        process_id, sealer = ids.public_id(), Sealer(settings.secret)
        self.settings, self.db, self.sealer = settings, db, sealer
        self.process_id = process_id
        self.storage = Storage(settings.files, settings.upload_limit)
        self.pictures = Pictures()
        self.shops = Shops(settings, sealer)
        self.transcriber = Transcriber(settings)
        self.model = Model(settings, db)
        self.writer = Writer(db, process_id)
        self.hub = Hub(db, drops=settings.chaos_drop)
        self.bus: Bus = PostgresBus(db, process_id)
        self.states = StateTeller(db, self.hub)
        self.notices = Notices(db, self.hub)
        self.boards = Boards(db)
        self.counts = Counts(db)
        self.knowledge = Knowledge(db)
        self.playbook_names = PlaybookNames(library.shipped())
        self.attending = Attending(db, self.knowledge, self.model, self.shops, sealer)
        self.help_counts = HelpCounts(db, sealer)
        self.stream = Stream(db, self.hub, self.boards)
        self.dispatcher = Dispatcher(db, timedelta(seconds=settings.absence_grace))
        live = Live(db, settings, self.hub, self.bus, self.writer, sealer, process_id)
        self.customer_door = CustomerDoor(live, self.states, self.notices)
        self.desk_door = DeskDoor(live, self.stream)
        self.reactions = Reactions(self)
        db.events.react(self.reactions.table())

    def tasks(self) -> list[Task]:
        """What runs for as long as the process serves."""
        return [
            self.writer.run,
            lambda: self.bus.run(self.reactions.heard, self.reactions.reconnected),
            self.hub.sweep,
            self.states.run,
            self.notices.run,
            self.stream.run,
            self.dispatcher.run,
            self.counts.run,
            self.knowledge.run,
            self.attending.run,
            self.help_counts.run,
        ]


Beside = Callable[[Database, Shops, Storage], Coroutine[Any, Any, None]]


def create_app(settings: Settings, *, beside: Beside | None = None) -> Litestar:
    """The application; `settings.database_url` must be set and its schema current.

    `beside` runs for as long as the application does: `worker.run`, where one process is all there is.
    One that has ended may start again, with the database and folders that `state.settings` names by then; secret,
    upload limit and HTTPS are those it was made with.
    """
    built: list[Parts] = []

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with _running(app.state.settings, beside) as parts:
            built.append(parts)
            app.state.parts = parts
            yield
            built.clear()

    @asgi(["/live/customer", "/live/desk"], copy_scope=False, opt={"exclude_from_csrf": True})
    async def live(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.WEBSOCKET or not built:
            await _only_sockets(scope, send)
            return
        parts = built[0]
        await serve(
            scope, receive, send, parts.desk_door if scope["path"].startswith("/live/desk") else parts.customer_door
        )

    app = Litestar(
        route_handlers=[
            *_api(settings),
            web_api.widget_look,
            conversations_api.files_router,
            live,
            openapi,
            *health.ROUTES,
            *pages.ROUTES,
            *links.ROUTES,
            *installed.ROUTES,
            *help_pages.ROUTES,
        ],
        dependencies=_dependencies(built),
        exception_handlers=EXCEPTION_HANDLERS,
        csrf_config=CSRFConfig(
            secret=Sealer(settings.secret).sign(b"csrf", "csrf").hex(),
            cookie_name="mashang_csrf",
            header_name="x-csrf-token",
            cookie_secure=settings.https,
            exclude=["^/api/v1/customer", "^/api/v1/shop-(events|codes)", "^/(help|robots.txt|sitemap.xml)"],
        ),
        compression_config=_COMPRESSION,
        openapi_config=_openapi_config(),
        request_max_body_size=_LARGEST_BODY,
        lifespan=[lifespan],
        state=State({"settings": settings}),
        logging_config=None,
    )
    app.asgi_handler = answering_head(app.asgi_handler)  # before any route is looked for
    return app


def _api(settings: Settings) -> list[Router]:
    """The routes under /api/v1; large bodies are taken only where files are uploaded."""
    return [
        Router(
            "/api/v1",
            route_handlers=[
                web_api.router,
                web_api.public_router,
                staff_api.router,
                alerts.router,
                desk_api.router,
                codes_api.router,
                campaign_api.router,
                offer_rule_api.router,
                link_api.router,
                shop_api.mint_for_shop,
                routing_api.router,
                shops_api.router,
                knowledge_api.router,
                bot_api.router,
                insights_api.router,
            ],
        ),
        Router(
            "/api/v1",
            route_handlers=[web_api.upload_router, desk_api.upload_router, knowledge_api.upload_router],
            request_max_body_size=settings.upload_limit + _FORM_SLACK,
        ),
    ]


@asynccontextmanager
async def _running(settings: Settings, beside: Beside | None) -> AsyncIterator[Parts]:
    async with AsyncExitStack() as stack:
        db = await Database.connect(settings.database_url or "", events=Events())
        stack.push_async_callback(db.close)
        async with db.transaction() as tx:
            await installation.adopt_zone(tx, settings.timezone)
        parts = Parts(settings, db)
        stack.push_async_callback(parts.shops.close)
        stack.push_async_callback(parts.transcriber.close)
        stack.push_async_callback(parts.model.close)
        stack.callback(parts.pictures.close)
        running = parts.tasks() + ([lambda: beside(parts.db, parts.shops, parts.storage)] if beside else [])
        tasks = [asyncio.ensure_future(_kept(one)) for one in running]
        stack.push_async_callback(_stop, parts, tasks)
        yield parts


async def _kept(task: Task) -> None:
    """A bug ends one turn of a task, not the task: without it the process would serve on, and nothing be stored."""
    while True:
        try:
            await task()
        except Exception:  # noqa: BLE001 — the edge of a job
            log.exception("task_failed")
        await asyncio.sleep(1)


async def _stop(parts: Parts, tasks: list[asyncio.Task[None]]) -> None:
    for socket in tuple(parts.hub.sockets):
        socket.close(RESTARTING)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await parts.db.events.settle()
    async with parts.db.transaction() as tx:
        await presence.drop_process(tx, parts.process_id)


def _dependencies(built: list[Parts]) -> dict[str, Provide]:
    def part(name: str) -> Provide:
        choose: Callable[[], Any] = lambda: getattr(built[0], name)  # noqa: E731 — one line, six times
        return Provide(choose, sync_to_thread=False)

    names = (
        "settings",
        "db",
        "sealer",
        "storage",
        "pictures",
        "shops",
        "writer",
        "hub",
        "notices",
        "customer_door",
        "desk_door",
        "stream",
        "boards",
        "counts",
        "knowledge",
        "playbook_names",
        "help_counts",
        "dispatcher",
        "transcriber",
        "model",
    )
    return {name: part(name) for name in names}


async def _only_sockets(scope: Scope, send: Send) -> None:
    if scope["type"] == ScopeType.HTTP:
        await send({"type": "http.response.start", "status": 426, "headers": [(b"upgrade", b"websocket")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def describe(folder: Path) -> None:
    """Write what the pages' types are made from: `openapi.json` and `frames.json`."""
    app = create_app(Settings(home=Path(), secret=bytes(32), database_url=""))
    for name, document in (("openapi", app.openapi_schema.to_schema()), ("frames", frames.description())):
        encoded = msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=2)
        (folder / f"{name}.json").write_bytes(encoded + b"\n")


@get("/openapi.json", include_in_schema=False)
async def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The whole API as OpenAPI 3.1."""
    schema = request.app.openapi_schema.to_schema()
    return Response(msgspec.json.encode(schema), media_type="application/json")


def _openapi_config() -> OpenAPIConfig:
    cookie = SecurityScheme(type="apiKey", name="mashang_staff", security_scheme_in="cookie")
    bearer = SecurityScheme(type="http", scheme="bearer", description="The session of POST /customer/sessions")
    return OpenAPIConfig(
        title="Mashang 码上",
        version=__version__,
        description="Customer service on service codes. Refusals carry a code, facts and a message to read.",
        components=Components(security_schemes={"staff": cookie, "customer": bearer}),
        use_handler_docstrings=True,
        path="/openapi",
        render_plugins=[JsonRenderPlugin()],  # the others load their scripts from another host
    )
