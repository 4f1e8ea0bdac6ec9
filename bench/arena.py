"""Product and references side by side on one PostgreSQL, each with its crowd in front of it.

All three run for the whole bench and are loaded in turn, so that they meet the same
machine in the same minutes; one that waits costs nothing but its memory.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

from bench import installation, product, references, stage
from bench.crowd import Crowd
from bench.reference.serve import prepare
from bench.stage import Server
from mashang.kit.postgres import EmbeddedPostgres

PRODUCT, REFERENCE, CEILING = "product", "group_commit", "nothing_stored"
CUSTOMERS, AGENTS = 64, 16

_STORED = {
    PRODUCT: "select client_id, seq from entry where author = 'customer' and client_id like '%-______'",
    REFERENCE: "select client_id, seq from entry",
}


class Side:
    """One server and its crowd."""

    def __init__(self, name: str, server: Server, crowd: Crowd, dsn: str | None) -> None:
        self.name = name
        self.crowd = crowd
        self._server = server
        self._dsn = dsn

    def processor_seconds(self) -> float:
        """Spent by the server's process so far (the database's is shared and not in it)."""
        times = psutil.Process(self._server.pid).cpu_times()
        return float(times.user + times.system)

    def account(self) -> dict[str, Any]:
        """Faults by the readers' account and by the database's."""
        return self.crowd.faults() | (self._in_the_database(self._dsn) if self._dsn else {})

    def _in_the_database(self, dsn: str) -> dict[str, int]:
        with psycopg.connect(dsn) as connection:
            rows = connection.execute(_STORED[self.name].encode()).fetchall()
        stored: dict[str, int] = dict(rows)
        acknowledged = {
            f"{talk.key}{number:06}": seq for talk in self.crowd.talks for number, seq in talk.acknowledged.items()
        }
        return {
            "stored": len(rows),
            "stored_twice": len(rows) - len(stored),
            "acknowledged_not_stored": sum(stored.get(key) != seq for key, seq in acknowledged.items()),
        }


@asynccontextmanager
async def arena(names: Sequence[str]) -> AsyncIterator[list[Side]]:
    """The sides asked for, ready to be loaded."""
    servers: list[Server] = []
    with stage.folder() as home, stage.postgres(home) as database:
        try:
            sides = [await _side(name, home, database, servers) for name in names]
            gc.collect()
            gc.freeze()
            gc.disable()  # ours, not the servers': a pause of the measuring is no delay of theirs
            yield sides
            for side in sides:
                side.crowd.leave()
            await asyncio.sleep(0.1)
        finally:
            gc.enable()
            for server in servers:
                server.stop()


async def _side(name: str, home: Path, database: EmbeddedPostgres, servers: list[Server]) -> Side:
    port = stage.free_port()
    if name == PRODUCT:
        server, dsn = installation.server(home / "home", port, database.dsn), database.dsn
    else:
        dsn = database.dsn_of("reference") if name == REFERENCE else ""
        if dsn:
            prepare(dsn, references.conversations(CUSTOMERS))
        arguments = ["-m", "bench.reference.serve", name, str(port), *([dsn] if dsn else [])]
        server = Server(arguments, home / f"{name}.said")
    server.start()
    servers.append(server)
    await server.answers(port)
    if name == PRODUCT:
        crowd = await product.gathered(port, await installation.first_run_link(server), CUSTOMERS, AGENTS)
    else:
        crowd = await references.gathered(port, CUSTOMERS, AGENTS)
    return Side(name, server, crowd, dsn or None)
