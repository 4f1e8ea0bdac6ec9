"""Folders for servers that the tests start."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder whose path is short and that the database's own account may enter; pytest's are neither."""
    with tempfile.TemporaryDirectory(prefix="mashang-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
