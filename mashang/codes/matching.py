"""Which topic somebody means by what they typed, or that nobody can tell.

Three rules, in order.  The whole text, reduced to letters and digits, *is* a code.
It is an alias, or the name a button shows.  Or it is a sentence with a code in it as a word of its own: between
Chinese characters, spaces and punctuation, never inside a longer Latin word, a
number, an address or something-joined-with-hyphens.  Several different codes in one
sentence are a question to the customer, not a guess.

The time is linear in the text, and a text longer than anybody types for a code is
not read at all: what is entered here comes from strangers.

Does not: correct slips or read pinyin and look-alikes; what is not matched is
Unknown and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from mashang.codes.code import Topic, fold, normalise

LONGEST_TEXT = 2000  # characters; longer is Unknown, unread
MOST_CHOICES = 3

How = Literal["exact", "alias", "in_text", "button"]


class Matched(msgspec.Struct, frozen=True):
    """This topic, and how it was recognised."""

    topic: Topic
    how: How


class Ambiguous(msgspec.Struct, frozen=True):
    """Two or three topics were named; the customer chooses."""

    topics: tuple[Topic, ...]


class Unknown(msgspec.Struct, frozen=True):
    """No topic was named."""


Answer = Matched | Ambiguous | Unknown

_UNKNOWN = Unknown()

# Letters and digits of every script that writes words with them: all below U+2000, after folding.
# Chinese, kana and symbols lie above and part words, as they do for readers.
_WORD = "0-9A-Z\u00aa-\u1fff"
_JOINER = "\\-_.@\u2010-\u2015"
_COMPOUND = re.compile(rf"[{_WORD}](?:[{_WORD}]|[{_JOINER}](?=[{_WORD}]))*")
_PARTED = re.compile(f"[{_JOINER}]")
_ADDRESS = re.compile(r"(?:[A-Z][A-Z0-9+.-]{0,20}://|WWW\.)[!-~]+|[!-~]{1,64}@[!-~]+")
# A code spelled out in a sentence: single characters, each apart from the next by one space or sign.
_SPELLED = re.compile(
    rf"(?<![{_WORD}])[A-Z0-9](?:[ \-.·]{{1,2}}[A-Z0-9](?![{_WORD}])){{1,7}}(?![ \-.·]{{0,2}}[{_WORD}])"
)


class Index:
    """All topics by what names them.  Made once from the rows and never changed."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        self.by_code = {topic.code: topic for topic in self.topics}
        self.by_alias = {normalise(alias): topic for topic in self.topics for alias in topic.aliases}
        self.by_name: dict[str, list[Topic]] = {}
        for topic in self.topics:
            for name in {normalise(topic.name), normalise(topic.name_en)} - {""}:
                self.by_name.setdefault(name, []).append(topic)

    def match(self, text: str) -> Answer:
        """The topic that `text` names."""
        if len(text) > LONGEST_TEXT:
            return _UNKNOWN
        normal = normalise(text)
        if topic := self.by_code.get(normal):
            return Matched(topic, "exact")
        if topic := self.by_alias.get(normal):
            return Matched(topic, "alias")
        if named := self.by_name.get(normal):
            return _one_of(tuple(named), "alias")
        return _one_of(tuple(dict.fromkeys(self._codes_in(_ADDRESS.sub(" ", fold(text))))), "in_text")

    def _codes_in(self, folded: str) -> Iterable[Topic]:
        for word in _COMPOUND.findall(folded):
            topics = [self.by_code.get(part) for part in _PARTED.split(word)]
            if all(topics):  # CZ-SH names two; DD-2024-0017 is somebody's order number and names none
                yield from filter(None, topics)
        for spelled in _SPELLED.findall(folded):
            if topic := self.by_code.get(normalise(spelled)):
                yield topic


def _one_of(named: tuple[Topic, ...], how: How) -> Answer:
    match named:
        case ():
            return _UNKNOWN
        case (topic,):
            return Matched(topic, how)
        case _:
            return Ambiguous(named[:MOST_CHOICES])
