"""What stands around a conversation, by name in the reader's language: department, site, people and code."""

from __future__ import annotations

import msgspec


def ticket(number: int) -> str:
    """A queue number as people read it: like one drawn at a counter, not like a position."""
    return f"A{number:04}"


class Named(msgspec.Struct, frozen=True):
    """A department, site or agent by id and name."""

    id: str
    name: str


class TopicName(msgspec.Struct, frozen=True):
    """The code a conversation is about; its name is the code's when the topic is gone."""

    code: str
    name: str


def name_of(alias: str) -> str:
    """SQL: the name of a department or topic, in English when the statement's `en` is true and there is one."""
    return f"case when %(en)s and {alias}.name_en <> '' then {alias}.name_en else {alias}.name end"
