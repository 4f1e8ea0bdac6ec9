"""What a bench stands on: a folder, a PostgreSQL with the product's own settings, servers as processes.

Everything is a child of the bench and ends with it, however it ends.  Ports are free
ones of the loopback interface; nothing outside the folder is written.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg

from mashang.kit.child import Child
from mashang.kit.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[1]
_CHANCE = random.SystemRandom()  # no seed: two processes must not draw the same ports


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that the database's own account may pass through."""
    with tempfile.TemporaryDirectory(prefix="mashang-bench-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


@contextmanager
def postgres(home: Path) -> Iterator[EmbeddedPostgres]:
    """The product's embedded server, durable, with a database for a reference beside the product's."""
    with EmbeddedPostgres(home / "postgres") as server:
        with psycopg.connect(server.dsn_of("postgres"), autocommit=True) as connection:
            connection.execute("create database reference")
        yield server


def free_port() -> int:
    """A port nobody listens on now, and none of those (32,768 and above) that are given to whoever connects somewhere.

    Such a one may be taken before a server that starts for seconds has it, or by a client whose server is down.
    """
    while True:
        number = _CHANCE.randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", number)):
            return number


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Ours without any setting of the product, and `more`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MASHANG_")}
    return {**ours, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}


class Server:
    """A Python program of ours as a process, and what it said in `log`."""

    def __init__(self, arguments: Sequence[str], log: Path, more: Mapping[str, str] | None = None) -> None:
        self._arguments = [sys.executable, *arguments]
        self._environment = environment(more or {})
        self.log = log
        self._process: Child | None = None

    def start(self) -> None:
        """Start it; from the main thread."""
        self._process = Child(self._arguments, log=self.log, environment=self._environment)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, kindly or not."""
        if self._process is not None:
            self._process.stop(how, timedelta(seconds=20))
            self._process = None

    @property
    def pid(self) -> int:
        """Its number; for looking at it."""
        if self._process is None:
            raise RuntimeError("it does not run")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Was it started, and has it not ended?"""
        return self._process is not None and self._process.status is None

    async def answers(self, port: int, *, within: float = 30.0) -> None:
        """Wait until it listens; raises RuntimeError with what it said when it does not."""
        until = time.monotonic() + within
        async with httpx.AsyncClient(trust_env=False) as client:
            while time.monotonic() < until and self.running:
                try:
                    answer = await client.get(f"http://127.0.0.1:{port}/health/ready", timeout=2)
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    return
                await asyncio.sleep(0.05)
        raise RuntimeError(f"{' '.join(self._arguments[1:5])} does not answer: {self.log.read_text('utf-8')[-2000:]}")
