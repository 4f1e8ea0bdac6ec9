"""A small server that speaks chat completions as OpenAI-compatible ones do, and says what the test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from mashang.bot.model import Model

Sent = dict[str, Any]


@contextmanager
def impatient(model: Model) -> Iterator[None]:
    """For the length of the block the product waits a second for it; else longer than a machine stalls."""
    patient = model._settings
    model._settings = msgspec.structs.replace(patient, model_timeout=1.0)
    yield
    model._settings = patient


@dataclass
class ScriptedModel:
    """The server: what it will answer, and what it was sent."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    is_stuck: bool = False  # takes the question and never answers
    held: asyncio.Event | None = None  # answers once it is set
    shortens: bool = False  # answers with the first line of the first article it is shown
    asked: list[Sent] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def was_asked(self, times: int) -> None:
        """Wait until it was asked so often."""
        async with asyncio.timeout(60), self._came:  # a fault must not hang the suite
            await self._came.wait_for(lambda: len(self.asked) >= times)

    def says(self, content: object, *, tokens: int = 50) -> None:
        """Answer with this from now on: a text as it is, anything else as JSON."""
        text = content if isinstance(content, str) else msgspec.json.encode(content).decode()
        told = {"choices": [{"message": {"role": "assistant", "content": text}}], "usage": {"total_tokens": tokens}}
        self.body, self.status, self.is_stuck = msgspec.json.encode(told), 200, False

    def data(self) -> Any:
        """What it was given last as data."""
        return msgspec.json.decode(self.asked[-1]["messages"][1]["content"])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        sent = b""
        while (message := await receive())["type"] == "http.request":
            sent += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.keys.append(dict(scope["headers"]).get(b"authorization", b"").decode())
        async with self._came:
            self.asked.append(msgspec.json.decode(sent))
            self._came.notify_all()
        if self.shortens:
            first = self.data()["articles"][0]
            self.says({"text": first["text"].splitlines()[0], "cites": [first["id"]]})
        assert scope["path"] == "/v1/chat/completions"
        if self.held:
            await self.held.wait()
        if self.is_stuck:
            await receive()  # until whoever asked gives up
            return
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})
