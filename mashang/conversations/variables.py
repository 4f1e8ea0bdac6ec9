"""Words that stand for what is known of a conversation: `{{customer}}`, `{{order}}`, `{{customer|亲}}`.

Whoever writes a canned reply names them; they are filled in when it is inserted.  What
is not known takes the words behind the bar; without any, the braces stay where they are
and are told as missing, so that a person fills them in before anything is sent.

Does not: know where the facts come from (`desk.inserting`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

NAMES = ("customer", "agent", "order", "code", "topic", "site", "department")
_SLOT = re.compile(r"\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}")


class Filled(msgspec.Struct, frozen=True):
    """A text with what is known in it, and the names of what is not, each once."""

    text: str
    missing: list[str]


def unknown(text: str) -> list[str]:
    """The names in braces that stand for nothing."""
    return [name for name, _ in _SLOT.findall(text) if name not in NAMES]


def fill(text: str, facts: Mapping[str, str | None]) -> Filled:
    """`text` for one conversation.  A fact is taken as it is: braces inside of one are never filled in turn."""
    missing: dict[str, None] = {}

    def known(found: re.Match[str]) -> str:
        name, instead = found.groups()
        fact = facts.get(name) or (instead or "").strip()
        if not fact:
            missing[name] = None
            return f"{{{{{name}}}}}"
        return fact

    return Filled(_SLOT.sub(known, text), list(missing))
