"""What a typed text may turn out to mean: a topic, several, none, an order, a minted code, a person.

Does not: decide which of them it is (`matching`).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mashang.codes.code import Topic
from mashang.codes.slips import Kind

How = Literal["exact", "alias", "in_text", "button", "pinyin", "homophone", "spoken"] | Kind
AS_TYPED = frozenset({"exact", "alias", "in_text", "button"})


class Matched(msgspec.Struct, frozen=True):
    """This topic, and how it was recognised."""

    topic: Topic
    how: How

    @property
    def corrected(self) -> bool:
        """Was something else typed than the customer is now told?"""
        return self.how not in AS_TYPED


class Ambiguous(msgspec.Struct, frozen=True):
    """It may be one of these, three at most; the customer chooses, or says that it is none."""

    topics: tuple[Topic, ...]


class Expired(msgspec.Struct, frozen=True):
    """This topic was named, and its time is over or it was taken out of use; `instead` is what to offer now."""

    topic: Topic
    instead: Topic | None


class Reference(msgspec.Struct, frozen=True):
    """This topic, about the order whose number ends in `digits`."""

    topic: Topic
    digits: str


class Person(msgspec.Struct, frozen=True):
    """A person is asked for, and no topic: straight into the queue."""


class Unknown(msgspec.Struct, frozen=True):
    """No topic was named."""


class Minted(msgspec.Struct, frozen=True):
    """A minted code with a right check character stands there, perhaps behind its topic; whose it is nobody says."""

    body: str
    topic: Topic | None


Answer = Matched | Ambiguous | Expired | Reference | Minted | Person | Unknown
