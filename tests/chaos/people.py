"""Customers and agents as their pages behave: send, repeat until acknowledged, reconnect, ask for what is missing.

Each keeps what was acknowledged and what was on its screen, in that order; `ledger`
compares both with the database when the storm is over.
"""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import httpx
import msgspec

from bench.installation import Customer, Desk, NotReady
from bench.sockets import Line, Refused, connect

_Got = TypeVar("_Got")
_ANSWERED_WITHIN = 3.0  # then a page sends again
_RETRY = ("not_stored", "too_many", "server_error", "conversation_closed")


class Screen:
    """One conversation as one reader sees it."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, str]] = []  # (number, text), in the order they appeared
        self.last = 0
        self.repeats = 0  # the same number twice on one socket, unasked
        self.asked_again = False
        self.reloading = False  # reading a long absence over HTTP; frames wait

    def show(self, entry: dict[str, Any]) -> bool:
        """Put an entry on the screen; False: something before it is missing."""
        if entry["seq"] <= self.last:
            self.repeats += not self.asked_again
            return True
        if entry["prev"] > self.last:
            return False
        self.last = entry["seq"]
        self.shown.append((entry["seq"], entry.get("text", "")))
        return True


class Outbox:
    """Messages into one conversation, one at a time, each until it is acknowledged."""

    def __init__(self, key: str, chance: random.Random) -> None:
        self.acknowledged: dict[str, int] = {}  # client_id → number
        self.changed_acks = 0  # acknowledged again with another number
        self.refused: list[str] = []
        self._key = key
        self._chance = chance
        self._written = 0
        self._waiting: tuple[str, str] | None = None
        self._answered = asyncio.Event()
        self._turn = asyncio.Lock()

    async def say(self, text: str, send: Callable[[str, str], None]) -> None:
        """Send under a new key, and again after a while, until it is acknowledged."""
        async with self._turn:
            await self._say(text, send)

    async def _say(self, text: str, send: Callable[[str, str], None]) -> None:
        self._written += 1
        client_id = f"{self._key}-{self._written:05}"
        self._waiting = (client_id, f"{text} <{client_id}>")
        while self._waiting is not None:
            self._answered.clear()
            for _ in range(2 if self._chance.random() < 0.1 else 1):  # a page may repeat itself
                send(*self._waiting)
            try:
                async with asyncio.timeout(_ANSWERED_WITHIN):
                    await self._answered.wait()
            except TimeoutError:
                continue
            if self._waiting is not None:
                await asyncio.sleep(0.2)

    def heard(self, frame: dict[str, Any]) -> bool:
        """An acknowledgement or a refusal; was it news?"""
        client_id = frame.get("client_id", "")
        if frame["t"] == "ack":
            known = self.acknowledged.setdefault(client_id, frame["seq"])
            self.changed_acks += known != frame["seq"]
            if self._waiting is None or self._waiting[0] != client_id:
                return False
            self._waiting = None
        elif frame["code"] not in _RETRY:
            self.refused.append(frame["code"])
        self._answered.set()
        return bool(frame["t"] == "ack")


class Page(ABC):
    """A browser's page: one socket at a time, opened again whenever it ends."""

    def __init__(self, port: int, path: str, chance: random.Random) -> None:
        self.port, self.path, self.chance = port, path, chance
        self.line: Line | None = None
        self.screens: dict[str, Screen] = {}
        self.opened = 0
        self.reloads = 0
        self.closes = False
        self.awake = asyncio.Event()
        self.awake.set()
        self._ended = asyncio.Event()
        self._reloading: set[asyncio.Task[None]] = set()

    def headers(self) -> dict[str, str]:
        """Of the handshake."""
        return {}

    def hello(self) -> dict[str, Any]:
        """The first frame, without what it watches."""
        return {"t": "hello"}

    @abstractmethod
    def heard(self, frame: dict[str, Any]) -> None:
        """What is not an entry."""

    async def live(self) -> None:
        """Be connected until told to close."""
        while not self.closes:
            await self.awake.wait()
            try:
                self.line = await connect(self.port, self.path, self.headers())
            except (OSError, Refused):
                await asyncio.sleep(0.1 + self.chance.random() * 0.4)
                continue
            self.opened += 1
            self._ended.clear()
            self.line.heard = self._heard
            self.line.ended = lambda _code: self._ended.set()
            self._watch_all()
            await self._ended.wait()
            await asyncio.sleep(self.chance.random() * 0.3)

    def send(self, frame: dict[str, Any]) -> None:
        """Now, or never."""
        if self.line is not None:
            self.line.send(msgspec.json.encode(frame))

    def cut(self) -> None:
        """The network breaks."""
        if self.line is not None:
            self.line.cut()

    def _watch_all(self) -> None:
        for screen in self.screens.values():
            screen.asked_again = screen.reloading
        watch = [{"conversation": name, "after": screen.last} for name, screen in self.screens.items()]
        self.send(self.hello() | {"watch": watch})

    def _heard(self, payload: bytes) -> None:
        frame = msgspec.json.decode(payload)
        screen = self.screens.get(frame.get("conversation", ""))
        if frame["t"] == "entry" and screen is not None:
            if screen.reloading:
                return
            if screen.show(frame["entry"]):
                self.entry(frame["conversation"], frame["entry"])
            elif not screen.asked_again:
                screen.asked_again = True
                self.send({"t": "watch", "conversation": frame["conversation"], "after": screen.last})
        elif frame["t"] == "caught_up" and screen is not None:
            screen.asked_again = screen.reloading
        elif frame["t"] == "reload" and screen is not None:
            self._reload(frame["conversation"], screen)
        else:
            self.heard(frame)

    def entry(self, conversation: str, entry: dict[str, Any]) -> None:  # noqa: B027 — who only writes needs no more
        """An entry is on the screen."""

    @abstractmethod
    async def read(self, conversation: str, after: int) -> dict[str, Any]:
        """A page of the timeline over HTTP."""

    def _reload(self, conversation: str, screen: Screen) -> None:
        """More was missed than a socket brings: read it page by page, then watch on from there."""
        self.reloads += 1
        if screen.reloading:
            return
        screen.reloading = True
        task = asyncio.ensure_future(self._read_all(conversation, screen))
        self._reloading.add(task)
        task.add_done_callback(self._reloading.discard)

    async def _read_all(self, conversation: str, screen: Screen) -> None:
        more = True
        while more:
            page = await patiently(lambda: self.read(conversation, screen.last))
            for entry in page["entries"]:
                if screen.show(entry):
                    self.entry(conversation, entry)
            more = page["more"]
        screen.reloading, screen.asked_again = False, True
        self.send({"t": "watch", "conversation": conversation, "after": screen.last})


