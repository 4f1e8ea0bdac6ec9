"""What the terminal shows: plain lines in its own language, in colour where it has any."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from mashang.kit import i18n, trouble

LOCALE = trouble.terminal_locale()
console = Console(highlight=False, soft_wrap=True)


def say(key: str, **facts: Any) -> str:
    """A sentence of the catalogue, in the terminal's language."""
    return i18n.sentence(key, LOCALE, **facts)


def tell(key: str, **facts: Any) -> None:
    """Print a sentence of the catalogue."""
    console.print(say(key, **facts), markup=False)


def show(rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows in columns."""
    table = Table.grid(padding=(0, 3, 0, 0))
    for row in rows:
        table.add_row("", *row)
    console.print(table)


def debugging() -> bool:
    """Has whoever runs it asked for tracebacks?"""
    return os.environ.get("MASHANG_LOG_LEVEL", "").lower() == "debug"
