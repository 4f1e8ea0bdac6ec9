"""The shop's own data: one SQLite file, plain SQL.

Amounts are whole fen, instants ISO 8601 in UTC.  One connection serves the process;
each change is one `with store:` block.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CHINA = timezone(timedelta(hours=8))  # the shop's clock: of its pages and its order numbers
_SCHEMA = """
create table if not exists customer (
    id text primary key, login text not null unique collate nocase, name text not null, phone text not null,
    password text not null, tier text not null default '', balance int not null default 0, since text not null
);
create table if not exists session (token_hash text primary key, customer_id text not null, at text not null);
create table if not exists ledger (
    id integer primary key, customer_id text not null, at text not null, amount int not null,
    reason text not null, reference text not null default ''
);
create table if not exists orders (
    number text primary key, customer_id text not null, placed_at text not null, total int not null,
    status text not null, method text, paid_at text, reference text, anomaly text, anomaly_since text
);
create index if not exists orders_customer on orders (customer_id, placed_at desc);
create table if not exists line (
    id text primary key, order_number text not null, product_id text not null, quantity int not null,
    price int not null, target text not null default '', state text not null default 'waiting', state_at text
);
create index if not exists line_order on line (order_number);
create table if not exists card (id integer primary key, line_id text not null, key text not null);
create table if not exists record (
    id integer primary key, line_id text not null, at text not null, action text not null,
    source text not null, key_masked text, to_masked text
);
create index if not exists record_line on record (line_id);
create table if not exists nonce (nonce text primary key, at text not null);
create table if not exists attempt (subject text not null, at text not null);
create table if not exists proof (
    id text primary key, customer_id text, code_hash text not null, expires_at text not null,
    tries int not null default 0
);
create table if not exists message (
    id integer primary key, at text not null, to_masked text not null, text text not null
);
create table if not exists event (
    id text primary key, at text not null, kind text not null, body text not null, tries int not null default 0,
    next_at text not null, sent_at text, answer text not null default ''
);
create table if not exists parcel (
    number text primary key, order_number text not null, line_id text not null, sent_at text not null
);
create index if not exists parcel_order on parcel (order_number);
create table if not exists action (
    key text primary key, at text not null, order_number text not null, line_id text not null, action text not null,
    answer text not null
);
create table if not exists trade (
    number text primary key, paid_at text not null, total int not null, reference text not null
);
create table if not exists try (number text primary key, method text not null);
create table if not exists fault (name text primary key, since text not null);
"""


class Store:
    """The SQLite file; `with store:` commits, or rolls back when the block raises."""

    def __init__(self, path: Path | str) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        self._connection.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        self._connection.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.__exit__(kind, raised, trace)

    def all(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """All rows."""
        return [dict(row) for row in self._connection.execute(sql, values)]

    def first(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row, or None."""
        row = self._connection.execute(sql, values).fetchone()
        return None if row is None else dict(row)

    def run(self, sql: str, *values: Any) -> int:
        """Execute; rows touched."""
        return self._connection.execute(sql, values).rowcount

    def add(self, table: str, **values: Any) -> None:
        """Insert one row; table and column names are our own words."""
        slots = ", ".join("?" * len(values))
        self._connection.execute(f"insert into {table} ({', '.join(values)}) values ({slots})", (*values.values(),))

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def now() -> str:
    """This instant."""
    return datetime.now(UTC).isoformat(timespec="seconds")