class Writer(Page):
    """A customer: writes again and again, and now and then sends a file.  `tab` names a second page of the same one."""

    def __init__(
        self, port: int, who: Customer, chance: random.Random, told: Callable[[], None], *, tab: str = "customer"
    ) -> None:
        super().__init__(port, "/live/customer", chance)
        self.who = who
        self.outbox = Outbox(f"{tab}-{who.conversation[:8]}", chance)
        self.screens[who.conversation] = Screen()
        self.pause = 0.25  # seconds between two messages, on average
        self.files: dict[str, bytes] = {}  # sent and acknowledged: id → content
        self.sends_files = False
        self.http = _http(port, who)
        self._told = told

    def hello(self) -> dict[str, Any]:
        return {"t": "hello", "session": self.who.session}

    async def write(self, most: int, go_on: Callable[[], bool]) -> None:
        """Up to `most` messages, with pauses, while it may go on."""
        for number in range(most):
            if not go_on():
                return
            content = f"第 {number} 个附件".encode() if self.sends_files and number % 5 == 2 else b""
            file = await patiently(partial(self._upload, content)) if content else None
            await self.outbox.say("在吗，还没有到账", partial(self._send, file))
            if file:
                self.files[file] = content
            await asyncio.sleep(self.pause * (0.2 + self.chance.random() * 1.6))

    async def read(self, conversation: str, after: int) -> dict[str, Any]:
        answer = await self.http.get(f"/conversations/{conversation}/entries", params={"after": after, "limit": 200})
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def lost_files(self) -> int:
        """How many of the files sent cannot be fetched as they were."""
        if not self.files:
            return 0
        asked = await self.http.post("/files/addresses", json={"files": list(self.files)})
        addresses = asked.raise_for_status().json()["addresses"]
        lost = len(self.files) - len(addresses)
        for name, address in addresses.items():
            lost += (await self.http.get(f"http://127.0.0.1:{self.port}{address['url']}")).content != self.files[name]
        return lost

    def heard(self, frame: dict[str, Any]) -> None:
        if _about_a_message(frame) and self.outbox.heard(frame):
            self._told()

    async def _upload(self, content: bytes) -> str:
        sent = {"file": ("附件.txt", content)}
        answer = await self.http.post(f"/conversations/{self.who.conversation}/files", files=sent)
        stored: str = answer.raise_for_status().json()["id"]
        return stored

    def _send(self, file: str | None, client_id: str, text: str) -> None:
        frame = {"t": "send", "conversation": self.who.conversation, "client_id": client_id, "text": text}
        self.send(frame | ({"file": file} if file else {}))


