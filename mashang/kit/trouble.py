"""What stops the program, in one sentence for whoever runs it.

A `Refusal` is for the reader of an answer and an `Outage` for the log; `Trouble`
is for the person at the terminal: the port is taken, the disk is full.  It ends
the program with a non-zero status and without a traceback.  The sentence stands
in the catalogue under `trouble_…`, in the terminal's language.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import Any

from mashang.kit import i18n


class Trouble(Exception):
    """The program cannot go on; `code` and `facts` name the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def sentence(self, locale: str) -> str:
        """What to tell, in this language."""
        return i18n.sentence(f"trouble_{self.code}", locale, **self.facts)


def of_system(error: OSError) -> Trouble:
    """The trouble behind a failed system call."""
    what = {"path": error.filename or "", "reason": error.strerror or str(error)}
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Trouble("disk_full", **what)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Trouble("not_permitted", **what)
        case _:
            return Trouble("system", **what)


def of_database(error: Exception) -> Trouble:
    """The trouble behind a database that does not answer, ours or the one that was named."""
    reason = " ".join(str(error).split())[:300]
    if tells_of_a_full_disk(reason):
        return Trouble("disk_full", path="PostgreSQL", reason=reason)
    if not os.environ.get("MASHANG_DATABASE_URL"):
        return Trouble("database_silent", reason=reason)  # the embedded one
    return Trouble("database_unreachable", reason=reason)


def tells_of_a_full_disk(said: str) -> bool:
    """Does PostgreSQL say that there is no room left?  Of a page half written it only hints at it."""
    return os.strerror(errno.ENOSPC) in said or "Check free disk space" in said


def terminal_locale(environ: Mapping[str, str] = os.environ) -> str:
    """The terminal's language, as POSIX orders its variables; English unless it is Chinese."""
    tongue = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "zh-CN" if tongue.lower().startswith("zh") else "en"
