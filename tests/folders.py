"""Folders for servers that the tests start.

In memory where there is room: a test's own database is a thousand small files, made and removed again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

_MEMORY = Path("/dev/shm")  # noqa: S108 — everybody's, as /tmp is
_ROOM = 3 << 30  # bytes; a container often has 64 MB there


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder whose path is short and that the database's own account may enter; pytest's are neither."""
    prefix, place = f"mashang-{os.getpid()}-", _place()
    with tempfile.TemporaryDirectory(prefix=prefix, dir=place, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


def _place() -> Path | None:
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK):
        return None
    for left in _MEMORY.glob("mashang-*-*"):  # by tests that were killed: memory is not given back otherwise
        process = left.name.split("-")[1]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            shutil.rmtree(left, ignore_errors=True)
    return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM else None