class Answerer(Page):
    """An agent: answers every third message, and accepts what is offered."""

    def __init__(self, port: int, desk: Desk, chance: random.Random, told: Callable[[], None]) -> None:
        super().__init__(port, "/live/desk", chance)
        self.desk = desk
        self.outboxes: dict[str, Outbox] = {}
        self._told = told
        self.answers = True
        self._read: dict[str, int] = {}
        self._answering: set[asyncio.Task[None]] = set()

    def serve(self, conversation: str) -> None:
        """This customer is mine."""
        self.screens[conversation] = Screen()
        self.outboxes[conversation] = Outbox(f"agent-{conversation[:8]}", self.chance)

    def headers(self) -> dict[str, str]:
        return {"Cookie": self.desk.call.cookies, "Origin": f"http://127.0.0.1:{self.port}"}

    def entry(self, conversation: str, entry: dict[str, Any]) -> None:
        if not self.answers or entry["author"]["kind"] != "customer" or entry["kind"] != "text":
            return
        self._read[conversation] = self._read.get(conversation, 0) + 1
        if self._read[conversation] % 3 == 0:
            task = asyncio.ensure_future(self._answer(conversation))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def answered(self) -> None:
        """Wait until every answer begun is acknowledged."""
        while self._answering:
            await asyncio.wait(self._answering)

    def heard(self, frame: dict[str, Any]) -> None:
        if frame["t"] == "offer":
            self.desk.heard(msgspec.json.encode(frame))
        elif _about_a_message(frame):
            outbox = self.outboxes.get(frame.get("conversation", ""))
            if outbox is not None and outbox.heard(frame):
                self._told()

    async def read(self, conversation: str, after: int) -> dict[str, Any]:
        found: dict[str, Any] = await self.desk.call(
            "GET", f"/desk/conversations/{conversation}/entries?after={after}&limit=200"
        )
        return found

    async def _answer(self, conversation: str) -> None:
        outbox = self.outboxes[conversation]
        await outbox.say(
            "正在为您处理",
            lambda client_id, text: self.send(
                {"t": "send", "conversation": conversation, "client_id": client_id, "text": text}
            ),
        )


async def patiently(attempt: Callable[[], Awaitable[_Got]]) -> _Got:
    """Try until the product answers."""
    while True:
        try:
            return await attempt()
        except (httpx.HTTPError, NotReady):
            await asyncio.sleep(0.2)


def _http(port: int, who: Customer) -> httpx.AsyncClient:
    base = f"http://127.0.0.1:{port}/api/v1/customer"
    headers = {"Authorization": f"Bearer {who.session}"}
    return httpx.AsyncClient(base_url=base, headers=headers, timeout=10, trust_env=False, verify=False)  # noqa: S501 — no TLS here


def _about_a_message(frame: dict[str, Any]) -> bool:
    return bool(frame["t"] == "ack" or (frame["t"] == "refused" and "client_id" in frame))
