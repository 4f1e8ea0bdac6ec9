"""PostgreSQL: the pool, and the only place that commits.

One request or job is one `async with database.transaction() as tx`.  A verb takes
`tx` first and says its SQL in the open; rows become `msgspec.Struct`s by column
name.  Events given to `tx.emit` are published after the commit, in its order, and
are gone when it rolls back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, overload

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import dict_row, tuple_row
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool

from mashang.kit.events import Event, Events

T = TypeVar("T")
Params = Mapping[str, Any] | Sequence[Any]
Json = Jsonb

set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)

# A statement that waits longer than this for a row is a bug or a stuck neighbour:
# better one clear failure than a queue of waiting requests.
_SESSION = "set timezone = 'UTC'; set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '60s'"


class Tx:
    """One transaction.  Questions answer structs (or dicts); `run` answers the row count."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self.connection = connection
        self._events: list[Event] = []

    @overload
    async def all(self, sql: str, params: Params = ...) -> list[dict[str, Any]]: ...
    @overload
    async def all(self, sql: str, params: Params = ..., *, into: type[T]) -> list[T]: ...
    async def all(self, sql: str, params: Params = (), *, into: Any = dict) -> list[Any]:
        """All rows."""
        async with self.connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql.encode(), params or None)
            rows = await cursor.fetchall()
        return rows if into is dict else [into(**row) for row in rows]

    @overload
    async def first(self, sql: str, params: Params = ...) -> dict[str, Any] | None: ...
    @overload
    async def first(self, sql: str, params: Params = ..., *, into: type[T]) -> T | None: ...
    async def first(self, sql: str, params: Params = (), *, into: Any = dict) -> Any:
        """The first row, or None."""
        async with self.connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql.encode(), params or None)
            row = await cursor.fetchone()
        return row if row is None or into is dict else into(**row)

    @overload
    async def one(self, sql: str, params: Params = ...) -> dict[str, Any]: ...
    @overload
    async def one(self, sql: str, params: Params = ..., *, into: type[T]) -> T: ...
    async def one(self, sql: str, params: Params = (), *, into: Any = dict) -> Any:
        """The one row there is; LookupError when there is none."""
        row: Any = await self.first(sql, params, into=into)
        if row is None:
            raise LookupError("the statement gave no row")
        return row

    async def value(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""
        async with self.connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(sql.encode(), params or None)
            row = await cursor.fetchone()
        return None if row is None else row[0]

    async def run(self, sql: str, params: Params = ()) -> int:
        """Execute; the number of rows touched."""
        async with self.connection.cursor() as cursor:
            await cursor.execute(sql.encode(), params or None)
            return cursor.rowcount

    def emit(self, event: Event) -> None:
        """Publish `event` after the commit."""
        self._events.append(event)


class Database:
    """A pool of connections to one PostgreSQL database."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]], events: Events, dsn: str) -> None:
        self._pool = pool
        self.events = events
        self.dsn = dsn

    @classmethod
    async def connect(cls, dsn: str, *, pool_size: int = 8, events: Events | None = None) -> Database:
        """Open the pool; raises psycopg_pool.PoolTimeout when the server does not answer in 10 s."""
        pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            dsn, min_size=2, max_size=pool_size, open=False, configure=_configure, check=None
        )
        await pool.open(wait=True, timeout=10)
        return cls(pool, events or Events(), dsn)

    async def close(self) -> None:
        """Let the connections go."""
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Begin; commit at the end of the block, roll back when it raises."""
        before = _cancellations()
        async with self._pool.connection() as connection:
            if _cancellations() > before:
                raise asyncio.CancelledError
            tx = Tx(connection)
            async with connection.transaction():
                yield tx
        for event in tx._events:
            self.events.publish(event)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """A bare connection in autocommit mode, for group commit and LISTEN only."""
        connection = await AsyncConnection.connect(self.dsn, autocommit=True)
        try:
            await _configure(connection)
            yield connection
        finally:
            await connection.close()


def _cancellations() -> int:
    """How often this task was told to end.

    Before Python 3.12 `asyncio.wait_for`, by which the pool waits, drops a cancellation that comes in the same turn as
    the connection; the task would go on, and whoever ends it wait for ever.
    """
    task = asyncio.current_task()
    return task.cancelling() if task else 0


async def _configure(connection: AsyncConnection[Any]) -> None:
    autocommit = connection.autocommit
    await connection.set_autocommit(True)
    await connection.execute(_SESSION)
    await connection.set_autocommit(autocommit)
