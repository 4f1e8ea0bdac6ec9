"""Files on disk, under names that tell nothing.

A file appears whole or not at all: it is written beside its place, flushed, and
renamed.  Whoever keeps a key writes the key to the database first, so that a crash
leaves a row without a file, which a sweep finds, and never a file without a row.

Does not: know what a file is, who may read it, or when it is no longer wanted.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

_KEY = re.compile(r"[0-9a-f]{40}")
_CHUNK = 256 * 1024
LARGEST = 10 * 1024 * 1024


class Storage:
    """A folder of files; `limit` is the size in bytes that one upload may have."""

    def __init__(self, folder: Path, limit: int = LARGEST) -> None:
        self._folder = folder
        self.limit = limit

    @staticmethod
    def new_key() -> str:
        """A name for a file that does not exist yet; 160 random bits."""
        return secrets.token_hex(20)

    async def put(self, key: str, data: bytes) -> None:
        """Store a file; after this returns it survives a power cut."""
        await asyncio.to_thread(_write, self.place(key), data)

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """The file in chunks; FileNotFoundError before the first one when there is none."""
        file = await asyncio.to_thread(self.place(key).open, "rb")
        return _chunks(file.fileno(), file)

    async def delete(self, key: str) -> None:
        """Remove a file; one that does not exist is fine."""
        await asyncio.to_thread(self.place(key).unlink, missing_ok=True)

    def kept(self) -> Iterator[tuple[str, Path]]:
        """Every file there is, and where; for backups."""
        for path in sorted(self._folder.glob("??/*")):
            if _KEY.fullmatch(path.name):
                yield path.name, path

    def size(self, key: str) -> int | None:
        """In bytes; None when there is no such file."""
        try:
            return self.place(key).stat().st_size
        except FileNotFoundError:
            return None

    def place(self, key: str) -> Path:
        """Where a file of this name lies, whether there is one or not."""
        if not _KEY.fullmatch(key):
            raise ValueError("not a key of this storage")
        return self._folder / key[:2] / key


async def _chunks(descriptor: int, file: object) -> AsyncIterator[bytes]:
    try:
        while chunk := await asyncio.to_thread(os.read, descriptor, _CHUNK):
            yield chunk
    finally:
        file.close()  # type: ignore[attr-defined]  # kept open by this reference


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    beside = path.with_suffix(".part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
