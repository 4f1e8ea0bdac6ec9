"""The installation that a command is about: its database, wherever that is, and what else must be kept.

Used by the commands that run beside the product (password, backup, check) or instead of it (restore).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mashang.kit import migrations
from mashang.kit.postgres import visited
from mashang.kit.settings import Settings
from mashang.kit.trouble import Trouble

POSTGRES, FILES, KEY = "postgres", "files", "secret.key"  # what an installation is, in its home
DEMO = ("demo.json", "demo-shop.json")  # … and the sign-ins of the demo, where there is one


@contextmanager
def database(chosen: Settings, *, current: bool = True) -> Iterator[str]:
    """How psycopg reaches it, running or not, and its schema is today's.  Raises Trouble."""
    if chosen.database_url:
        yield _current(chosen.database_url) if current else chosen.database_url
        return
    with visited(chosen.home / POSTGRES) as dsn:
        yield _current(dsn) if current else dsn


def _current(dsn: str) -> str:
    if migrations.missing(dsn):
        raise Trouble("database_behind")
    return dsn


@contextmanager
def interruptible() -> Iterator[None]:
    """Before there is a loop, SIGTERM is a Ctrl-C: it unwinds and so ends what was started."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
