"""`mashang check [FILE]`: is the installation, or a backup of one, whole?

A backup is proved by restoring it: it is unpacked in a folder of its own, brought up to date, looked at in the same
way, and thrown away.  One line a question, and an exit status for whoever asks from a script.

Does not: mend anything, or stop the product for it; what is asked of a running one is asked of one instant.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from mashang.cli import archive, invariants, terminal
from mashang.cli.installed import KEY, POSTGRES, database, interruptible
from mashang.cli.restore import examine, fill, unpack
from mashang.kit import migrations, settings
from mashang.kit.postgres import EmbeddedPostgres
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.kit.storage import Storage

_ENOUGH = 500_000_000  # bytes free; below it the next busy day may fill the disk
_SHOWN = 5  # of what breaks a line

Finding = tuple[str, list[str]]


def check(chosen: Settings, path: Path | None) -> bool:
    """Tell what was found; True when all is well.  Raises Trouble."""
    with interruptible(), _asked(chosen, path) as (dsn, looked_at):
        behind = migrations.missing(dsn)
        findings = [("migrated", behind), *([] if behind else _of_rows(dsn, looked_at))]
    free = shutil.disk_usage(chosen.home).free
    findings.append(("disk_free", [f"{free / 1e9:.1f} GB"] if free < _ENOUGH else []))
    wrong = [_told(*finding) for finding in findings].count(False)
    terminal.tell("cli_check_wrong" if wrong else "cli_check_well", count=wrong)
    return not wrong


def _of_rows(dsn: str, looked_at: Settings) -> list[Finding]:
    with psycopg.connect(dsn, connect_timeout=10) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found = [(name, invariants.broken(connection, name)) for name in invariants.INVARIANTS]
        found.append(("sealed_opens", list(invariants.unopened(connection, Sealer(looked_at.secret)))))
        found.append(("files_whole", list(invariants.lost_files(connection, Storage(looked_at.files)))))
    return found


def _told(name: str, wrong: list[str]) -> bool:
    facts: dict[str, Any] = {"what": terminal.say(f"check_{name}"), "count": len(wrong)}
    shown = ", ".join(wrong[:_SHOWN]) + (" …" if len(wrong) > _SHOWN else "")
    terminal.tell("cli_check_bad" if wrong else "cli_check_good", **facts, shown=shown)
    return not wrong


@contextmanager
def _asked(chosen: Settings, path: Path | None) -> Iterator[tuple[str, Settings]]:
    """The database to look at, and the settings that go with it."""
    if path is None:
        with database(chosen, current=False) as dsn:
            yield dsn, chosen
        return
    trial = chosen.home / "checking"
    shutil.rmtree(trial, ignore_errors=True)  # of one that was killed
    trial.mkdir(mode=0o751)
    try:
        with archive.opened(path) as reading, EmbeddedPostgres(trial / POSTGRES, durable=False) as server:
            examine(reading)
            unpack(reading, trial)
            fill(server.dsn, reading)
            key = settings.key((trial / KEY).read_text("ascii").strip())
            yield server.dsn, msgspec.structs.replace(chosen, home=trial, secret=key)
    finally:
        shutil.rmtree(trial, ignore_errors=True)
