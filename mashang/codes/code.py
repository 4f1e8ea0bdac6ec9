"""What a service code is: its form, and how a typed one is read.

A topic code is two to eight capital letters and digits, chosen by the operator,
public, and worth nothing as proof of anything.  People type it in any case, full
width, with spaces, in 【brackets】, copied together with marks nobody sees; all of
that is the same code.

Does not: look for codes inside sentences (`matching`) or know which codes there
are (`topics`).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import msgspec

TOPIC_CODE = re.compile(r"[A-Z0-9]{2,8}")

# A joiner between letters of one word: soft hyphen, zero-width marks, direction marks and
# overrides, the byte-order mark.  Whoever copies text copies them along without seeing them.
_INVISIBLE = re.compile(
    "[\u0000\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)


class Topic(msgspec.Struct, frozen=True):
    """What a topic code stands for; `id` and `department_id` are row numbers."""

    id: int
    public_id: str
    code: str
    name: str
    name_en: str
    department_id: int
    department_public_id: str
    department: str
    department_en: str
    greeting: str
    greeting_en: str
    icon: str
    context: tuple[str, ...]
    shown: bool
    position: int
    aliases: tuple[str, ...] = ()
    takes_reference: bool = False  # digits behind the code name an order
    expires_at: datetime | None = None
    required_tier: int = 1  # 1 junior, 2 senior, 3 expert
    skills: tuple[str, ...] = ()
    priority: int = 0
    successor_id: int | None = None  # what to take once its time is over, as the operator named it
    successor: str | None = None  # its code
    answers_with: str = ""  # what answers before anybody queues: article, template, playbook; nothing
    answer_key: str = ""  # of the article or playbook
    answer_text: str = ""  # a template's own words
    answer_text_en: str = ""

    def has_expired(self, now: datetime) -> bool:
        """Is its time over?"""
        return self.expires_at is not None and self.expires_at <= now

    def called(self, locale: str) -> str:
        """Its name for a reader of `locale`."""
        return self.name_en if locale == "en" and self.name_en else self.name

    def answers(self, locale: str) -> str:
        """Its template for a reader of `locale`."""
        return self.answer_text_en if locale == "en" and self.answer_text_en else self.answer_text

    def greets(self, locale: str) -> str:
        """Its first sentence to a reader of `locale`."""
        return self.greeting_en if locale == "en" and self.greeting_en else self.greeting


def unify(text: str) -> str:
    """`text` with its look evened out and invisible marks gone; words stay apart and keep their case."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def fold(text: str) -> str:
    """`text` with look and case evened out and invisible marks gone; its words stay apart."""
    return unify(text).upper()


def normalise(text: str) -> str:
    """Only the letters and digits of `text`, folded: what two ways of typing one code share."""
    return "".join(filter(str.isalnum, fold(text)))


def is_topic_code(text: str) -> bool:
    """Does this have the form of a topic code, as stored?"""
    return TOPIC_CODE.fullmatch(text) is not None
