"""CSV files that spreadsheets open: how a cell is written so that it stays text, and read back.

UTF-8 with the mark that Excel asks for.  A cell that a spreadsheet would take for a formula gets an apostrophe before
it: strangers choose the words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def line(cells: Iterable[object]) -> str:
    """One line of the file."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_safe(str(cell)) for cell in cells])
    return written.getvalue()


def unguarded(cell: str) -> str:
    """What a cell said before `line` wrote it."""
    return cell[1:] if cell.startswith("'") and _is_guarded(cell[1:]) else cell


def _safe(cell: str) -> str:
    return f"'{cell}" if _is_guarded(cell) else cell


def _is_guarded(cell: str) -> bool:
    return cell.lstrip("'").startswith(_FORMULA)
