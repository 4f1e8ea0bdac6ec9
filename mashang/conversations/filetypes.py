"""What an uploaded file truly is, and whether we take it.

The name says what somebody wants it to be; the first bytes say what it is.  A
picture is taken by its bytes, whatever its name, because it is written anew before
anybody sees it.  Everything else is taken only when both agree on a type of the
list; a web page or a program under another name is refused.

Does not: open the file or look for viruses.
"""

from __future__ import annotations

import io
import re
import zipfile

import msgspec
import puremagic

from mashang.kit.errors import Refusal
from mashang.kit.text import printable


class FileRefused(Refusal):
    """A type that cannot be sent here: `name`."""

    status, code = 415, "file_type_refused"


class FileDisguised(FileRefused):
    """Its name says one type and its bytes another: `name`."""

    code = "file_disguised"


class FileEmpty(FileRefused):
    """Nothing in it."""

    status, code = 422, "file_empty"


class FileType(msgspec.Struct, frozen=True):
    """A type that we take; `extension` has no dot."""

    media_type: str
    extension: str
    picture: bool = False


_PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
             "bmp": "image/bmp"}  # fmt: skip
_TEXTS = {"txt": "text/plain", "log": "text/plain", "csv": "text/csv"}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OTHERS = {
    "pdf": "application/pdf",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": _OFFICE + "wordprocessingml.document", "xlsx": _OFFICE + "spreadsheetml.sheet",
    "pptx": _OFFICE + "presentationml.presentation",
    "zip": "application/zip", "rar": "application/vnd.rar", "7z": "application/x-7z-compressed",
    "mp4": "video/mp4", "mov": "video/quicktime", "mp3": "audio/mpeg", "m4a": "audio/mp4",
}  # fmt: skip
# Families with one signature: any of these names in the list of guesses will do.
_ALSO_SEEN_AS = {
    "zip": {"zip", "docx"}, "mp3": {"mp3", "mpga"}, "xls": {"doc", "xls"}, "ppt": {"doc", "ppt"},
    "mp4": {"mp4", "m4v", "mov", "3gp"}, "mov": {"mov", "qt"}, "m4a": {"m4a", "mp4"},
}  # fmt: skip
_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[\s!?%a-z]|#!|@echo)", re.IGNORECASE)
_UNNAMEABLE = re.compile(r'[\\/:*?"<>|]+')
_LONGEST_NAME = 120
_WEAK = {"bmp"}  # two letters that many a text begins with: counts only when the name says so too


def recognise(name: str, data: bytes) -> FileType:
    """The type of an upload.  Raises FileEmpty, FileDisguised, FileRefused."""
    if not data:
        raise FileEmpty(name=name)
    seen, wanted = _seen(data), name.rpartition(".")[2].lower()
    if picture := next((extension for extension in _PICTURES if extension in seen - (_WEAK - {wanted})), None):
        return FileType(_PICTURES[picture], picture, picture=True)
    if wanted in _TEXTS:
        if not _is_text(data):
            raise FileDisguised(name=name)
        return FileType(_TEXTS[wanted], wanted)
    if wanted in _OTHERS:
        if not seen & _ALSO_SEEN_AS.get(wanted, {wanted}) or not _has_its_folder(wanted, data):
            raise FileDisguised(name=name)
        return FileType(_OTHERS[wanted], wanted)
    raise FileDisguised(name=name) if wanted in _PICTURES else FileRefused(name=name)


def clean_name(name: str, extension: str) -> str:
    """A name that cannot lead anywhere or pretend to be another type; it ends in `extension`."""
    stem = plain_name(name)
    given = stem.rpartition(".")[2].lower()
    if {given, extension} <= {"jpg", "jpeg"}:
        extension = given
    if given in {*_PICTURES, *_TEXTS, *_OTHERS}:
        stem = stem.rpartition(".")[0].rstrip(" .")
    return f"{stem[: _LONGEST_NAME - len(extension) - 1] or 'file'}.{extension}"


def plain_name(name: str) -> str:
    """The last part of a path, without what file systems and readers stumble over."""
    last = printable(name).replace("\\", "/").rpartition("/")[2]
    return " ".join(_UNNAMEABLE.sub("_", last).split()).strip(" .")


def _seen(data: bytes) -> set[str]:
    """Extensions that files with these first and last bytes go by."""
    try:
        guesses = puremagic.magic_string(data[:8192] + data[-8192:] if len(data) > 16384 else data)
    except puremagic.PureError:
        return set()
    return {str(guess.extension).lstrip(".").lower() for guess in guesses}


def _has_its_folder(extension: str, data: bytes) -> bool:
    """An office document is a zip with a folder of its own; only the list of contents is read."""
    if extension not in _FOLDERS:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.startswith(_FOLDERS[extension]) for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _is_text(data: bytes) -> bool:
    if b"\0" in data or _MARKUP.match(data):
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
