"""Knowledge as a table for Excel: one article a row, phrasings in one cell, a line each.

The first row names the columns, in Chinese, in English or by their names in JSONL; only `key` must be there, empty
for a new article, and what has no column stays as it is.  Times without a zone are on the installation's clock.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from mashang.kit import i18n, sheet
from mashang.knowledge.interchange import File, Line, Place, checked
from mashang.knowledge.phrasing import Locale

COLUMNS = (
    "key", "category", "category_en", "title", "title_en", "body", "body_en", "phrasings", "phrasings_en", "codes",
    "departments", "owner", "valid_from", "valid_until", "review_on", "status", "playbook", "procedure_only",
)  # fmt: skip
_LISTS = re.compile(r"[,;\n\uff0c\u3001\uff1b]+")
_MOMENT = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?(?:\s*(\d{1,2}):(\d{2})(?::\d{2})?)?")


def heading(column: str, locale: str) -> str:
    """What a column is called."""
    return i18n.sentence(f"article_column_{column}", locale)


def read(text: str, encoding: str, zone: ZoneInfo) -> File:
    """The articles, and each row that is none."""
    file = File("csv", encoding)
    rows = _rows(text, file)
    first = next(rows, None)
    if first is None:
        return file
    columns = _columns(first[1], file)
    for number, cells in rows if columns else ():
        if any(cell.strip() for cell in cells[len(columns) :]):
            file.wrong(Place(number), "import_row")
        elif any(cell.strip() for cell in cells):
            try:
                values = dict(zip(columns, map(sheet.unguarded, cells), strict=False))
                file.lines.append((Place(number), checked(_values(values, zone), typed=False)))
            except ValueError as wrong:
                file.wrong(Place(number), "import_field", field=str(wrong))
    return file


def _rows(text: str, file: File) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number as a spreadsheet counts it, however many lines its cells have."""
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, cells
    except csv.Error:
        file.wrong(Place(number + 1), "import_no_table")


def _columns(cells: Sequence[str], file: File) -> list[str]:
    names = {name: name for name in COLUMNS}
    for locale in i18n.LOCALES:
        names |= {heading(name, locale).casefold(): name for name in COLUMNS}
    columns = [names.get(cell.strip().casefold(), "") for cell in cells]
    for cell, column in zip(cells, columns, strict=True):
        if not column or columns.count(column) > 1:
            file.wrong(Place(1), "import_column", column=cell.strip()[:40])
    if "key" not in columns:
        file.wrong(Place(1), "import_no_key")
    return [] if file.problems else columns


def _values(cells: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, cell in cells.items():
        name, locale = _of_language(column)
        if locale:
            values.setdefault(name, {})[locale] = cell.splitlines() if name == "phrasings" else cell
        elif cell.strip() or name not in _MEANINGS:  # neither yes nor no: as it is
            values[name] = _value(name, cell.strip(), zone)
    return values


def _of_language(column: str) -> tuple[str, Locale | None]:
    name = column.removesuffix("_en")
    if name not in {"title", "body", "phrasings"}:
        return column, None
    return name, "zh-CN" if name == column else "en"


def _value(name: str, cell: str, zone: ZoneInfo) -> Any:
    match name:
        case "codes" | "departments":
            return [one.strip() for one in _LISTS.split(cell) if one.strip()]
        case "valid_from" | "valid_until" | "review_on":
            return _moment(cell, zone, name) or None
        case "owner" | "playbook":
            return cell or None
        case "status" | "procedure_only":
            return _meant(cell, name)
        case _:
            return cell


def _moment(cell: str, zone: ZoneInfo, name: str) -> str:
    """As ISO has it; also as Excel rewrites dates."""
    found = _MOMENT.fullmatch(cell)
    if not found:
        return cell
    year, month, day, hour, minute = (int(one or 0) for one in found.groups())
    try:
        at = datetime(year, month, day, hour, minute, tzinfo=zone)
    except ValueError:
        raise ValueError(name) from None
    return at.date().isoformat() if name == "review_on" else at.isoformat()


_MEANINGS = {
    "status": {"draft": "draft", "published": "published"},
    "procedure_only": {"yes": "true", "no": "false"},
}


def _meant(cell: str, name: str) -> str:
    for meaning, value in _MEANINGS[name].items():
        if cell.casefold() in {i18n.sentence(f"article_{meaning}", one).casefold() for one in i18n.LOCALES}:
            return value
    return cell.lower()


def write(lines: Sequence[Line], locale: str) -> bytes:
    """What `read` reads, with headings in the reader's language."""
    told = [sheet.line(heading(name, locale) for name in COLUMNS)]
    told += [sheet.line(_cell(line, name, locale) for name in COLUMNS) for line in lines]
    return (sheet.MARK + "".join(told)).encode()


def _cell(line: Line, column: str, locale: str) -> str:
    name, language = _of_language(column)
    value = getattr(line, name)
    if value is UNSET or value is None:
        return ""
    if language:
        words = value.get(language, "")
        return words if isinstance(words, str) else "\n".join(words)
    if isinstance(value, list):
        return ", ".join(value)
    if name in _MEANINGS:
        meaning = value if name == "status" else "yes" if value else "no"
        return i18n.sentence(f"article_{meaning}", locale)
    return str(msgspec.to_builtins(value))
