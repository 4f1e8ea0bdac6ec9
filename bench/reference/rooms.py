"""Sockets of customers and agents, and what becomes of a message: the part both references share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec

from bench.reference import frames

AsgiSend = Callable[[dict[str, Any]], Awaitable[None]]


class Keeper(Protocol):
    """What a server does with a message."""

    async def start(self) -> None:
        """Before the first socket."""

    async def stop(self) -> None:
        """After the last one."""

    async def take(self, rooms: Rooms, sent: frames.Send, sender: AsgiSend) -> None:
        """A message arrived."""


class Rooms:
    """An ASGI application: who watches which conversation at which desk."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._desks: dict[str, AsgiSend] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def deliver(self, sent: frames.Send, sender: AsgiSend, seq: int, at: Any) -> None:
        """Acknowledge to the customer and show to the agent."""
        ack = frames.Ack(sent.client_id, sent.conversation, seq, at)
        await sender({"type": "websocket.send", "text": frames.encode(ack)})
        desk = self._desks.get(sent.conversation)
        if desk is not None:
            entry = frames.EntryFrame(sent.conversation, frames.Said(seq, seq - 1, at, sent.text))
            await desk({"type": "websocket.send", "text": frames.encode(entry)})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        await self._keeper.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._keeper.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _socket(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        at_a_desk = scope["path"] == "/live/desk"
        while (message := await receive())["type"] == "websocket.receive":
            try:
                frame = frames.decode(message["text"])
            except msgspec.DecodeError:
                await send({"type": "websocket.close", "code": 4400})
                return
            match frame:
                case frames.Send():
                    await self._keeper.take(self, frame, send)
                case frames.Hello():
                    if at_a_desk:
                        self._desks |= {wanted.conversation: send for wanted in frame.watch}
                    await send({"type": "websocket.send", "text": frames.encode(frames.Welcome())})
                case frames.Ping():
                    await send({"type": "websocket.send", "text": frames.encode(frames.Pong())})
