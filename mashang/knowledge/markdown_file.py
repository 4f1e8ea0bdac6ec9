"""Knowledge as a folder of Markdown files, zipped: `KEY/zh-CN.md`, `KEY/en.md` and `pictures/`.

Each file begins with front matter (YAML between two lines of `---`): title and phrasings of its language, and in one of
the two what holds of the article as a whole.  Pictures are linked as they lie, so that any editor shows them.

Does not: unpack anything to a disk, or trust what an archive says of its sizes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import msgspec
import yaml

from mashang.knowledge.article import LOCALES
from mashang.knowledge.encoding import NotText, decoded
from mashang.knowledge.interchange import MOST_ARTICLES, File, Line, Place, checked
from mashang.knowledge.phrasing import Locale
from mashang.knowledge.rendering import PICTURES

LARGEST = 64 * 1024 * 1024  # bytes of all files together, unpacked
_MOST_FILES = MOST_ARTICLES * 3
_LONGEST_HEAD = 200_000
_DEEPEST = 4
_HEAD = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LINKED = re.compile(r"(?<=\]\()(?:\.{1,2}/)*pictures/([^)\s/]+)(?=[)\s])")
_OURS = re.compile(re.escape(PICTURES) + r"([0-9A-Za-z]{1,32})")
_LISTS = ("phrasings", "codes", "departments")
_MAY_BE_EMPTY = ("owner", "valid_from", "valid_until", "review_on", "playbook")


def read(data: bytes) -> File:
    """The articles, and each file that is none."""
    file = File("markdown")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts = _texts(archive, file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        file.wrong(Place(1), "import_no_archive")
        return file
    for key in texts:
        _article(key, texts[key], file)
    return file


def _texts(archive: zipfile.ZipFile, file: File) -> dict[str, dict[Locale, tuple[str, bytes]]]:
    """By article and language, with the name in the archive; pictures go into `file`."""
    found: dict[str, dict[Locale, tuple[str, bytes]]] = {}
    left = LARGEST
    listed = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
    if len(listed) > _MOST_FILES:
        file.wrong(Place(1), "import_too_many", most=_MOST_FILES)
        return {}
    for one in listed:
        path = PurePosixPath(one.filename.replace("\\", "/"))
        with archive.open(one) as entry:
            data = entry.read(left + 1)
        left -= len(data)
        if left < 0:
            file.wrong(Place(1, one.filename), "import_too_large", megabytes=LARGEST >> 20)
            return {}
        if path.parent.name == "pictures":
            file.pictures[path.name] = data
        elif path.suffix == ".md" and path.stem in LOCALES and path.parent.name:
            locale = next(name for name in LOCALES if name == path.stem)
            found.setdefault(path.parent.name, {})[locale] = (one.filename, data)
        else:
            file.wrong(Place(1, one.filename), "import_strange_file")
    return found


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _article(key: str, texts: Mapping[Locale, tuple[str, bytes]], file: File) -> None:
    whole: dict[str, Any] = {"key": key}
    place = Place(1, next(iter(texts.values()))[0])
    for locale in (one for one in LOCALES if one in texts):
        name, data = texts[locale]
        try:
            text, file.encoding = decoded(data)
            head, body = _parts(text)
        except NotText as wrong:
            return file.wrong(Place(wrong.line, name), "import_encoding")
        except ValueError as wrong:
            return file.wrong(Place(int(str(wrong)), name), "import_head")
        whole.setdefault("body", {})[locale] = body.strip("\n")
        for field in ("title", "phrasings"):
            if field in head:
                whole.setdefault(field, {})[locale] = head.pop(field)
        for field, value in head.items():
            if whole.setdefault(field, value) != value:
                return file.wrong(Place(1, name), "import_differs", field=field[:40])
    try:
        file.lines.append((place, checked(whole, typed=False)))
    except ValueError as wrong:
        file.wrong(place, "import_field", field=str(wrong))
    return None


def _parts(text: str) -> tuple[dict[str, Any], str]:
    """Front matter and body; raises ValueError with the line that is not right."""
    found = _HEAD.match(text)
    if not found or len(found[1]) > _LONGEST_HEAD:
        raise ValueError(1)
    try:
        _demand_plain(found[1])
        head = yaml.load(found[1], Loader=yaml.BaseLoader)  # noqa: S506 — words only: makes no objects at all
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(2 + (mark.line if mark else 0)) from None
    if not isinstance(head, dict):
        raise ValueError(2)  # noqa: TRY004 — says the line
    for name in _LISTS:
        if head.get(name) == "":
            head[name] = []
    for name in _MAY_BE_EMPTY:
        if head.get(name) in ("", "null", "~"):
            head[name] = None
    return head, text[found.end() :]


def _demand_plain(head: str) -> None:
    """A few levels and no repetition by reference: nothing small that becomes enormous."""
    depth = 0
    for event in yaml.parse(head, Loader=yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
            raise ValueError(2 + event.start_mark.line)


def linked(body: str) -> set[str]:
    """The names of pictures in the archive that a text shows."""
    return set(_LINKED.findall(body))


def with_addresses(body: str, addresses: Mapping[str, str]) -> str:
    """The text with our addresses in place of the names in the archive."""
    return _LINKED.sub(lambda found: addresses.get(found[1], found[0]), body)


def shown_in(body: str) -> set[str]:
    """The public ids of our pictures that a text shows."""
    return set(_OURS.findall(body))


def write(lines: Sequence[Line], pictures: Mapping[str, tuple[str, bytes]]) -> bytes:
    """What `read` reads; `pictures` are names and bytes by public id."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for line in lines:
            for locale, text in _files(line, pictures).items():
                archive.writestr(f"{line.key or 'new-article'}/{locale}.md", text)
        for name, data in pictures.values():
            archive.writestr(zipfile.ZipInfo(f"pictures/{name}"), data)
    return out.getvalue()


def _files(line: Line, pictures: Mapping[str, tuple[str, bytes]]) -> dict[Locale, str]:
    facts: dict[str, Any] = msgspec.to_builtins(line)
    of_language = {name: facts.pop(name, {}) for name in ("title", "body", "phrasings")}
    facts.pop("key", None)
    files: dict[Locale, str] = {}
    for locale in (one for one in LOCALES if any(one in values for values in of_language.values())):
        head = {"title": of_language["title"].get(locale, ""), **({} if files else facts)}
        head["phrasings"] = of_language["phrasings"].get(locale, [])
        body = _OURS.sub(lambda found: _file_of(found, pictures), of_language["body"].get(locale, ""))
        front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1000)
        files[locale] = f"---\n{front}---\n\n{body}\n"
    return files


def _file_of(found: re.Match[str], pictures: Mapping[str, tuple[str, bytes]]) -> str:
    return f"../pictures/{pictures[found[1]][0]}" if found[1] in pictures else found[0]
