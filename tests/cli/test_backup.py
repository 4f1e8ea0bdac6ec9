"""`mashang backup`, `restore`, `check`: the whole installation in one file, and back; nothing half done."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mashang.cli.backup import backup
from mashang.cli.check import check
from mashang.cli.invariants import SEALED
from mashang.cli.restore import restore
from mashang.kit import settings as product_settings
from mashang.kit.postgres import EmbeddedPostgres
from mashang.kit.settings import Settings
from mashang.kit.trouble import Trouble
from tests.folders import open_folder
from tests.running import Product, variables
from tests.upgrade.morning import STATES, Visitor, happen, mashang

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a full disk can only be mounted as root")
OLDEST = min(STATES.glob("*.backup"))


@pytest.fixture
def home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "home"


def settings_of(home: Path, dsn: str | None = None) -> Settings:
    """What the commands would read from the environment."""
    return product_settings.load({}, home=home, database_url=dsn, log_level="warning")


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# ── there and back ──────────────────────────────────────────────────────────


def test_a_running_product_is_backed_up_and_comes_back_with_files_and_sealed_secrets(
    fresh_product: Product, home: Path
) -> None:
    happen(fresh_product)
    file = fresh_product.home.parent / "all.backup"
    status, said = mashang(fresh_product.home, "backup", str(file))
    assert status == 0, said
    assert "secret" in said
    assert file.stat().st_mode & 0o777 == 0o600
    Visitor(fresh_product).opens(text="后来的会话")  # is in the installation, not in the backup
    assert mashang(fresh_product.home, "check")[0] == 0
    assert mashang(home, "restore", str(file))[0] == 0
    for name in ("demo.json", "demo-shop.json", "secret.key"):
        assert (home / name).read_bytes() == (fresh_product.home / name).read_bytes()
    with EmbeddedPostgres(home / "postgres", durable=False) as server:
        assert check(settings_of(home, server.dsn), None)
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("select count(*) from conversation").fetchone() == (4,)


def test_a_backup_is_proved_by_restoring_it_once(home: Path) -> None:
    status, said = mashang(home, "check", str(OLDEST))
    assert status == 0, said
    assert "All is well." in said
    assert left_in(home) == {"secret.key"}


def test_an_installation_is_replaced_only_when_asked_and_its_former_data_stay(home: Path) -> None:
    restore(settings_of(home), OLDEST, replace=False)
    before = (home / "secret.key").read_text()
    with pytest.raises(Trouble, match="home_has_data"):
        restore(settings_of(home), OLDEST, replace=False)
    restore(settings_of(home), OLDEST, replace=True)
    (former,) = home.glob("before-restore-*")
    assert left_in(former) == {"postgres", "files", "secret.key", "demo.json", "demo-shop.json"}
    assert (former / "secret.key").read_text() == before
    assert check(settings_of(home), None)


def test_a_running_product_is_not_restored_over(empty_product: Product) -> None:
    status, said = mashang(empty_product.home, "restore", str(OLDEST), "--replace")
    assert (status, "already runs" in said) == (1, True)


def test_a_database_of_ones_own_is_restored_and_its_former_tables_stay(home: Path, dsn: str) -> None:
    chosen = settings_of(home, dsn)
    with pytest.raises(Trouble, match="home_has_data"):  # the tests' database has our tables
        restore(chosen, OLDEST, replace=False)
    restore(chosen, OLDEST, replace=True)
    chosen = settings_of(home, dsn)  # with the key that came back
    assert check(chosen, None)
    with psycopg.connect(dsn) as connection:
        schemas = connection.execute("select count(*) from pg_namespace where nspname like 'before_restore_%'")
        assert schemas.fetchone() == (1,)
        with pytest.raises(Trouble, match="database_in_use"):  # we are connected
            restore(chosen, OLDEST, replace=True)
    again = home.parent / "own.backup"
    backup(chosen, again)
    assert check(chosen, again)


# ── what is refused ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("where", [0.001, 0.02, 0.3, 0.6, 0.9, 0.97, 0.99])
def test_a_damaged_byte_is_found_before_anything_is_touched(home: Path, where: float) -> None:
    copy = home.parent / "damaged.backup"
    data = bytearray(OLDEST.read_bytes())
    at = int(len(data.rstrip(b"\0")) * where)
    at = next(position for position in range(at, len(data)) if data[position])  # not in the padding
    data[at] ^= 0x20
    copy.write_bytes(data)
    with pytest.raises(Trouble, match=r"backup_(damaged|foreign)"):
        restore(settings_of(home), copy, replace=False)
    assert left_in(home) == {"secret.key"}


@pytest.mark.parametrize("part", [0.0, 0.001, 0.5, 0.98])
def test_a_file_that_was_cut_short_is_refused(home: Path, part: float) -> None:
    copy = home.parent / "short.backup"
    data = OLDEST.read_bytes()
    copy.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(Trouble, match=r"backup_(damaged|foreign)"):
        check(settings_of(home), copy)


def test_a_foreign_file_a_missing_one_and_one_of_a_newer_release_are_refused_in_a_sentence(
    home: Path, dsn: str
) -> None:
    foreign = home.parent / "photo.jpg"
    foreign.write_bytes(os.urandom(5000))
    newer = home.parent / "newer.backup"
    newer.write_bytes(OLDEST.read_bytes().replace(b"1\n" + bytes(510), b"2\n" + bytes(510), 1))
    for words, sentence in {
        ("restore", str(foreign)): "no backup of Mashang",
        ("backup", str(foreign)): "choose another name",
        ("restore", str(home / "nothing")): "There is no backup",
        ("check", str(newer)): "newer release",
    }.items():
        status, said = mashang(home, *words, MASHANG_DATABASE_URL=dsn)
        assert (status, sentence in said, "Traceback" in said) == (1, True, False), said


def test_another_key_in_the_environment_is_refused(home: Path) -> None:
    status, said = mashang(home, "restore", str(OLDEST), MASHANG_SECRET="ab" * 32)
    assert (status, "MASHANG_SECRET" in said) == (1, True)


# ── what goes wrong on the way ──────────────────────────────────────────────


@needs_root
def test_a_full_disk_is_named_and_leaves_the_former_backup(home: Path, dsn: str) -> None:
    small = home.parent / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)], check=True)
    try:
        file = small / "all.backup"
        backup(settings_of(home, dsn), file)
        before = file.read_bytes()
        (small / "filler").write_bytes(bytes(shutil.disk_usage(small).free - 20_000))
        status, said = mashang(home, "backup", str(file), MASHANG_DATABASE_URL=dsn)
        assert (status, f"disk is full: {file}" in said) == (1, True), said
        assert file.read_bytes() == before
        assert left_in(small) == {"all.backup", "filler"}
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_backup_that_is_killed_leaves_no_half_file_under_its_name(home: Path, dsn: str, how: signal.Signals) -> None:
    file = home.parent / "all.backup"
    environment = variables(home, MASHANG_DATABASE_URL=dsn)
    with psycopg.connect(dsn) as holder:
        holder.execute("lock table entry")  # the dump waits for it: there is time to be killed
        command = [sys.executable, "-m", "mashang.cli", "backup", str(file)]
        process = subprocess.Popen(command, cwd="/", env=environment, stderr=subprocess.DEVNULL)
        while not file.with_name("all.backup.part").exists():
            assert process.poll() is None
        process.send_signal(how)
        assert process.wait(30) != 0
    assert not file.exists()
    backup(settings_of(home, dsn), file)
    assert left_in(file.parent) == {"home", "all.backup"}


# ── what `check` sees ───────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def morning() -> Iterator[Settings]:
    """An installation to harm and to mend."""
    with open_folder() as folder:
        restore(settings_of(folder / "home"), OLDEST, replace=False)
        with EmbeddedPostgres(folder / "home" / "postgres", durable=False) as server:
            yield settings_of(folder / "home", server.dsn)


_WAITS = "c.status = 'waiting'"
_OPEN_WAITS = "from conversation c where c.id = conversation_id and c.status = 'waiting'"
HARM = {
    "numbered without gaps": (
        "update conversation set head = head + 1 where id = 1",
        "update conversation set head = head - 1 where id = 1",
    ),
    "last numbers": (
        "update conversation set public_head = public_head - 1 where id = 1",
        "update conversation set public_head = public_head + 1 where id = 1",
    ),
    "follows the last one": (
        "update entry set prev_public = prev_public + 9 where conversation_id = 1 and seq = 3",
        "update entry set prev_public = prev_public - 9 where conversation_id = 1 and seq = 3",
    ),
    "in the queue": (
        "create table kept as table queue_place; delete from queue_place",
        "insert into queue_place select * from kept; drop table kept",
    ),
    "the assistant serves": (
        f"insert into assistance (conversation_id, state) select c.id, 'serving' from conversation c where {_WAITS}",
        f"delete from assistance using conversation c where c.id = conversation_id and {_WAITS}",
    ),
    "wait on record": (
        f"update wait set ended_at = app_now(), outcome = 'left' {_OPEN_WAITS}",
        f"update wait set ended_at = null, outcome = null {_OPEN_WAITS}",
    ),
    "being followed": (
        """
        insert into shop_action (public_id, shop_id, order_number, action, round, key, subject, asked_by, customer_id)
        select 'a', shop.id, 'QN1', 'refund', 1, 'k', 'c-1', 'customer', u.id from shop, customer u limit 1
        """,
        "delete from shop_action",
    ),
    "an operator": ("update agent set archived_at = app_now()", "update agent set archived_at = null"),
    "that is sealed": (
        r"update shop set secret_sealed = secret_sealed || '\x00'",
        "update shop set secret_sealed = substring(secret_sealed for length(secret_sealed) - 1)",
    ),
    "Every file": ("update attachment set size = size + 1", "update attachment set size = size - 1"),
}


@pytest.mark.parametrize("sentence", HARM)
def test_what_is_wrong_is_named(morning: Settings, sentence: str, capfd: pytest.CaptureFixture[str]) -> None:
    harm, mend = HARM[sentence]
    with psycopg.connect(morning.database_url or "", autocommit=True) as connection:
        connection.execute(harm.encode())
        assert not check(morning, None)
        said = capfd.readouterr().out.splitlines()
        connection.execute(mend.encode())
    assert any(sentence in line and line.startswith("✗") for line in said), said
    assert check(morning, None)


def test_every_sealed_column_is_looked_at(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and column_name ~ 'sealed'"
        ).fetchall()
    assert set(found) == set(SEALED)
