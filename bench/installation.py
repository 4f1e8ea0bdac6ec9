"""A fresh installation, set up over HTTP as its operator would: people, a site, customers, conversations.

`up --no-demo` prints a one-time link; from there on everything goes the way of a
real one: the first operator signs up, makes a department, agents and a site; agents
sign in and open their desks; customers begin sessions and open conversations; the
dispatcher offers them and the agents accept.

Does not: measure, or send a message.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bench.sockets import Line, connect
from bench.stage import Server

_PASSWORD = secrets.token_urlsafe(12)
_OFFERED_WITHIN = 60.0
_AT_ONCE = 4  # requests of the set-up


class NotReady(Exception):
    """The set-up did not come to its end."""


def server(home: Path, port: int, dsn: str, *, workers: int = 1, **environment: str) -> Server:
    """The product on a database that others may use too; limits that stop a bench are lifted.

    As one process that also migrates, or as several, whose database must be today's.
    """
    settings = {
        "MASHANG_HOME": str(home),
        "MASHANG_DATABASE_URL": dsn,
        "MASHANG_LOG_LEVEL": "warning",
        "MASHANG_MESSAGE_RATE": "1000000",
        "MASHANG_MESSAGE_BURST": "1000000",
        "MASHANG_SOCKETS_PER_ADDRESS": "100000",
        **environment,
    }
    home.mkdir(exist_ok=True, mode=0o751)
    command = ["up", "--no-demo"] if workers == 1 else ["serve", "--workers", str(workers)]
    return Server(["-m", "mashang.cli", *command, "--port", str(port)], home / "said", settings)


def link_in(started: Server) -> str | None:
    """The secret of the one-time link, once it was printed."""
    found = re.search(r"/desk/first-run#(\S+)", started.log.read_text("utf-8"))
    return found[1] if found else None


async def first_run_link(started: Server) -> str:
    """The same, waiting for it: it comes just before `ready`."""
    for _ in range(200):
        found = link_in(started)
        if found is not None:
            return found
        await asyncio.sleep(0.05)
    raise NotReady("the product printed no first-run link")


class Caller:
    """Somebody's HTTP connection to the product: repeats what was refused as too much, raises on the rest."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/api/v1", headers=headers, timeout=30, trust_env=False
        )

    async def __call__(self, method: str, path: str, body: object = None) -> Any:
        """The decoded answer."""
        while True:
            csrf = self._http.cookies.get("mashang_csrf")
            answer = await self._http.request(method, path, json=body, headers={"x-csrf-token": csrf} if csrf else None)
            if answer.status_code == 429:
                await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
                continue
            if answer.is_error:
                raise NotReady(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            return answer.json() if answer.content else None

    @property
    def cookies(self) -> str:
        """As a Cookie header."""
        return "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()


class Desk:
    """A signed-in agent who accepts whatever is offered."""

    def __init__(self, port: int, login: str) -> None:
        self.login = login
        self.call = Caller(port)
        self.served: list[str] = []
        self.line: Line | None = None
        self._port = port
        self._tasks: set[asyncio.Task[None]] = set()

    async def sign_in(self) -> None:
        """Get the cookies, and be available."""
        await self.call("GET", "/staff/first-run")  # any GET sets the CSRF cookie
        await self.call("POST", "/staff/sign-in", {"login": self.login, "password": _PASSWORD})
        await self.call("PUT", "/staff/availability", {"availability": "available"})

    async def open(self, watch: list[Mapping[str, object]] | None = None) -> Line:
        """Open the live socket."""
        headers = {"Cookie": self.call.cookies, "Origin": f"http://127.0.0.1:{self._port}"}
        line = await connect(self._port, "/live/desk", headers)
        line.heard = self.heard
        line.send(msgspec.json.encode({"t": "hello", "watch": watch or []}))
        self.line = line
        return line

    def heard(self, frame: bytes) -> None:
        """Accept offers; the rest is for whoever watches."""
        if frame.startswith(b'{"t":"offer"'):
            task = asyncio.ensure_future(self._accept(msgspec.json.decode(frame)["conversation"]["id"]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _accept(self, conversation: str) -> None:
        if conversation in self.served:
            return
        self.served.append(conversation)
        try:
            await self.call("POST", f"/desk/conversations/{conversation}/accept")
        except (NotReady, httpx.HTTPError):
            self.served.remove(conversation)  # it ran out, or the server went: it is offered again


class Customer:
    """A visitor with a session and one conversation."""

    def __init__(self, session: str, conversation: str) -> None:
        self.session = session
        self.conversation = conversation

    def hello(self, after: int = 0) -> bytes:
        """The first frame of a page that holds everything up to `after`."""
        watch = [{"conversation": self.conversation, "after": after}]
        return msgspec.json.encode({"t": "hello", "session": self.session, "watch": watch})


async def founded(port: int, link: str, origin: str = "http://127.0.0.1:1") -> tuple[Caller, str, str]:
    """The first operator, signed in; ids of a department, and of a site whose pages are at `origin`."""
    operator = Caller(port)
    await operator("GET", "/staff/first-run")
    me = {"secret": link, "login": "operator", "name": "店长", "password": _PASSWORD}
    await operator("POST", "/staff/first-run", me)
    department = await operator("POST", "/admin/departments", {"name": "客服", "name_en": "Service", "position": 0})
    site = await operator("POST", "/admin/sites", {"name": "小店", "origins": [origin]})
    return operator, department["id"], site["id"]


async def people(port: int, link: str, agents: int, capacity: int) -> list[Desk]:
    """An installation with this many agents; their desks are signed in and not yet open."""
    operator, department, _ = await founded(port, link)
    for number in range(agents):
        await operator(
            "POST", "/admin/people",
            {"login": f"agent{number}", "name": f"客服{number}", "role": "agent", "capacity": capacity,
             "departments": [department], "password": _PASSWORD},
        )  # fmt: skip
    await operator.close()
    desks = [Desk(port, f"agent{number}") for number in range(agents)]
    for desk in desks:
        await desk.sign_in()
    return desks


async def customers(port: int, number: int) -> list[Customer]:
    """Visitors who have opened a conversation each and wait."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def arrive(index: int) -> Customer:
        async with turn:
            stranger = Caller(port)
            session = (await stranger("POST", "/customer/sessions", {}))["session"]
            await stranger.close()
            known = Caller(port, {"Authorization": f"Bearer {session}"})
            opening = {"opening_key": f"opening-{index:04}", "entrance": "person", "text": "您好"}
            opened = await known("POST", "/customer/conversations", opening)
            await known.close()
            return Customer(session, opened["id"])

    return list(await asyncio.gather(*(arrive(index) for index in range(number))))


async def all_served(desks: list[Desk], waiting: list[Customer]) -> dict[str, Desk]:
    """Wait until each conversation was offered and accepted; who serves which."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _OFFERED_WITHIN
    wanted = {customer.conversation for customer in waiting}
    while loop.time() < until:
        serving = {conversation: desk for desk in desks for conversation in desk.served}
        if wanted <= serving.keys():
            await asyncio.sleep(0.3)  # the last acceptance is on its way
            return serving
        await asyncio.sleep(0.05)
    raise NotReady(f"{len(wanted - serving.keys())} conversations were not accepted")
