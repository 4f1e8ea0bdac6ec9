"""A lean WebSocket client, so that the measuring costs little of the machine it measures.

Client and server share the processors here, so every microsecond of the client's is
taken from the server.  Text frames only, no compression, no fragments beyond one
read: what our servers send.  The chaos test uses it too, for the same reason.

Does not: speak TLS, or check a peer's masking and reserved bits; it is no browser.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable, Mapping
from typing import cast

from websockets.speedups import apply_mask

_TEXT, _CLOSE, _PING = 1, 8, 9
_MASK = os.urandom(4)


class Refused(Exception):
    """The server did not accept the socket."""


class Line(asyncio.Protocol):
    """One open socket: `send` bytes, and `heard` is called with each frame's bytes."""

    def __init__(self) -> None:
        self.heard: Callable[[bytes], None] = _ignore
        self.ended: Callable[[int | None], None] = _ignore_end
        self.code: int | None = None  # what the server closed with
        self.open = False
        self.received = 0  # frames
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def send(self, payload: bytes) -> None:
        """A text frame; lost without a word when the socket has ended."""
        if self.open and self._transport is not None:
            self._transport.write(_frame(_TEXT, payload))

    def close(self) -> None:
        """Say goodbye."""
        if self.open and self._transport is not None:
            self._transport.write(_frame(_CLOSE, (1000).to_bytes(2, "big")))
            self._transport.close()

    def cut(self) -> None:
        """End without a word, as a broken network does."""
        if self._transport is not None:
            self._transport.abort()

    async def accepted(self) -> None:
        """Wait for the server's answer to the handshake; raises Refused."""
        await self._accepted

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _reason: Exception | None) -> None:
        self.open = False
        if not self._accepted.done():
            self._accepted.set_exception(Refused("the connection ended"))
        self.ended(self.code)

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        if not self.open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._accepted.set_exception(Refused(head.split(b"\r\n", 1)[0].decode("latin-1")))
                self.cut()
                return
            self.open = True
            self._accepted.set_result(None)
        self._rest = self._frames(data)

    def _frames(self, data: bytes) -> bytes:
        """Hand on every whole frame; what is left over."""
        at, end = 0, len(data)
        while end - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[start : start + 2], "big"), start + 2
            elif length == 127:
                length, start = int.from_bytes(data[start : start + 8], "big"), start + 8
            if end < start or end - start < length:
                break
            opcode, payload = data[at] & 15, data[start : start + length]
            at = start + length
            if opcode == _TEXT:
                self.received += 1
                self.heard(payload)
            else:
                self._control(opcode, payload)
        return data[at:] if at else data

    def _control(self, opcode: int, payload: bytes) -> None:
        if self._transport is None:
            return
        if opcode == _PING:
            self._transport.write(_frame(10, payload))
        elif opcode == _CLOSE:
            self.code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else None
            self._transport.write(_frame(_CLOSE, payload[:2]))
            self._transport.close()


async def connect(port: int, path: str, headers: Mapping[str, str] | None = None) -> Line:
    """Open a socket to a server of this machine; raises Refused, OSError."""
    loop = asyncio.get_running_loop()
    transport, line = await loop.create_connection(Line, "127.0.0.1", port)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    transport.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    await line.accepted()
    return line


def _frame(opcode: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        head = bytes((0x80 | opcode, 0x80 | length))
    elif length < 65536:
        head = bytes((0x80 | opcode, 0xFE)) + length.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + length.to_bytes(8, "big")
    return head + _MASK + apply_mask(payload, _MASK)


def _ignore(_frame: bytes) -> None:
    pass


def _ignore_end(_code: int | None) -> None:
    pass
