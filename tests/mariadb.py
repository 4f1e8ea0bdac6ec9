"""MariaDB, really: one server a worker, one database a test, gone with the tests.

Its system tables are made by the server itself from the distribution's own script (0.3 s); the
distribution's installer would need more packages.  As root it runs under `nobody`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pymysql
import pytest
from pymysql.cursors import DictCursor

from bench.stage import free_port
from tests.folders import open_folder

_PLACES = (None, "/usr/sbin", "/usr/libexec")
_SCRIPTS = (Path("/usr/share/mysql"), Path("/usr/share/mariadb"))
_SMALL = (
    "--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M", "--innodb-flush-log-at-trx-commit=0",
    "--skip-innodb-doublewrite", "--skip-log-bin", "--silent-startup",
)  # fmt: skip
_PATIENCE = 60  # seconds until a start that says nothing is given up
_numbers = count(1)


@dataclass
class MariaDB:
    """A running server; `sql` speaks as its root."""

    port: int
    socket: Path
    host: str = "127.0.0.1"

    def sql(self, statement: str, values: tuple[Any, ...] = (), *, database: str | None = None) -> list[dict[str, Any]]:
        """Run one statement; what it answered."""
        root = pymysql.connect(
            unix_socket=str(self.socket), user="root", database=database, autocommit=True, ssl_disabled=True
        )
        with root, root.cursor(DictCursor) as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    @contextmanager
    def database(self, charset: str = "utf8mb4") -> Iterator[str]:
        """The name of an empty database for the length of the block."""
        name = f"shop_{next(_numbers)}"
        self.sql(f"create database {name} character set {charset}")
        try:
            yield name
        finally:
            self.sql(f"drop database {name}")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[MariaDB]:
    """A server for the length of the block."""
    program = _program()
    data = folder / "data"
    data.mkdir()
    who = []
    if os.geteuid() == 0:
        for one in (folder, data):
            shutil.chown(one, "nobody")
        who = ["--user=nobody"]
    base = [program, "--no-defaults", *who, f"--datadir={data}", *_SMALL]
    subprocess.run(
        [*base, "--bootstrap"], input=_system_tables(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = MariaDB(free_port(), folder / "socket")
    reached = [f"--socket={server.socket}", f"--port={server.port}", "--bind-address=127.0.0.1", "--skip-name-resolve"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*base, *reached, *options], stdout=log, stderr=log)
    try:
        _wait_for(process, server, folder / "log")
        yield server
    finally:
        process.kill()  # what it holds is thrown away with its folder
        process.wait(30)


def _program() -> str:
    found = next(filter(None, (shutil.which("mariadbd", path=place) for place in _PLACES)), None)
    assert found, "no MariaDB server: bin/test installs it"
    return found


def _system_tables() -> bytes:
    folder = next(one for one in _SCRIPTS if one.is_dir() and list(one.glob("*_system_tables.sql")))
    scripts = [next(folder.glob(name)) for name in ("*_system_tables.sql", "*_system_tables_data.sql")]
    return b"create database mysql;\nuse mysql;\n" + b"".join(one.read_bytes() for one in scripts)


def _wait_for(process: subprocess.Popen[bytes], server: MariaDB, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as trying:
            if trying.connect_ex(str(server.socket)) == 0:
                return
        time.sleep(0.02)  # a process has no other way to say that it listens
    pytest.fail("MariaDB did not start:\n" + log.read_text("utf-8", "replace"))


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    """One server a worker; who is root in it has no password and comes from this machine only."""
    with open_folder() as folder, serving(folder) as server:
        yield server
