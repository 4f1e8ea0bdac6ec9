"""The real application, asked over HTTP as a browser asks it: with cookies and the CSRF token.

Passwords cost little here (`cheap_hashing`), in every test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from litestar import Litestar

from mashang.kit.settings import Settings
from mashang.staff import passwords

API = "/api/v1"
_free: defaultdict[tuple[Any, ...], list[Litestar]] = defaultdict(list)


class Browser:
    """One person's browser; `address` is where the server sees it come from."""

    def __init__(self, app: Litestar, address: str = "203.0.113.7", host: str = "cs.example") -> None:
        transport = httpx.ASGITransport(app=app, client=(address, 40000))
        self.client = httpx.AsyncClient(transport=transport, base_url=f"http://{host}", trust_env=False)

    async def ask(self, method: str, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """A request with what a page of ours adds: the CSRF token, once some GET has set it."""
        headers = {"x-csrf-token": self.client.cookies.get("mashang_csrf", "")} | more.pop("headers", {})
        body = {"json": json} if json is not None else {}
        return await self.client.request(method, API + path, headers=headers, **body, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """A GET."""
        return await self.ask("GET", path, **more)

    async def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """A POST."""
        return await self.ask("POST", path, json, **more)

    async def put(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """A PUT."""
        return await self.ask("PUT", path, json, **more)

    async def delete(self, path: str, **more: Any) -> httpx.Response:
        """A DELETE."""
        return await self.ask("DELETE", path, **more)

    async def open(self) -> None:
        """Open the desk's first page: it asks who is signed in, and gets the CSRF cookie."""
        await self.get("/staff/me")

    async def sign_in(self, login: str, password: str) -> httpx.Response:
        """Open the page and sign in."""
        await self.open()
        return await self.post("/staff/sign-in", {"login": login, "password": password})


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed for real at a thousandth of the cost; only the tests of the cost undo this."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    """The application as `bin/up` runs it, without its sweeps."""
    with application(settings) as made:
        async with made.lifespan():
            yield made


@contextmanager
def application(settings: Settings, beside: Any = None) -> Iterator[Litestar]:
    """One of this worker's applications, used by nobody else meanwhile; to register all routes takes half a second.

    One that ended as it should starts again for another test, with a database, parts and settings of its own.
    """
    # Imported here: a test of one package must not need the whole product to be importable.
    from mashang.app import create_app  # noqa: PLC0415

    free = _free[settings.secret, settings.upload_limit, settings.https, beside]  # what the routes themselves depend on
    made = free.pop() if free else create_app(settings, beside=beside)
    made.state.settings = settings
    yield made
    free.append(made)


@pytest.fixture
async def browser(app: Litestar) -> AsyncIterator[Callable[..., Browser]]:
    """Makes browsers that know nothing of each other."""
    async with AsyncExitStack() as stack:

        def make(**how: str) -> Browser:
            made = Browser(app, **how)
            stack.push_async_callback(made.client.aclose)
            return made

        yield make


def signing_in(browser: Callable[..., Browser], password: str) -> Callable[[str], Awaitable[Browser]]:
    """Signs somebody in by login, each time in a browser of its own."""

    async def of(login: str) -> Browser:
        page = browser()
        await page.sign_in(login, password)
        return page

    return of
