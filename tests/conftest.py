"""What the tests stand on: one real PostgreSQL a worker, the real product, a real Chromium.

Every test that commits has a database of its own, cloned in some 20 ms from one
that holds the real migrations.  Async tests and fixtures run through anyio's
plugin, on asyncio, on one loop for the session; Chromium is driven through
Playwright's async interface for that reason.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from mashang.kit import clock as product_clock
from mashang.kit import settings as product_settings
from mashang.kit.db import Database, Tx
from mashang.kit.limits import Limiter
from mashang.kit.migrations import migrate
from mashang.kit.postgres import NAME, EmbeddedPostgres
from tests.folders import open_folder

pytest_plugins = ["tests.browsing", "tests.running"]

_numbers = count(1)
KEY = secrets.token_bytes(32)

for name, cases in (("short", 50), ("long", 1000)):
    hypothesis_settings.register_profile(
        name,
        max_examples=cases,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="let every generator of cases make many more of them")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile("long" if config.getoption("--long") else "short")


@pytest.fixture(scope="session")
def cases(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """How many cases a generator makes: its own number, or thirty times that with --long."""
    factor = 30 if request.config.getoption("--long") else 1
    return lambda number: number * factor


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    """Tests share an address and a process."""
    fill_buckets()


def fill_buckets() -> None:
    """Limits that a process keeps in its modules begin anew."""
    for name, module in sys.modules.copy().items():  # threads may be importing
        if name.startswith("mashang."):
            for value in vars(module).copy().values():
                if isinstance(value, Limiter):
                    value.forget()


@pytest.fixture
def no_refill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets of limits get nothing back while the test floods them, however slow the machine is."""
    monkeypatch.setattr("mashang.kit.limits.monotonic", lambda: 1000.0)


# ── the database ────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One server a worker; its own database is the template of all others."""
    with open_folder() as base, EmbeddedPostgres(base / "pg", durable=False) as server:
        migrate(server.dsn)
        with psycopg.connect(server.dsn_of("postgres"), autocommit=True) as connection:
            connection.execute(f"create database rolled_back template {NAME}".encode())
        yield server


@pytest.fixture
def dsn(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A fresh, migrated, empty database."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres.dsn_of("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {NAME} strategy file_copy".encode())
        yield postgres.dsn_of(name)
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """For tests that commit: a Database of their own."""
    database = await Database.connect(dsn, pool_size=6)
    yield database
    await database.close()


@pytest.fixture
async def tx(postgres: EmbeddedPostgres) -> AsyncIterator[Tx]:
    """For tests that do not: a transaction that is rolled back.  What it emits goes nowhere."""
    async with _bare(postgres.dsn_of("rolled_back")) as connection, connection.transaction(force_rollback=True):
        yield Tx(connection)


@asynccontextmanager
async def _bare(dsn: str) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    database = await Database.connect(dsn, pool_size=2)
    try:
        async with database.connection() as connection:
            yield connection
    finally:
        await database.close()


@dataclass
class Clock:
    """Moves the product's clock, in this process and in the test's database."""

    where: Database | Tx
    ahead: timedelta = timedelta(0)

    async def advance(self, span: timedelta) -> None:
        """Let `span` pass."""
        self.ahead += span
        product_clock.set_ahead(self.ahead)
        sql = "update clock_offset set ahead = %(ahead)s"
        if isinstance(self.where, Tx):
            await self.where.run(sql, {"ahead": self.ahead})
            return
        async with self.where.transaction() as tx:
            await tx.run(sql, {"ahead": self.ahead})


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """`await clock.advance(timedelta(hours=1))`; moves the database of `tx` where the test uses it, else `database`."""
    yield Clock(request.getfixturevalue("tx" if "tx" in request.fixturenames else "database"))
    product_clock.set_ahead(timedelta(0))


@dataclass
class Queries:
    """The SQL said since the test began, or since `clear`."""

    said: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.said)

    def clear(self) -> None:
        self.said.clear()


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> Queries:
    """Counts the statements of this process: `len(queries)`."""
    queries = Queries()
    execute = psycopg.AsyncCursor.execute

    async def counted(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        queries.said.append(query.decode() if isinstance(query, bytes) else str(query))
        return await execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)
    return queries


@pytest.fixture
def settings(tmp_path: Path, dsn: str) -> product_settings.Settings:
    """Settings over the test's database and a home of its own; private addresses are allowed, for the demo shop.

    The master key is that of all tests of a process, so that its applications (`browsing.application`) serve each.
    """
    home = tmp_path / "home"
    home.mkdir()
    (home / "secret.key").write_text(KEY.hex(), "ascii")
    return product_settings.load({}, home=home, database_url=dsn, allow_private_addresses=True, log_level="warning")
