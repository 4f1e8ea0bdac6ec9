"""Shops to ask: the demo shop as its own process, and a shop whose every answer the test decides."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn

from bench.stage import free_port
from mashang.kit import clock, http, ids
from mashang.shops import contract, signing
from mashang.shops.http import HttpShop, Keys
from tests.folders import open_folder
from tests.keypairs import pair
from tests.running import ROOT

XIAOLIN, AZHEN = "c-100001", "c-100002"


@dataclass
class DemoShop:
    """The running demo shop, and how it is connected."""

    url: str
    config: dict[str, Any]

    @property
    def keys(self) -> Keys:
        return Keys(f"{self.url}/connector/v1", self.config["connector_key_id"], self.config["connector_secret"])

    @contextmanager
    def fault(self, name: str) -> Iterator[None]:
        """A fault of its back page, for the length of the block."""
        self._switch(name, "1")
        try:
            yield
        finally:
            self._switch(name, "0")

    def _switch(self, name: str, on: str) -> None:
        answer = httpx.post(f"{self.url}/back/faults", data={"fault": name, "on": on})
        assert answer.status_code == 303

    def visitor(self) -> httpx.Client:
        """Somebody's browser on the shop's pages, as far as HTTP goes."""
        return httpx.Client(base_url=self.url, follow_redirects=True)

    @contextmanager
    def member(self, login: str = "xiaolin") -> Iterator[httpx.Client]:
        """A browser that is signed in."""
        with self.visitor() as browser:
            answer = browser.post("/sign-in", data={"login": login, "password": self.config["passwords"][login]})
            assert answer.status_code == 200
            yield browser


@contextmanager
def selling(home: Path, **changes: str) -> Iterator[DemoShop]:
    """A demo shop for the length of the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    config = {
        "product_url": "http://127.0.0.1:9",  # nobody is there: its events wait
        "shop_url": url,
        "event_url": "http://127.0.0.1:9/api/v1/shop-events",
        "site": ids.public_id(),
        "token_kid": "k1",
        "token_secret": ids.secret(),
        "connector_key_id": "m1",
        "connector_secret": ids.secret(),
        "passwords": {"xiaolin": ids.secret(), "azhen": ids.secret()},
        "gateway": {
            "app_id": "2021000000000001",
            "private_key": pair("alipay").private,
            "merchant_key": pair("merchant").public,
        },
        **changes,
    }
    home.mkdir(exist_ok=True)
    path = home / "shop.json"
    path.write_bytes(msgspec.json.encode(config))
    command = [sys.executable, "-m", "demo.shop", "--port", str(port), "--home", str(home), "--config", str(path)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _wait_for(url, process)
        yield DemoShop(url, config)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(url, timeout=1)
            return
        except httpx.TransportError:
            time.sleep(0.05)  # a process has no other way to say that it listens
    pytest.fail("the demo shop did not start")


@pytest.fixture(scope="session")
def demo_shop() -> Iterator[DemoShop]:
    """One demo shop a worker; a test that switches a fault on switches it off."""
    with open_folder() as folder, selling(folder / "shop") as shop:
        yield shop


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client that may reach this machine."""
    async with http.client(lambda _address, _port: True) as made:
        yield made


@pytest.fixture
async def connected(demo_shop: DemoShop, client: httpx.AsyncClient) -> HttpShop:
    """The demo shop, asked by the contract."""
    return HttpShop(client, demo_shop.keys)


async def every_order(shop: HttpShop, subject: str) -> list[contract.OrderSummary]:
    """All orders of a customer, newest first: what other tests bought stands before the demo's own."""
    page = await shop.orders(subject, limit=100)
    found = list(page.orders)
    while page.next:
        page = await shop.orders(subject, limit=100, cursor=page.next)
        found += page.orders
    return found


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class RogueShop:
    """A shop that answers what the test says; by default signed as it must be."""

    keys: Keys
    answers: dict[str, Callable[[dict[str, str]], Awaitable[Answer]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def says(self, path: str, body: bytes, *, status: int = 200, secret: str = "", **headers: str) -> None:
        """Answer `path` with this, signed (with another secret where one is given)."""

        async def answer(given: dict[str, str]) -> Answer:
            return status, {**self.signed(given, status, body, secret), **headers}, body

        self.answers[path] = answer

    def signed(self, given: dict[str, str], status: int, body: bytes, secret: str = "") -> dict[str, str]:
        """The headers of an answer to this request."""
        at, nonce = str(int(clock.now().timestamp())), given[signing.NONCE.lower()]
        value = signing.signature(secret or self.keys.secret, "ANSWER", str(status), body, timestamp=at, nonce=nonce)
        return {"content-type": "application/json", signing.TIMESTAMP: at, signing.SIGNATURE: value}

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        path = scope["path"]
        self.asked.append(path)
        given = {name.decode(): value.decode() for name, value in scope["headers"]}
        status, headers, body = await self.answers[path](given)
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(app: Any, port: int, **how: Any) -> AsyncIterator[None]:
    """A real server on this port for the length of the block; `how`: its certificate."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="critical", lifespan="off", date_header=False, **how)
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the test's own stay
    running = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110 — uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        server.force_exit = True
        await running


@pytest.fixture
async def rogue() -> AsyncIterator[RogueShop]:
    """A real server on a real port that does whatever the test wants."""
    port = free_port()
    shop = RogueShop(Keys(f"http://127.0.0.1:{port}", "m1", ids.secret()))
    async with serving(shop, port):
        yield shop
