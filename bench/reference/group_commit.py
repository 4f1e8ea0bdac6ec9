"""Stored, then delivered: one statement numbers and inserts what arrived during the previous one.

The smallest server that keeps the product's promise (an acknowledged message is on
disk, numbered in its conversation, and reaches the agent), and nothing besides.
"""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import tuple_row

from bench.reference import frames
from bench.reference.rooms import AsgiSend, Rooms

SCHEMA = """
create table conversation (
    id text primary key,
    head int not null default 0
) with (fillfactor = 60);
create table entry (
    conversation_id text not null references conversation,
    seq int not null,
    at timestamptz not null,
    client_id text not null,
    text text not null,
    primary key (conversation_id, seq)
);
"""

_STORE = b"""
with incoming as (
    select * from unnest(%s::text[], %s::text[], %s::text[])
        with ordinality as t (conversation_id, client_id, text, ord)
), moved as (
    update conversation c set head = c.head + i.messages
    from (select conversation_id, count(*)::int as messages from incoming group by conversation_id) i
    where c.id = i.conversation_id
    returning c.id, c.head - i.messages as before
)
insert into entry (conversation_id, seq, at, client_id, text)
select i.conversation_id, m.before + row_number() over (partition by i.conversation_id order by i.ord),
    now(), i.client_id, i.text
from incoming i join moved m on m.id = i.conversation_id
returning client_id, seq, at
"""


class Waiting(NamedTuple):
    """A message that is not on disk yet."""

    rooms: Rooms
    sent: frames.Send
    sender: AsgiSend


class GroupCommit:
    """One connection that stores batch after batch."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pending: list[Waiting] = []
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and begin to store."""
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
        self._task = asyncio.create_task(self._run(connection))

    async def stop(self) -> None:
        """Store no more."""
        if self._task is not None:
            self._task.cancel()

    async def take(self, rooms: Rooms, sent: frames.Send, sender: AsgiSend) -> None:
        """Put it into the next batch."""
        self._pending.append(Waiting(rooms, sent, sender))
        self._arrived.set()

    async def _run(self, connection: psycopg.AsyncConnection[Any]) -> None:
        async with connection, connection.cursor(row_factory=tuple_row, binary=True) as cursor:
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                batch, self._pending = self._pending, []
                columns = (
                    [waiting.sent.conversation for waiting in batch],
                    [waiting.sent.client_id for waiting in batch],
                    [waiting.sent.text for waiting in batch],
                )
                await cursor.execute(_STORE, columns, prepare=True)
                stored = {client_id: (seq, at) for client_id, seq, at in await cursor.fetchall()}
                for rooms, sent, sender in batch:
                    await rooms.deliver(sent, sender, *stored[sent.client_id])
