"""The few frames that the reference servers speak: the product's, without what they do not know."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Wanted(msgspec.Struct):
    """A conversation somebody watches."""

    conversation: str


class Hello(msgspec.Struct, tag_field="t", tag="hello"):
    """Who watches what."""

    watch: list[Wanted] = []


class Send(msgspec.Struct, tag_field="t", tag="send"):
    """A message."""

    conversation: str
    client_id: str
    text: str


class Ping(msgspec.Struct, tag_field="t", tag="ping"):
    """Sign of life."""


class Said(msgspec.Struct):
    """A numbered message."""

    seq: int
    prev: int
    at: datetime
    text: str


class EntryFrame(msgspec.Struct, tag_field="t", tag="entry"):
    """A message for the agent."""

    conversation: str
    entry: Said


class Ack(msgspec.Struct, tag_field="t", tag="ack"):
    """Taken."""

    client_id: str
    conversation: str
    seq: int
    at: datetime


class Welcome(msgspec.Struct, tag_field="t", tag="welcome"):
    """The hello was heard."""


class Pong(msgspec.Struct, tag_field="t", tag="pong"):
    """Answer to a ping."""


decode = msgspec.json.Decoder(Hello | Send | Ping).decode
_encoder = msgspec.json.Encoder()


def encode(frame: msgspec.Struct) -> str:
    """A frame as text."""
    return _encoder.encode(frame).decode()
