"""`connections`: what an idle customer costs in memory, 5,000 of them at once.

Each is a visitor with a session and a conversation of its own, whose page says hello,
watches it, is told that it has everything, and from then on only pings.  Reference: a bare WebSocket server
(`bench/reference/nothing_stored.py`) under the same uvicorn with the same number.
Memory is the proportional share (PSS) of the server's process tree, less what it was
before the first socket; the database, which knows nothing of sockets, is not in it.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg

from bench import installation, stage
from bench.figures import Figure, compared, load
from bench.sockets import Line, connect
from bench.stage import Server
from mashang.kit import ids

SOCKETS = 5_000
_AT_ONCE = 50
_SETTLES_WITHIN = 5.0
_PING_EVERY = 15.0


class _Load(NamedTuple):
    """Memory in bytes of a server with nobody and with everybody there, and how many arrived a second."""

    empty: int
    full: int
    arrivals: float

    @property
    def each(self) -> float:
        return (self.full - self.empty) / SOCKETS


async def measure(seconds: float | None) -> Figure:
    """The reference, then the product; `seconds` of rest before each reading."""
    before = load()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    rest = seconds or _SETTLES_WITHIN
    with stage.folder() as home:
        bare = await _bare(home, rest)
        with stage.postgres(home) as database:
            ours = await _product(home, database.dsn, rest)
    extra: dict[str, Any] = {
        "sockets": SOCKETS,
        "product_mb": [round(ours.empty / 1e6, 1), round(ours.full / 1e6, 1)],
        "reference_mb": [round(bare.empty / 1e6, 1), round(bare.full / 1e6, 1)],
        "arrivals_a_second": round(ours.arrivals),
        "reference_arrivals_a_second": round(bare.arrivals),
        "machine_before": before,
        "machine_after": load(),
    }
    return compared("connections", ours.each, "bytes", bare.each, extra)


async def _bare(home: Path, rest: float) -> _Load:
    port = stage.free_port()
    server = Server(["-m", "bench.reference.serve", "nothing_stored", str(port)], home / "bare.said")
    return await _loaded(server, port, (b'{"t":"hello"}' for _ in range(SOCKETS)), rest)


async def _product(home: Path, dsn: str, rest: float) -> _Load:
    port = stage.free_port()
    server = installation.server(home / "home", port, dsn)
    server.start()
    try:
        await server.answers(port)
        operator, _, _ = await installation.founded(port, await installation.first_run_link(server))
        await operator.close()
        hellos = [customer.hello() for customer in _customers(dsn)]
    finally:
        server.stop()
    return await _loaded(server, port, hellos, rest, answered=2)


def _customers(dsn: str) -> list[installation.Customer]:
    """As 5,000 visitors would have left the tables; over HTTP they would take minutes to arrive."""
    made = [installation.Customer(ids.secret(), ids.public_id()) for _ in range(SOCKETS)]
    with psycopg.connect(dsn) as connection:
        connection.execute(
            """
            with visitor as (
                insert into customer (public_id, site_id)
                select 'idle' || c.name, (select min(id) from site) from unnest(%(names)s::text[]) as c (name)
                returning id, site_id, public_id
            ), session as (
                insert into customer_session (token_hash, customer_id, site_id, expires_at)
                select t.hash, v.id, v.site_id, app_now() + interval '30 days'
                from unnest(%(names)s::text[], %(hashes)s::bytea[]) as t (name, hash)
                join visitor v on v.public_id = 'idle' || t.name
            )
            insert into conversation (public_id, site_id, customer_id, status, department_id, opening_key, closed_at)
            select substr(v.public_id, 5), v.site_id, v.id, 'closed', d.id, 'idle', app_now()
            from visitor v, (select min(id) as id from department) d
            """,
            {
                "names": [customer.conversation for customer in made],
                "hashes": [ids.digest(customer.session) for customer in made],
            },
        )
    return made


async def _loaded(server: Server, port: int, hellos: Iterable[bytes], rest: float, answered: int = 0) -> _Load:
    """A server just started, then with everybody there, each of whom it `answered` with so many frames."""
    server.start()
    lines: list[Line] = []
    pinging = asyncio.ensure_future(_ping(lines))
    try:
        await server.answers(port)
        await asyncio.sleep(rest)
        empty, began = _memory(server.pid), time.monotonic()
        turn = asyncio.Semaphore(_AT_ONCE)

        async def arrive(hello: bytes) -> None:
            async with turn:
                line = await connect(port, "/live/customer")
                line.send(hello)
                lines.append(line)
                while line.open and line.received < answered:  # noqa: ASYNC110 — cheap, and a line has no event
                    await asyncio.sleep(0.01)

        await asyncio.gather(*(arrive(hello) for hello in hellos))
        took = time.monotonic() - began
        await asyncio.sleep(rest)
        full = _memory(server.pid)
        gone = sum(not line.open for line in lines)
        if gone:
            raise RuntimeError(f"{gone} of {SOCKETS} sockets ended: {server.log.read_text('utf-8')[-500:]}")
        return _Load(empty, full, SOCKETS / took)
    finally:
        pinging.cancel()
        for line in lines:
            line.cut()
        server.stop()
        gc.collect()


async def _ping(lines: list[Line]) -> None:
    while True:
        await asyncio.sleep(_PING_EVERY)
        for line in lines:
            line.send(b'{"t":"ping"}')


def _memory(pid: int) -> int:
    first = psutil.Process(pid)
    return sum(int(one.memory_full_info().pss) for one in [first, *first.children(recursive=True)])
