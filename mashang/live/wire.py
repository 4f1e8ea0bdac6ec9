"""uvicorn's WebSocket protocol with two shortcuts: many texts in one write, and reading on.

A batch of the group commit gives each desk several entries and each page an entry
and an acknowledgement.  Through ASGI every one of them is a message of its own, a
pass through the protocol's state machine and a write to the kernel; together that
was half of what a message cost.  Where this protocol serves it stands itself in
`scope["extensions"]["mashang.wire"]`; elsewhere `Socket` makes do with plain ASGI.

uvicorn also stops reading after every single message, which costs two calls of the
kernel each time; this one stops only when the application falls behind.

Does not: change what is on the wire.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

EXTENSION = "mashang.wire"
_MOST_UNREAD = 16  # messages that wait for the application before we stop reading
_TEXT = 0x81  # a whole, unfragmented, uncompressed text message (RFC 6455 §5.2)
_short, _middle, _long = struct.Struct("!BB").pack, struct.Struct("!BBH").pack, struct.Struct("!BBQ").pack


class Wire(WebSocketsSansIOProtocol):
    """To be used without per-message compression."""

    def handle_connect(self, event: Request) -> None:
        """Offer the shortcut to the application, which starts after this."""
        super().handle_connect(event)
        if self.response.status_code == 101 and not self.config.ws_per_message_deflate:
            extensions: Any = self.scope["extensions"]  # uvicorn's type knows its own ones only
            extensions[EXTENSION] = self

    def send_receive_event_to_app(self) -> None:
        """Hand a message to the application, and stop reading when too many wait for it."""
        paused, self.read_paused = self.read_paused, True  # so that uvicorn does not stop
        super().send_receive_event_to_app()
        self.read_paused = paused
        if not paused and self.queue.qsize() >= _MOST_UNREAD:
            self.read_paused = True
            self.transport.pause_reading()

    def send_texts(self, texts: Sequence[bytes]) -> bool:
        """Write them all now, each in UTF-8.  False, and nothing written: the reader is slow, gone or not accepted."""
        if not self.writable.is_set() or self.disconnected or self.close_sent or not self.handshake_complete:
            return False
        parts: list[bytes] = []
        for text in texts:
            parts += (_head(len(text)), text)
        self.transport.write(b"".join(parts))
        return True

    def cut(self) -> None:
        """End the connection now; a reader that does not read would not read a goodbye either."""
        self.transport.abort()


def _head(size: int) -> bytes:
    if size < 126:
        return _short(_TEXT, size)
    if size < 65536:
        return _middle(_TEXT, 126, size)
    return _long(_TEXT, 127, size)
