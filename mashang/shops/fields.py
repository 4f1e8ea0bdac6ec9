"""What an operator fills in to connect something, described for the page that asks for it.

One shape for shops of every kind and for the providers beside them; the page has the
words.  A secret goes one way: what is stored is never shown again, and an empty one
keeps what is there.

Does not: keep anything (`shop`, `providers`).
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mashang.kit.errors import Invalid
from mashang.shops.http import base_url_problem

FieldKind = Literal["text", "address", "number", "secret", "pem", "choice"]
_LONGEST = {"pem": 8192}
_LONGEST_LINE = 500


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field; `secret` and `pem` fields are sealed, all others are settings."""

    name: str
    kind: FieldKind = "text"
    required: bool = True
    choices: list[str] = []
    default: str = ""

    @property
    def is_sealed(self) -> bool:
        """Is it shown to nobody again?"""
        return self.kind in ("secret", "pem")


def read(fields: list[Field], given: dict[str, str], *, kept: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What was filled in, in the fields' own forms; raises Invalid naming the field.

    `kept` are sealed fields that have a value already: left empty, they are left out.
    """
    for name in given:
        if name not in {field.name for field in fields}:
            raise Invalid(field=name[:60], reason="unknown")
    return {field.name: value for field in fields if (value := _value(field, given.get(field.name, ""), kept)) != ""}


def _value(field: Field, text: str, kept: frozenset[str]) -> Any:
    text = text.strip() or field.default
    if len(text) > _LONGEST.get(field.kind, _LONGEST_LINE):
        raise Invalid(field=field.name, reason="too_long")
    if "\x00" in text or (field.kind != "pem" and any(ord(character) < 32 for character in text)):
        raise Invalid(field=field.name, reason="form")
    if not text:
        if field.required and field.name not in kept:
            raise Invalid(field=field.name, reason="required")
        return ""
    if field.kind == "choice" and text not in field.choices:
        raise Invalid(field=field.name, reason="choice")
    if field.kind == "address" and (problem := base_url_problem(text)):
        raise Invalid(field=field.name, reason=problem)
    if field.kind == "number":
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise Invalid(field=field.name, reason="number")
        return int(text)
    return text
