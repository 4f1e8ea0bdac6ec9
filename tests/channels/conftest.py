"""The real application behind a real server, over the test's own database, in the test's own loop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
import websockets

from mashang import worker
from mashang.cli.serving import Web, configuration, started
from mashang.codes import topics
from mashang.codes.topics import TopicDraft
from mashang.kit import ids
from mashang.kit.db import Database
from mashang.kit.settings import Settings
from tests import scene
from tests.browsing import application
from tests.scene import PASSWORD, Scene


class Socket:
    """A page's live socket."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection

    async def send(self, t: str, **fields: Any) -> None:
        await self.connection.send(json.dumps({"t": t, **fields}))

    async def frame(self, t: str, **fields: Any) -> dict[str, Any]:
        """The next frame of this kind with these fields; others are passed over."""
        async with asyncio.timeout(60):
            while True:
                frame: dict[str, Any] = json.loads(await self.connection.recv())
                if frame["t"] == t and all(frame.get(key) == value for key, value in fields.items()):
                    return frame

    async def frames_until(self, t: str) -> list[dict[str, Any]]:
        """All frames up to the next one of this kind."""
        heard: list[dict[str, Any]] = []
        async with asyncio.timeout(60):
            while not heard or heard[-1]["t"] != t:
                heard.append(json.loads(await self.connection.recv()))
        return heard

    async def closed_with(self) -> int | None:
        """The code the server closes with."""
        async with asyncio.timeout(60):
            try:
                while True:
                    await self.connection.recv()
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None


class Page:
    """A customer's page: an HTTP client with a session, and its socket."""

    def __init__(self, served: Served, session: dict[str, Any]) -> None:
        self.served, self.session = served, session
        self.http = served.client(
            "/api/v1/customer", authorization="Bearer " + session["session"], **{"accept-language": "zh-CN"}
        )

    async def open(self, **fields: Any) -> dict[str, Any]:
        """Begin a conversation."""
        answer = await self.http.post("/conversations", json={"opening_key": ids.public_id(), **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    @asynccontextmanager
    async def live(self, *watch: str) -> AsyncIterator[Socket]:
        async with self.served.socket("/live/customer") as socket:
            wanted = [{"conversation": one, "after": 0} for one in watch]
            await socket.send("hello", session=self.session["session"], watch=wanted)
            await socket.frame("welcome")
            yield socket


class Desk:
    """An agent who is signed in."""

    def __init__(self, served: Served, http: httpx.AsyncClient) -> None:
        self.served, self.http = served, http

    async def serve(self, page: Page, line: Socket) -> dict[str, Any]:
        """Accept a conversation that this page opens with the code CZ, once it is offered."""
        opened = await page.open(code="CZ")
        await line.frame("offer")
        await self.http.post(f"/desk/conversations/{opened['id']}/accept")
        return opened

    @asynccontextmanager
    async def live(self, *watch: str) -> AsyncIterator[Socket]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        async with self.served.socket("/live/desk", origin=self.served.url, cookie=cookie) as socket:
            await socket.send("hello", watch=[{"conversation": one, "after": 0} for one in watch])
            await socket.frame("welcome")
            yield socket


class Served:
    """A running product with one department, one agent, one site, and the codes CZ and SH."""

    def __init__(self, url: str, database: Database, settings: Settings, stage: Scene) -> None:
        self.url, self.database, self.settings, self.stage = url, database, settings, stage
        self.clients = AsyncExitStack()

    def client(self, path: str = "", **headers: str) -> httpx.AsyncClient:
        """An HTTP client that lives as long as the test."""
        client = httpx.AsyncClient(base_url=self.url + path, headers=headers, verify=False, timeout=60)  # noqa: S501 — no TLS here
        self.clients.push_async_callback(client.aclose)
        return client

    async def visitor(self, **fields: Any) -> Page:
        async with httpx.AsyncClient(base_url=self.url, verify=False, timeout=60) as http:  # noqa: S501 — as above
            answer = await http.post("/api/v1/customer/sessions", json={"site": self.stage.site.public_id, **fields})
        assert answer.status_code == 201, answer.text
        return Page(self, answer.json())

    async def agent(self, login: str = "xiaomei") -> Desk:
        http = self.client("/api/v1")
        await http.get("/staff/first-run")
        http.headers["x-csrf-token"] = http.cookies["mashang_csrf"]
        answer = await http.post("/staff/sign-in", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        await http.put("/staff/availability", json={"availability": "available"})
        return Desk(self, http)

    @asynccontextmanager
    async def socket(self, path: str, *, origin: str | None = None, cookie: str = "") -> AsyncIterator[Socket]:
        headers = {"cookie": cookie} if cookie else {}
        url = self.url.replace("http", "ws") + path
        async with websockets.connect(
            url, origin=origin, additional_headers=headers, compression=None, max_queue=None
        ) as connection:  # type: ignore[arg-type]  # a str is an Origin
            yield Socket(connection)


@pytest.fixture
async def served(database: Database, settings: Settings) -> AsyncIterator[Served]:
    async with database.transaction() as tx:
        stage = await scene.build(tx)
        for code, name in (("CZ", "充值问题"), ("SH", "售后维权")):
            draft = TopicDraft(
                code=code, name=name, department=stage.department.public_id, greeting="您好，马上为您接通。"
            )
            await topics.create(tx, None, draft, {})
    async with running(settings) as url:
        served = Served(url, database, settings, stage)
        async with served.clients:
            yield served


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[str]:
    """The product on a free port; its address."""
    settings = msgspec.structs.replace(settings, port=0)
    with application(settings, beside=worker.run) as app:
        server = Web(configuration(app, settings))
        task = asyncio.ensure_future(server.serve())
        async with asyncio.timeout(60):
            await started(server, task)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
        await task
