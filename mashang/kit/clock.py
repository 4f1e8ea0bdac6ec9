"""The clock of the program; the tests move it, and the database's with it.

SQL says `app_now()` for the same reason.  Time-outs of sockets and processes use
the loop's monotonic clock and are not moved.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta

# A time of day as people write it: 09:00.
ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]

_ahead = timedelta(0)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC) + _ahead


def set_ahead(ahead: timedelta) -> None:
    """For tests only: let `now()` run this far ahead of the machine's clock."""
    global _ahead
    _ahead = ahead
