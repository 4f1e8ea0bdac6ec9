"""One browser's socket: bounded sending, and the loop that receives.

Writing never waits for a slow reader: frames go to an outbox, and what gathered in
one turn of the loop is written at once (`wire`).  Only while a reader cannot take
more does a task wait for it; one that lets the outbox grow past its bound is cut,
reconnects and says what it holds.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol, Self

import msgspec

from mashang.conversations.entry import Audience
from mashang.kit.edge import body_of
from mashang.kit.errors import NotSignedIn, Refusal, TooMany
from mashang.live import frames, wire
from mashang.live.frames import ClientFrame, FromServer, Hello
from mashang.live.wire import Wire

HELLO_SECONDS = 5.0
SILENCE_SECONDS = 45.0
_MOST_FRAMES = 1000
_MOST_BYTES = 4_000_000

GOING_AWAY = 1001
MALFORMED, NOT_AUTHENTICATED, WRONG_ORIGIN = 4400, 4401, 4403
TOO_SLOW, TOO_MANY, RESTARTING = 4408, 4429, 4503


class Socket:
    """An authenticated socket.  `reader` is the row number of its customer or agent."""

    __slots__ = (
        "_asgi_send",
        "_closing",
        "_drain",
        "_due",
        "_loop",
        "_outbox",
        "_size",
        "audience",
        "door",
        "locale",
        "names",
        "reader",
        "watched",
        "wire",
    )

    def __init__(self, asgi_send: Any, audience: Audience, reader: int, locale: str) -> None:
        self._asgi_send = asgi_send
        self._loop = asyncio.get_running_loop()  # once: it asks the kernel for our process number each time
        self._outbox: list[bytes] = []
        self._size = 0
        self._drain: asyncio.Task[None] | None = None  # while the reader cannot take more
        self._due = False  # a flush stands in the loop's queue
        self._closing: int | None = None
        self.audience: Audience = audience
        self.reader = reader
        self.locale = locale
        self.watched: dict[int, int] = {}  # conversation → last number sent
        self.names: dict[int, str] = {}  # conversation → public id
        self.door: Any = None  # what its door knows of it
        self.wire: Wire | None = None  # the short way out, where the server has one

    def send(self, text: bytes) -> None:
        """Send a text in UTF-8 soon, in order; cuts the socket when it reads too slowly."""
        if self._closing is not None:
            return
        self._outbox.append(text)
        self._size += len(text)
        if len(self._outbox) > _MOST_FRAMES or self._size > _MOST_BYTES:
            self.close(TOO_SLOW)
        elif not self._due:
            self._soon()

    def send_frame(self, frame: FromServer) -> None:
        """Send a frame that only this socket gets."""
        self.send(frames.encode(frame))

    def refuse(self, refusal: Refusal, *, client_id: str | None = None, conversation: str | None = None) -> None:
        """Tell a refusal in the reader's language."""
        body = body_of(refusal.code, refusal.facts, self.locale)
        self.send_frame(frames.Refused(body.code, body.message, body.facts, client_id, conversation))

    def close(self, code: int) -> None:
        """Close with a code; what waits in the outbox is dropped when the reader is too slow."""
        if self._closing is not None:
            return
        self._closing = code
        if code == TOO_SLOW:
            self._outbox.clear()
            if self.wire is not None:
                self.wire.cut()
                return
        if not self._due:
            self._soon()

    def _soon(self) -> None:
        self._due = True
        self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._due = False
        if self._drain is not None:
            return  # it takes this too
        if self._outbox and self.wire is not None and self.wire.send_texts(self._outbox):
            self._outbox, self._size = [], 0
        if self._outbox or self._closing is not None:
            self._drain = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        try:
            while self._outbox:
                batch, self._outbox, self._size = self._outbox, [], 0
                for text in batch:
                    await self._asgi_send({"type": "websocket.send", "text": text.decode()})
            if self._closing is not None:
                await self._asgi_send({"type": "websocket.close", "code": self._closing})
        except (OSError, RuntimeError):
            self._outbox.clear()  # the connection has gone; the receiving loop notices too
        finally:
            self._drain = None


class Door(Protocol):
    """What differs between the customers' socket and the desk's."""

    def may_connect(self, scope: Any) -> int | None:
        """A close code that turns this connection away before a word, or None; then `gone` follows for certain."""

    def gone(self, scope: Any) -> None:
        """A connection that was let in has ended."""

    async def authenticate(self, scope: Any, hello: Hello, asgi_send: Any) -> Socket:
        """The socket of whoever says this hello, not yet known to anybody; raises Refusal."""

    async def entered(self, socket: Socket, hello: Hello) -> None:
        """The socket is part of the house, and follows what the hello asks for."""

    async def received(self, socket: Socket, frame: ClientFrame) -> None:
        """Act on a frame; raises Refusal."""

    async def left(self, socket: Socket) -> None:
        """The socket has gone."""


class _Gone(Exception):
    """The browser has closed the socket, or was told to go with `code`."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(code)
        self.code = code


async def serve(scope: Any, receive: Any, send: Any, door: Door) -> None:
    """The life of one socket (ASGI `websocket` scope)."""
    await receive()  # websocket.connect
    await send({"type": "websocket.accept"})
    refused = door.may_connect(scope)
    if refused is not None:
        await _close(send, refused)
        return
    socket: Socket | None = None
    code: int | None = None
    try:
        hello = await _first(receive)
        socket = await door.authenticate(scope, hello, send)
        await door.entered(socket, hello)
        socket.wire = scope.get("extensions", {}).get(wire.EXTENSION)
        with _Patience(socket) as patience:
            while True:
                frame = _decoded(await receive())
                patience.renew()
                await _act(door, socket, frame)
    except _Gone as gone:
        code = gone.code
    except NotSignedIn:
        code = NOT_AUTHENTICATED
    except TooMany:
        code = TOO_MANY
    finally:
        door.gone(scope)
        if socket is not None:
            await door.left(socket)
    if code is not None:
        await _close(send, code)


async def _act(door: Door, socket: Socket, frame: ClientFrame) -> None:
    try:
        await door.received(socket, frame)
    except NotSignedIn:
        raise
    except Refusal as refusal:
        socket.refuse(
            refusal,
            client_id=getattr(frame, "client_id", None),
            conversation=getattr(frame, "conversation", None),
        )


class _Patience:
    """Closes a socket that says nothing for 45 s.  Its timer is moved when it rings, not with every frame."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self._timer = self._loop.call_later(SILENCE_SECONDS, self._look)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def renew(self) -> None:
        """Something was said."""
        self._heard_at = self._loop.time()

    def _look(self) -> None:
        left = self._heard_at + SILENCE_SECONDS - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._socket.close(GOING_AWAY)


async def _first(receive: Any) -> Hello:
    try:
        async with asyncio.timeout(HELLO_SECONDS):
            hello = _decoded(await receive())
    except TimeoutError:
        raise _Gone(NOT_AUTHENTICATED) from None
    if not isinstance(hello, Hello):
        raise _Gone(NOT_AUTHENTICATED)
    return hello


def _decoded(message: Any) -> ClientFrame:
    if message["type"] == "websocket.disconnect":
        raise _Gone
    text = message.get("text")
    if text is None:
        raise _Gone(MALFORMED)
    try:
        return frames.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise _Gone(MALFORMED) from None


async def _close(send: Any, code: int) -> None:
    try:
        await send({"type": "websocket.close", "code": code})
    except (OSError, RuntimeError):
        return  # it was faster
