"""The product and the demo shop as processes, and Chromium: for journeys and chaos."""

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
