"""A conversation as plain text, for its customer to keep: UTF-8, LF, one line a message.

It says what the page says, as it is stored: what was masked stays masked, what was recalled is an event in its
place, a file is its name.  Times are in the reader's zone, which the heading states.  It is read and written page by
page, so a long conversation costs no more memory than a short one, and ends at `MOST` entries, saying so.

Does not: find the conversation or ask who may read it (the door does).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import msgspec

from mashang.conversations import reading
from mashang.conversations.entry import Entry, spelt_out
from mashang.conversations.happened import happened
from mashang.kit.db import Database
from mashang.kit.i18n import sentence

MOST = 10_000


class About(msgspec.Struct, frozen=True):
    """The conversation: row number, and what its heading says."""

    conversation_id: int
    public_id: str
    head: int
    opened_at: datetime
    topic: str
    shop: str


class Reader(msgspec.Struct, frozen=True):
    """Their language and how far they are from UTC."""

    locale: str
    offset: timedelta

    def says(self, key: str, **slots: object) -> str:
        """A sentence in their language."""
        return sentence(f"transcript_{key}", self.locale, **slots)

    def at(self, instant: datetime) -> datetime:
        """The instant on their clock."""
        return instant.astimezone(timezone(self.offset))


async def transcript(db: Database, about: About, reader: Reader, now: datetime) -> AsyncIterator[str]:
    """The text in pieces, up to what had been said when it was asked for."""
    yield heading(about, reader, now)
    day, seen, written = "", 0, 0
    while seen < about.head and written < MOST:
        async with db.transaction() as tx:
            entries = await reading.after(tx, about.conversation_id, "everyone", seen)
        if not entries:
            break
        piece = []
        for entry in entries[: MOST - written]:
            today = f"{reader.at(entry.at):%Y-%m-%d}"
            told = line(entry, reader)
            if told and today != day:
                piece.append(f"\n{today}\n")
                day = today
            piece.append(told)
        seen, written = entries[-1].seq, written + len(entries)
        yield "".join(piece)
    if written >= MOST:
        yield f"\n{reader.says('cut', number=MOST)}\n"


def heading(about: About, reader: Reader, now: datetime) -> str:
    """What it is, of when, and in whose time."""
    opened, saved = reader.at(about.opened_at), reader.at(now)
    zone = f"{opened:%z}"
    return "".join(
        f"{one}\n"
        for one in (
            reader.says("title", shop=about.shop),
            reader.says("topic", topic=about.topic),
            reader.says("opened", at=f"{opened:%Y-%m-%d %H:%M}"),
            reader.says("saved", at=f"{saved:%Y-%m-%d %H:%M}", zone=f"UTC{zone[:3]}:{zone[3:]}"),
            reader.says("number", number=about.public_id),
        )
    )


def line(entry: Entry, reader: Reader) -> str:
    """One entry; "" for one that says nothing to a customer.  Further lines of a message are set in."""
    at = f"{reader.at(entry.at):%H:%M}"
    if entry.kind == "event":
        told = happened(entry.data or {}, reader.locale)
        return f"{at}  {told}\n" if told else ""
    said = reader.says("said", who=_who(entry, reader), what=_what(entry, reader))
    return f"{at}  " + said.replace("\r\n", "\n").replace("\n", "\n       ") + "\n"


def _who(entry: Entry, reader: Reader) -> str:
    if entry.author.kind == "customer":
        return reader.says("me")
    return entry.author.name or reader.says("staff")


def _what(entry: Entry, reader: Reader) -> str:
    file = entry.data or {}
    if entry.kind == "file":
        return reader.says("picture" if file.get("picture") else "file", name=file.get("name", ""))
    card = file.get("card")
    return f"{card.get('title', '')} {card.get('url', '')}" if card and not entry.text else spelt_out(entry)
