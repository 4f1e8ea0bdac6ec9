"""`mashang restore FILE`: an installation as it was when the backup was made, with today's schema.

Everything is read and compared with the backup's sums before anything is touched, then unpacked in a folder of
its own, filled, counted and brought up to date; only a whole installation takes the place of the former one, which
stays beside it.  With a database of one's own (MASHANG_DATABASE_URL) the former tables stay in a schema of another
name.

Does not: run while the product does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mashang.cli import archive, terminal
from mashang.cli.archive import Reading
from mashang.cli.backup import rows_of
from mashang.cli.installed import DEMO, FILES, KEY, POSTGRES, interruptible
from mashang.kit import clock, dump, migrations, settings
from mashang.kit.postgres import EmbeddedPostgres, at_rest
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage
from mashang.kit.trouble import Trouble

_PARTS = (POSTGRES, FILES, KEY, *DEMO)


def restore(chosen: Settings, path: Path, *, replace: bool) -> None:
    """Bring the backup back and tell so; `replace` what is there.  Raises Trouble."""
    with interruptible(), archive.opened(path) as reading, at_rest(chosen.home / POSTGRES):
        examine(reading)
        _demand_its_key(reading)
        _demand_room(chosen, replace=replace)
        fresh = _new_folder(chosen.home / "restoring")
        try:
            if chosen.database_url:
                unpack(reading, fresh)
                former = _fill_named(chosen.database_url, reading)
            else:
                with EmbeddedPostgres(fresh / POSTGRES) as server:
                    unpack(reading, fresh)
                    fill(server.dsn, reading)
                former = ""
            aside = _exchange(chosen.home, fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    made = reading.manifest
    terminal.tell("cli_restored", made_at=f"{made.made_at.astimezone():%Y-%m-%d %H:%M}", version=made.version)
    for place in filter(None, (aside, former)):
        terminal.tell("cli_former_kept", place=place)


def examine(reading: Reading) -> None:
    """Is it whole, and can this release read it?  Raises Trouble."""
    newer = migrations.unknown(reading.manifest.migrations)
    if newer:
        raise Trouble("backup_newer", path=reading.path, name=newer[-1])
    reading.verify()


def unpack(reading: Reading, folder: Path) -> None:
    """Everything but the database, as it lies in a home."""
    storage = Storage(folder / FILES)
    for part in reading.manifest.parts:
        if part.name.startswith(archive.FILES):
            _write(storage.place(part.name.removeprefix(archive.FILES)), reading.chunks(part.name))
        elif part.name != archive.DATABASE:
            _write(folder / part.name, reading.chunks(part.name))


def fill(dsn: str, reading: Reading) -> None:
    """Load the database into an empty one, count, and bring the schema up to date.  Raises Trouble."""
    dump.load(dsn, reading.chunks(archive.DATABASE))
    with psycopg.connect(dsn) as connection:
        found = rows_of(connection)
    if found != reading.manifest.rows:
        differing = sorted(set(found.items()) ^ set(reading.manifest.rows.items()))
        raise Trouble("backup_damaged", path=reading.path, part=differing[0][0])
    migrations.migrate(dsn)


def _fill_named(dsn: str, reading: Reading) -> str:
    """Into a database of one's own; the name of the schema that holds the former tables, where there were any."""
    former = f"{dump.FORMER}{clock.now():%Y%m%d_%H%M%S}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        had_tables = _has_tables(connection)
        if had_tables:
            _in_schema(connection, "alter schema public rename to {}; create schema public", former)
        try:
            fill(dsn, reading)
        except BaseException:
            connection.execute("drop schema public cascade")
            undo = "alter schema {} rename to public" if had_tables else "create schema public"
            _in_schema(connection, undo, former)
            raise
    return former if had_tables else ""


def _in_schema(connection: psycopg.Connection[Any], statement: str, name: str) -> None:
    connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _has_tables(connection: psycopg.Connection[Any]) -> bool:
    found = connection.execute("select 1 from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
    return found.fetchone() is not None


def _demand_its_key(reading: Reading) -> None:
    """A key in the environment wins over the one in the home: with another one nothing sealed would open."""
    given = os.environ.get("MASHANG_SECRET")
    if given and settings.key(given) != settings.key(b"".join(reading.chunks(KEY)).decode().strip()):
        raise Trouble("restore_other_key")


def _demand_room(chosen: Settings, *, replace: bool) -> None:
    """Nothing may be there, unless it is to be replaced; nobody may be using a database of one's own."""
    filled = (chosen.home / POSTGRES / "data").exists() or any(Storage(chosen.files).kept())
    if chosen.database_url:
        with psycopg.connect(chosen.database_url, connect_timeout=10) as connection:
            filled = filled or _has_tables(connection)
            others = connection.execute(
                "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
                " and backend_type = 'client backend'"
            )
            if others.fetchone():
                raise Trouble("database_in_use")
    if filled and not replace:
        raise Trouble("home_has_data", home=chosen.home)


def _exchange(home: Path, fresh: Path) -> str:
    """The new parts take the places of the former ones; where those are now, or nothing when there were none."""
    aside = home / f"before-restore-{clock.now():%Y%m%d-%H%M%S}"
    former = [home / name for name in _PARTS if (home / name).exists()]
    if former == [home / KEY]:  # made by this start: it has sealed nothing
        former = []
    if former:
        aside.mkdir(mode=0o751)
        for path in former:
            path.rename(aside / path.name)
    for path in fresh.iterdir():
        path.rename(home / path.name)
    return str(aside) if former else ""


def _new_folder(path: Path) -> Path:
    if path.exists():  # of a restore that was killed
        shutil.rmtree(path)
    path.mkdir(mode=0o751)  # the database's own account must pass, not look
    return path


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
