"""Bringing a database up to date: once, whole, by one process at a time."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mashang.kit.migrations import FOLDER, migrate, missing
from mashang.kit.postgres import EmbeddedPostgres
from mashang.kit.trouble import Trouble

OURS = sorted(FOLDER.glob("*.sql"))


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database with nothing in it."""
    with psycopg.connect(postgres.dsn_of("postgres"), autocommit=True) as connection:
        connection.execute("create database empty template template0")
        yield postgres.dsn_of("empty")
        connection.execute("drop database empty with (force)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two migrations of our own."""
    (tmp_path / "2026-01-01-0900_one.sql").write_text("create table one ();")
    (tmp_path / "2026-01-01-1000_two.sql").write_text("-- depends: 2026-01-01-0900_one\ncreate table two ();")
    return tmp_path


def tables(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("select relname from pg_class where relkind = 'r' and relname in ('one', 'two')")
        return {str(name) for (name,) in rows}


def test_an_empty_database_gets_every_migration_in_order(empty: str) -> None:
    names = [path.stem for path in OURS]
    assert missing(empty) == names
    assert migrate(empty) == names
    assert missing(empty) == []


def test_no_big_table_is_locked_while_its_rows_are_compared_with_a_new_constraint(empty: str) -> None:
    table = r"alter table (?:conversation|entry|consultation)\s"
    for path in OURS:
        added = set(re.findall(table + r"[^;]*add constraint (\w+)", path.read_text()))
        assert not added & set(re.findall(table + r"[^;]*validate constraint (\w+)", path.read_text())), path.name
    migrate(empty)
    with psycopg.connect(empty) as connection:
        assert connection.execute("select conname from pg_constraint where not convalidated").fetchall() == []


def test_a_second_time_nothing_is_done(empty: str, folder: Path) -> None:
    migrate(empty, folder)
    assert migrate(empty, folder) == []


def test_a_new_file_is_the_only_one_applied(empty: str, folder: Path) -> None:
    later = folder / "2026-01-01-1000_two.sql"
    text = later.read_text()
    later.unlink()
    migrate(empty, folder)
    later.write_text(text)
    assert migrate(empty, folder) == ["2026-01-01-1000_two"]


def test_a_lock_left_by_a_killed_process_does_not_stop_the_next(empty: str, folder: Path) -> None:
    later = folder / "2026-01-01-1000_two.sql"
    text = later.read_text()
    later.unlink()
    migrate(empty, folder)
    with psycopg.connect(empty) as connection:
        connection.execute("insert into yoyo_lock (locked, ctime, pid) values (1, now(), 4242)")
    later.write_text(text)
    assert migrate(empty, folder) == ["2026-01-01-1000_two"]


def test_two_processes_that_start_at_once_apply_each_migration_once(empty: str, folder: Path) -> None:
    applied: list[list[str]] = []
    both = [threading.Thread(target=lambda: applied.append(migrate(empty, folder))) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(applied) == [[], ["2026-01-01-0900_one", "2026-01-01-1000_two"]]


def test_a_migration_that_fails_leaves_nothing_half_done(empty: str, folder: Path) -> None:
    (folder / "2026-01-01-1000_two.sql").write_text("create table two (); create table one ();")
    with pytest.raises(Trouble, match="migration_failed"):
        migrate(empty, folder)
    assert tables(empty) == {"one"}
    (folder / "2026-01-01-1000_two.sql").write_text("create table two ();")
    assert migrate(empty, folder) == ["2026-01-01-1000_two"]


def test_a_migration_that_names_an_unknown_one_is_an_error_not_a_silence(empty: str, folder: Path) -> None:
    (folder / "2026-01-01-1100_three.sql").write_text("-- depends: nowhere\ncreate table three ();")
    with pytest.raises(Trouble, match="migration_failed"):
        migrate(empty, folder)


def test_a_database_of_a_newer_release_is_left_alone(empty: str, folder: Path) -> None:
    migrate(empty, folder)
    (folder / "2026-01-01-1000_two.sql").unlink()
    with pytest.raises(Trouble, match="database_newer"):
        migrate(empty, folder)


@pytest.mark.parametrize("dsn", ["host=/nowhere", "postgresql://127.0.0.1:1/x", "nonsense", "postgresql://[x"])
def test_an_unreachable_database_is_said_in_one_sentence(dsn: str) -> None:
    with pytest.raises(Trouble) as refused:
        migrate(dsn)
    assert refused.value.code == "database_unreachable"
    assert "\n" not in refused.value.sentence("en")
