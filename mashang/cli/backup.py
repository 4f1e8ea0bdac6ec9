"""`mashang backup FILE`: the whole installation in one file, while it runs.

The database is dumped as one instant saw it, the files are added after that: a row of the dump whose file
is not there was never shown to anybody (`kit.storage` writes the row first), and a file without a row does no harm.
The backup is written beside its place and renamed when it is whole and on disk, so that a full disk, a kill or
a power cut leaves the former backup as it was.

Does not: send it anywhere, thin out old ones or encrypt it; cron and the tools of one's own do (docs/operating).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from psycopg import sql

from mashang import __version__
from mashang.cli import archive, terminal
from mashang.cli.archive import Made, Writing
from mashang.cli.installed import DEMO, database, interruptible
from mashang.kit import clock, dump, migrations
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage
from mashang.kit.trouble import Trouble

_CHUNK = 256 * 1024


def backup(chosen: Settings, path: Path) -> None:
    """Write the backup and tell what is in it.  Raises Trouble."""
    with interruptible(), database(chosen, current=False) as dsn, _written(path) as file:
        made, files = _write(chosen, dsn, Writing(file))
    terminal.tell(
        "cli_backup_made",
        path=path,
        size=f"{path.stat().st_size / 1e6:,.1f}",
        conversations=f"{made.rows.get('conversation', 0):,}",
        files=f"{files:,}",
    )
    terminal.tell("cli_backup_secrets")


def _write(chosen: Settings, dsn: str, writing: Writing) -> tuple[Made, int]:
    with psycopg.connect(dsn, connect_timeout=10) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        made = Made(__version__, clock.now(), migrations.applied(connection), rows_of(connection))
        writing.add(archive.DATABASE, dump.dumped(dsn, _snapshot(connection)))
    writing.add(archive.KEY, [chosen.secret.hex().encode() + b"\n"])
    for name in DEMO:
        if (chosen.home / name).exists():
            writing.add(name, [(chosen.home / name).read_bytes()])
    files = 0
    for key, place in Storage(chosen.files).kept():
        try:
            with place.open("rb") as kept:
                writing.add(archive.FILES + key, iter(lambda: kept.read(_CHUNK), b""))
        except FileNotFoundError:  # swept meanwhile
            continue
        files += 1
    writing.finish(made)
    return made, files


def _snapshot(connection: psycopg.Connection[Any]) -> str:
    (name,) = connection.execute("select pg_export_snapshot()").fetchone() or ("",)
    return str(name)


def rows_of(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has; a restored database must have as many."""
    tables = connection.execute(
        """
        select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname
        """
    ).fetchall()
    counted = {}
    for (name,) in tables:
        statement = sql.SQL("select count(*) from {}").format(sql.Identifier("public", name))
        (counted[name],) = connection.execute(statement).fetchone() or (0,)
    return counted


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its place when it is whole; only we may read it."""
    if path.exists() and (path.is_dir() or archive.form_of(path) is None):
        raise Trouble("backup_in_the_way", path=path)
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble("backup_under_way", path=part) from None
        try:
            os.fchmod(descriptor, 0o600)
            file.truncate(0)  # what a killed one left
            yield file
            file.flush()
            os.fsync(descriptor)
            part.replace(path)
        except BaseException as error:
            part.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.filename is None:
                error.filename = str(path)  # so that the sentence can name it
            raise
