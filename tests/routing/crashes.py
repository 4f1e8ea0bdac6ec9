"""A process that dies between any two statements: its connection drops, and what it would have told is lost.

A `Fuse` says at which statement: before it is sent, after it was carried out, or right after the commit,
before anybody hears of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection

from mashang.kit.db import Database, Tx


class Crashed(Exception):
    """The process is dead."""


class Fuse:
    """Burns down by a step at each statement; `late` lets the last one be carried out."""

    def __init__(self, steps: int, *, late: bool) -> None:
        self._left = steps
        self._late = late
        self.has_committed = False

    async def around(self, connection: AsyncConnection[Any], statement: Callable[[], Awaitable[Any]]) -> Any:
        """Carry out a statement, or die at it."""
        self._left -= 1
        if self._left == 0 and not self._late:
            _die(connection)
        answer = await statement()
        if self._left == 0:
            _die(connection)
        return answer

    def committed(self) -> None:
        """The commit is a step too, with nothing but the announcements behind it."""
        self.has_committed = True
        self._left -= 1
        if self._left == 0:
            raise Crashed


def _die(connection: AsyncConnection[Any]) -> None:
    connection.pgconn.finish()
    raise Crashed


class _Cursor(psycopg.AsyncCursor[Any]):
    """Takes each statement past the fuse of its connection."""

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        fuse: Fuse = self.connection.fuse  # type: ignore[attr-defined]  # see Mortal
        send = super().execute
        return await fuse.around(self.connection, lambda: send(*args, **kwargs))


class Mortal(Database):
    """A database as one process sees it that is going to die."""

    def __init__(self, living: Database, fuse: Fuse) -> None:
        super().__init__(living._pool, living.events, living.dsn)
        self._fuse = fuse

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """As always, on a connection that may drop; nothing is announced."""
        connection = await AsyncConnection.connect(self.dsn, autocommit=True, cursor_factory=_Cursor)
        connection.fuse = self._fuse  # type: ignore[attr-defined]  # for _Cursor
        try:
            async with connection.transaction():
                yield Tx(connection)
            self._fuse.committed()
        finally:
            await connection.close()
