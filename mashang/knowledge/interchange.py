"""The knowledge as files hold it: one article as a line, whatever the format, and what is wrong with a file.

What a line does not name stays as it is in an article that exists; so a file of texts touches no phrasings.  What has a
row of its own is named: category and departments by name, the owner by login.

Does not: know a format (`jsonl_file`, `csv_file`, `markdown_file`) or the rows (`importing`, `exporting`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from mashang.knowledge.article import KEY, Code, Key
from mashang.knowledge.phrasing import Locale

Format = Literal["jsonl", "csv", "markdown"]
MOST_ARTICLES = 2000
_LONGEST_NAME = 100
_UNKNOWN = "Object contains unknown field `"

Name = Annotated[str, Meta(max_length=_LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = dict[Locale, str]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One article; what is UNSET is not named.  Without a key it is a new one, and gets a key from its title."""

    key: Key = ""
    category: Name | UnsetType = UNSET
    category_en: Name | UnsetType = UNSET
    title: Words | UnsetType = UNSET
    body: Words | UnsetType = UNSET
    phrasings: dict[Locale, list[str]] | UnsetType = UNSET
    codes: list[Code] | UnsetType = UNSET
    departments: list[Name] | UnsetType = UNSET
    owner: Name | UnsetType | None = UNSET
    valid_from: Annotated[datetime, Meta(tz=True)] | UnsetType | None = UNSET
    valid_until: Annotated[datetime, Meta(tz=True)] | UnsetType | None = UNSET
    review_on: date | UnsetType | None = UNSET
    status: Literal["draft", "published"] | UnsetType = UNSET
    playbook: Annotated[str, Meta(pattern=KEY)] | UnsetType | None = UNSET
    procedure_only: bool | UnsetType = UNSET


FIELDS = Line.__struct_fields__


class Place(msgspec.Struct, frozen=True):
    """Where something stands: the line of a file, of an archive also which."""

    line: int
    file: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Why a file cannot be taken as it is: `code` and `facts` become a sentence."""

    place: Place
    code: str
    facts: Mapping[str, Any] = {}


class File(msgspec.Struct):
    """What was read of a file; `pictures` by their path in an archive."""

    format: Format
    encoding: str = "UTF-8"
    lines: list[tuple[Place, Line]] = []
    problems: list[Problem] = []
    pictures: dict[str, bytes] = {}

    def wrong(self, place: Place, code: str, **facts: Any) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, code, facts))


def checked(values: Mapping[str, Any], *, typed: bool) -> Line:
    """A line from what was read; without types (`typed` False) words stand for numbers, dates and yes or no.

    Raises ValueError: the path of the field that is not right.
    """
    try:
        return msgspec.convert(values, Line, strict=typed)
    except msgspec.ValidationError as error:
        raise ValueError(field_of(error)) from None


def field_of(error: msgspec.ValidationError) -> str:
    """The field a message of the decoder is about: `title`, `phrasings[...]`; else its own words."""
    told = str(error)
    _, found, path = told.rpartition(" - at `$.")
    if found:
        return path.rstrip("`")
    return told.rpartition("`")[0].rpartition("`")[2] or "?"


def unknown_field(error: msgspec.ValidationError) -> str | None:
    """The field that no line has, where a message of the decoder is about one."""
    told = str(error)
    return told.partition("`")[2].rstrip("`") if told.startswith(_UNKNOWN) and " - at `$" not in told else None
