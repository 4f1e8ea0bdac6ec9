"""The frames of the live sockets, both ways.  Field `t` names the kind.

The source of `web/protocol`: its types are generated from these structs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mashang.conversations.entry import LONGEST_TEXT, Audience, Choice, ClientId, EntryView, PublicId, Seq

MOST_WATCHED = 100


class Wanted(msgspec.Struct, frozen=True):
    """A conversation to watch, and the last number its reader holds."""

    conversation: PublicId
    after: Seq = 0


class FromClient(msgspec.Struct, tag_field="t", tag=str.lower, forbid_unknown_fields=True):
    """Base of what browsers send."""


class Hello(FromClient):
    """The first frame, within five seconds."""

    session: Annotated[str, Meta(max_length=200)] | None = None
    watch: Annotated[list[Wanted], Meta(max_length=MOST_WATCHED)] = []
    locale: Annotated[str, Meta(max_length=20)] = "zh-CN"


class Watch(FromClient):
    """Follow a conversation from `after` on; also asks again after a gap."""

    conversation: PublicId
    after: Seq = 0


class Unwatch(FromClient):
    """Follow it no longer."""

    conversation: PublicId


class Send(FromClient):
    """A message.  The same `client_id` again is the same message; `choice`: its text is a button's of the assistant."""

    conversation: PublicId
    client_id: ClientId
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] | None = None
    file: PublicId | None = None
    audience: Audience = "everyone"
    mentions: Annotated[list[PublicId], Meta(max_length=20)] = []
    choice: Choice | None = None


class Typing(FromClient):
    """Somebody is writing."""

    conversation: PublicId


class Present(FromClient):
    """Of a desk: it has a conversation on the screen, somebody writes there (perhaps a note), or has left it."""

    conversation: PublicId
    doing: Literal["looking", "writing", "gone"]


class Read(FromClient):
    """Everything up to `seq` was on the screen."""

    conversation: PublicId
    seq: Seq


class Ping(FromClient):
    """Sign of life, every 15 seconds."""


ClientFrame = Hello | Watch | Unwatch | Send | Typing | Present | Read | Ping
_decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)


def decode(text: str) -> ClientFrame:
    """A browser's frame; raises msgspec.DecodeError."""
    return _decoder.decode(text)


class FromServer(msgspec.Struct, tag_field="t", omit_defaults=True):
    """Base of what the server sends."""


class Welcome(FromServer, tag="welcome"):
    """The hello was accepted."""

    now: datetime


class EntryFrame(FromServer, tag="entry"):
    """An entry; `entry.prev` ≠ the last number held means that something is missing."""

    conversation: str
    entry: EntryView


class CaughtUp(FromServer, tag="caught_up"):
    """After a watch: everything up to `head` was sent."""

    conversation: str
    head: int


class Reload(FromServer, tag="reload"):
    """Too much is missing for a socket: fetch the timeline over HTTP."""

    conversation: str
    head: int


class AckFrame(FromServer, tag="ack"):
    """Stored.  `text` only when masking changed it."""

    client_id: str
    conversation: str
    seq: int
    at: datetime
    text: str | None = None


class Refused(FromServer, tag="refused"):
    """Understood and declined; the message is in the reader's language."""

    code: str
    message: str
    facts: dict[str, Any] = {}
    client_id: str | None = None
    conversation: str | None = None


class TypingFrame(FromServer, tag="typing"):
    """The other side is writing."""

    conversation: str
    who: str
    name: str | None = None


class ReadFrame(FromServer, tag="read"):
    """A side has read up to `seq`."""

    conversation: str
    who: str
    seq: int


class Pong(FromServer, tag="pong"):
    """Answer to a ping."""


_encoder = msgspec.json.Encoder()


def encode(frame: FromServer) -> bytes:
    """A frame as the text of a WebSocket message, in UTF-8: encoded once, however many sockets get it."""
    return _encoder.encode(frame)


def description() -> dict[str, Any]:
    """All frames as schemas, in the shape of an OpenAPI document; complete once every door was imported."""
    kinds = [*_kinds(FromClient), *_kinds(FromServer)]
    _, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mashang live frames", "version": "1"},
        "paths": {},
        "components": {"schemas": dict(sorted(components.items()))},
    }


def _kinds(base: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    return sorted(base.__subclasses__(), key=lambda kind: kind.__name__)
