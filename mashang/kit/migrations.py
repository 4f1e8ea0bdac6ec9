"""The way from any former database to today's: the files of `migrations/`, each once, in order.

yoyo reads the files and keeps the record.  Around it:

* our advisory lock, which ends with its holder, so that several processes may start
  at once; yoyo's own lock is a row that outlives a kill, and is cleared once we hold ours;
* a migration and its record are one transaction: killed in between, neither stands;
* nothing of yoyo is even imported when there is nothing to do, which is every start but the first.

Does not: go back.  A release that must be undone is restored from a backup.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg

from mashang.kit.trouble import Trouble, tells_of_a_full_disk

if TYPE_CHECKING:
    from yoyo.backends import DatabaseBackend

FOLDER = Path(__file__).parents[2] / "migrations"
_LOCK = 0x6D61_7368_616E_67  # "mashang": the advisory lock of whoever migrates
_OLDEST = 15


def migrate(dsn: str, folder: Path = FOLDER) -> list[str]:
    """Bring the database up to date; the names of the migrations applied now.  Raises Trouble."""
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as holder:
            _check_server(holder)
            holder.execute("select pg_advisory_lock(%s)", [_LOCK])
            due = _missing(holder, folder)
            if due:
                _apply(dsn, folder, holder)
            for name in _missing(holder, folder):  # yoyo passes over a file it cannot read
                raise Trouble("migration_failed", reason=f"{name}.sql")
            return due
    except psycopg.Error as error:
        raise _trouble(error) from error


def missing(dsn: str) -> list[str]:
    """The migrations that `migrate` would apply.  Raises Trouble."""
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
            _check_server(connection)
            return _missing(connection, FOLDER)
    except psycopg.Error as error:
        raise _trouble(error) from error


def applied(connection: psycopg.Connection[Any]) -> list[str]:
    """The migrations that this database has had, in their order."""
    if connection.execute("select to_regclass('_yoyo_migration')").fetchone() == (None,):
        return []
    rows = connection.execute("select migration_id from _yoyo_migration order by migration_id").fetchall()
    return [str(name) for (name,) in rows]


def unknown(names: Iterable[str]) -> list[str]:
    """Those of these migrations that this release does not have: a newer one made them."""
    return sorted(set(names) - {path.stem for path in FOLDER.glob("*.sql")})


def _check_server(connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < _OLDEST * 10_000:
        raise Trouble("database_old", found=connection.info.server_version // 10_000, wanted=_OLDEST)


def _missing(connection: psycopg.Connection[Any], folder: Path) -> list[str]:
    """Names of migrations that are not recorded.  Refuses a database that knows more than we do."""
    known = [path.stem for path in sorted(folder.glob("*.sql"))]
    had = set(applied(connection))
    if had - set(known):
        raise Trouble("database_newer", name=max(had - set(known)))
    return [name for name in known if name not in had]


def _apply(dsn: str, folder: Path, holder: psycopg.Connection[Any]) -> None:
    from yoyo import read_migrations  # noqa: PLC0415 — see the module's third promise
    from yoyo.exceptions import BadMigration  # noqa: PLC0415

    if holder.execute("select to_regclass('yoyo_lock')").fetchone() != (None,):
        holder.execute("delete from yoyo_lock")
    try:
        with _backend(dsn) as backend, backend.lock():
            backend.apply_migrations(backend.to_apply(read_migrations(str(folder))))
    except BadMigration as error:
        raise Trouble("migration_failed", reason=_one_line(error)) from error


def _backend(dsn: str) -> DatabaseBackend:
    from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend  # noqa: PLC0415 — as above
    from yoyo.connections import DatabaseURI  # noqa: PLC0415
    from yoyo.migrations import default_migration_table  # noqa: PLC0415

    class Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]  # yoyo carries no types
        """psycopg's own connection strings, and one transaction a migration."""

        def connect(self, _: Any) -> psycopg.Connection[Any]:
            return psycopg.connect(dsn, autocommit=True, connect_timeout=10)

        def apply_one(self, migration: Any, force: bool = False, mark: bool = True) -> None:
            self.ensure_internal_schema_updated()
            with self.transaction():
                migration.process_steps(self, "apply", force=force)
                if mark:
                    self.mark_one(migration)

        def get_log_data(self, migration: Any = None, operation: str = "apply") -> dict[str, Any]:
            """As yoyo's, without asking the network for our full name or the machine for a nameless user's."""
            return {
                "id": str(uuid4()),
                "migration_id": migration and migration.id,
                "migration_hash": migration and migration.hash,
                "username": str(os.geteuid()),
                "hostname": socket.gethostname(),
                "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
                "operation": operation,
            }

    nowhere = DatabaseURI("", None, None, None, None, psycopg.conninfo.conninfo_to_dict(dsn).get("dbname"), {})
    backend: DatabaseBackend = Backend(nowhere, default_migration_table)
    backend.init_database()
    return backend


def _trouble(error: psycopg.Error) -> Trouble:
    reason = _one_line(error)
    if isinstance(error, psycopg.errors.DiskFull) or tells_of_a_full_disk(reason):
        return Trouble("disk_full", path="PostgreSQL", reason=reason)
    if isinstance(error, psycopg.OperationalError | psycopg.ProgrammingError) and error.sqlstate is None:
        return Trouble("database_unreachable", reason=reason)
    return Trouble("migration_failed", reason=reason)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
