"""The file of a backup: a tar that begins with a word of ours and ends with what must be in it.

    mashang-backup    the number of this form
    …                 the parts: database.dump, secret.key, files/…
    manifest.json     who made it, when, how many rows, and size and SHA-256 of each part
    manifest.sha256   of the manifest

Any tar program can open it.  A file that was cut short has no manifest and is refused; one in which a
byte has changed no longer fits its sums.

Does not: say what goes in (`backup.py`) or where it comes out (`restore.py`).
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from mashang.kit import clock
from mashang.kit.trouble import Trouble

MARK, FORM = "mashang-backup", 1
DATABASE, KEY, FILES = "database.dump", "secret.key", "files/"
_PART = re.compile(r"database\.dump|secret\.key|demo(-shop)?\.json|files/[0-9a-f]{40}")
_MANIFEST, _SUM = "manifest.json", "manifest.sha256"
_LARGEST_MANIFEST = 512 * 1024 * 1024
_CHUNK = 256 * 1024
_BLOCK = 512  # of a tar


class Part(msgspec.Struct, frozen=True):
    """One member of the file."""

    name: str
    size: int
    sha256: str


class Made(msgspec.Struct, frozen=True):
    """What a backup is of: the release, its migrations, and the rows of each table."""

    version: str
    made_at: datetime
    migrations: list[str]
    rows: dict[str, int]


class Manifest(Made, frozen=True):
    """What must be in the file."""

    parts: list[Part]


class Writing:
    """A backup being written to a file that can be sought in; `add` what goes in, then `finish`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.parts: list[Part] = []
        self._add(MARK, [b"%d\n" % FORM])

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """A part, as it comes; its size need not be known before."""
        self.parts.append(self._add(name, chunks))

    def finish(self, made: Made) -> None:
        """The last two members and the end of the tar."""
        manifest = msgspec.json.encode(Manifest(**msgspec.structs.asdict(made), parts=self.parts))
        written = self._add(_MANIFEST, [manifest])
        self._add(_SUM, [written.sha256.encode()])
        self._file.write(bytes(2 * _BLOCK))

    def _add(self, name: str, chunks: Iterable[bytes]) -> Part:
        """The header stands before the bytes and names their number: it is written when they are there."""
        start, size, digest = self._file.tell(), 0, hashlib.sha256()
        self._file.write(bytes(_BLOCK))
        for chunk in chunks:
            digest.update(chunk)
            size += self._file.write(chunk)
        self._file.write(bytes(-size % _BLOCK))
        end = self._file.tell()
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size, 0o600, int(clock.now().timestamp())
        self._file.seek(start)
        self._file.write(header.tobuf(tarfile.GNU_FORMAT))
        self._file.seek(end)
        return Part(name, size, digest.hexdigest())


class Reading:
    """A backup that was opened; its manifest is whole, its parts are looked at by `verify`."""

    def __init__(self, path: Path, tar: tarfile.TarFile) -> None:
        self.path = path
        self._tar = tar
        self._members = {member.name: member for member in tar}
        self.manifest = self._manifest()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part.  Raises Trouble, at the latest after the last, when they are not the manifest's."""
        return self._checked(next(part for part in self.manifest.parts if part.name == name))

    def verify(self) -> None:
        """Read everything once; raises Trouble."""
        for part in self.manifest.parts:
            for _ in self._checked(part):
                pass

    def _checked(self, part: Part) -> Iterator[bytes]:
        member, digest = self._members.get(part.name), hashlib.sha256()
        if member is None or not member.isreg() or member.size != part.size:
            raise self._damaged(part.name)
        stream = self._tar.extractfile(member)
        while stream and (chunk := stream.read(_CHUNK)):
            digest.update(chunk)
            yield chunk
        if digest.hexdigest() != part.sha256:
            raise self._damaged(part.name)

    def _manifest(self) -> Manifest:
        encoded, expected = self._small(_MANIFEST), self._small(_SUM)
        if hashlib.sha256(encoded).hexdigest().encode() != expected:
            raise self._damaged(_MANIFEST)
        manifest = msgspec.json.decode(encoded, type=Manifest)
        names = [part.name for part in manifest.parts]
        if not {DATABASE, KEY} <= set(names) or not all(map(_PART.fullmatch, names)):
            raise self._damaged(_MANIFEST)
        return manifest

    def _small(self, name: str) -> bytes:
        member = self._members.get(name)
        stream = member and member.size <= _LARGEST_MANIFEST and self._tar.extractfile(member)
        if not stream:
            raise self._damaged(name)
        return stream.read()

    def _damaged(self, part: str) -> Trouble:
        return Trouble("backup_damaged", path=self.path, part=part)


@contextmanager
def opened(path: Path) -> Iterator[Reading]:
    """A backup to read; raises Trouble for a file that is none, a damaged one, and one of a newer form."""
    if not path.is_file():
        raise Trouble("backup_missing", path=path)
    form = form_of(path)
    if form is None:
        raise Trouble("backup_foreign", path=path)
    if form > FORM:
        raise Trouble("backup_newer", path=path, name=f"{MARK} {form}")
    try:
        with tarfile.open(path, "r:") as tar:
            yield Reading(path, tar)
    except (tarfile.TarError, msgspec.MsgspecError, EOFError) as error:
        raise Trouble("backup_damaged", path=path, part=type(error).__name__) from error


def form_of(path: Path) -> int | None:
    """The number of the form of a backup of ours; None for any other file."""
    with path.open("rb") as file:
        start = file.read(2 * _BLOCK)
    try:
        header = tarfile.TarInfo.frombuf(start[:_BLOCK], "utf-8", "strict")
        return int(start[_BLOCK:].rstrip(b"\0")) if header.name == MARK else None
    except (tarfile.HeaderError, ValueError):
        return None
