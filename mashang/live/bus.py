"""The bus: announcements between the processes of an installation.

PostgreSQL's NOTIFY is enough: the group commit announces a whole batch inside its
own statement, everything else is gathered and sent once per turn.  A notice names
what changed and never carries it.  Losing one is harmless (see `live`).

LISTEN needs a direct connection to the primary, not a transaction pooler.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec
import psycopg
from psycopg import AsyncConnection

from mashang.kit.db import Database
from mashang.kit.log import log

CHANNEL = "mashang"
_MOST_WAITING = 10_000
_LARGEST = 7000  # bytes; NOTIFY takes less than 8000


class Notice(msgspec.Struct, omit_defaults=True):
    """What changed.  Lists of row numbers; `typing` is (conversation, who, name)."""

    entries: list[tuple[int, int]] = []  # (conversation, seq)
    changed: list[int] = []  # conversations whose row is new
    context: list[int] = []  # conversations whose context is new
    offers: list[int] = []  # agents who have a new offer
    ended: list[tuple[int, int, str]] = []  # offers that ended: (agent, conversation, reason)
    refused: list[tuple[int, int, str, str]] = []  # transfers: (who sent it, conversation, name, reason)
    agents: list[int] = []  # agents whose availability or rights changed
    queues: bool = False  # somebody's position moved
    incidents: bool = False  # one was opened, changed or ended
    knowledge: bool = False  # an article, a category or a phrasing changed
    board: bool = False  # somebody came who takes nobody: only those who watch want to know
    typing: list[tuple[int, str, str | None]] = []
    colleagues: list[tuple[int, str, str, str]] = []  # (conversation, agent's public id, name, what they do there)
    read: list[tuple[int, str, int]] = []
    signed_out: list[tuple[int, str]] = []  # (customer, hash of the session in hex)
    mentioned: list[tuple[int, str, str]] = []  # (agent, public id of the conversation, name of who wrote it)
    standing: list[int] = []  # customers who proved something, or whose proof is over


Heard = Callable[[Notice], Awaitable[None]]
Reconnected = Callable[[], Awaitable[None]]


class Bus(Protocol):
    """Brings notices to the other processes; may lose them."""

    def publish(self, notice: Notice) -> None:
        """Announce soon."""

    async def run(self, heard: Heard, reconnected: Reconnected) -> None:
        """Hand the notices of other processes to `heard`, until cancelled."""


class PostgresBus:
    """LISTEN/NOTIFY over two connections of its own."""

    def __init__(self, db: Database, origin: str) -> None:
        self._db = db
        self._origin = origin
        self._waiting: list[Notice] = []
        self._arrived = asyncio.Event()

    def publish(self, notice: Notice) -> None:
        """Announce with everything else that arrives in this turn."""
        if len(self._waiting) < _MOST_WAITING:  # while the database is away people go on typing
            self._waiting.append(notice)
        self._arrived.set()

    async def run(self, heard: Heard, reconnected: Reconnected) -> None:
        """Listen and send until cancelled; connections are opened again when they break."""
        async with asyncio.TaskGroup() as both:  # neither outlives the other
            both.create_task(self._listen(heard, reconnected))
            both.create_task(self._send())

    async def _listen(self, heard: Heard, reconnected: Reconnected) -> None:
        while True:
            try:
                async with self._db.connection() as connection:
                    await connection.execute(f"listen {CHANNEL}".encode())
                    await reconnected()
                    await self._hear(connection, heard)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                log.warning("bus_disconnected", error=str(error).strip())
            await asyncio.sleep(0.2)

    async def _hear(self, connection: AsyncConnection[Any], heard: Heard) -> None:
        """Read notices as they come; raises OperationalError when the connection breaks.

        Straight from libpq: every batch of this very process comes by too, and `connection.notifies()`
        spends three times as long on each.
        """
        loop = asyncio.get_running_loop()
        descriptor = connection.fileno()  # a broken connection would not say it any more
        others: asyncio.Queue[Notice | psycopg.Error] = asyncio.Queue()

        def read() -> None:
            try:
                connection.pgconn.consume_input()
                while (notification := connection.pgconn.notifies()) is not None:
                    notice = _parse(notification.extra.decode(), self._origin)
                    if notice is not None:
                        others.put_nowait(notice)
            except psycopg.Error as error:
                loop.remove_reader(descriptor)
                others.put_nowait(error)

        loop.add_reader(descriptor, read)
        try:
            read()  # what came while we were listening already
            while not isinstance(notice := await others.get(), psycopg.Error):
                await heard(notice)
            raise notice
        finally:
            loop.remove_reader(descriptor)

    async def _send(self) -> None:
        while True:
            try:
                async with self._db.connection() as connection:
                    while True:
                        await self._arrived.wait()
                        self._arrived.clear()
                        waiting, self._waiting = self._waiting, []
                        for payload in _payloads(waiting, self._origin):
                            await connection.execute(b"select pg_notify(%s, %s)", (CHANNEL, payload))
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                log.warning("bus_disconnected", error=str(error).strip())
            await asyncio.sleep(0.2)


def _payloads(notices: list[Notice], origin: str) -> list[str]:
    """As few payloads as fit; a single notice is small by construction."""
    payloads: list[str] = []
    gathered = Notice()
    for notice in notices:
        merged = _merge(gathered, notice)
        if len(msgspec.json.encode(merged)) > _LARGEST:
            payloads.append(_text(gathered, origin))
            merged = notice
        gathered = merged
    payloads.append(_text(gathered, origin))
    return payloads


def _merge(a: Notice, b: Notice) -> Notice:
    def joined(name: str) -> Any:
        left, right = getattr(a, name), getattr(b, name)
        return left or right if isinstance(left, bool) else left + [x for x in right if x not in left]

    return Notice(**{name: joined(name) for name in Notice.__struct_fields__})


def _text(notice: Notice, origin: str) -> str:
    return f"{origin} {msgspec.json.encode(notice).decode()}"


def _parse(payload: str, own_origin: str) -> Notice | None:
    """A notice, or None for our own; the group commit writes `conversation:seq,…`."""
    origin, _, rest = payload.partition(" ")
    if origin == own_origin:
        return None
    if rest.startswith("{"):
        return msgspec.json.decode(rest, type=Notice)
    pairs = (item.split(":") for item in rest.split(","))
    return Notice(entries=[(int(conversation), int(seq)) for conversation, seq in pairs])
