"""Words that are not codes, however much they look like one: OK, QQ, women, 重置.

A code may still be spelled like one of them, and typed alone it is that code.  What
these words stop is guessing: none is a slip of something else.

Does not: forbid a code; `lint` warns of one that reads like a word.
"""

from __future__ import annotations

import re

from mashang.codes.wordlists import sections

_SECTIONS = sections("everyday.txt")
_LAUGHTER = re.compile(r"([AEHOWXZ])\1{2,}|(?:HA|HE|XI|LO|HO){2,}L?")

_STOPPED = _SECTIONS["stopped"]
SILENT = _SECTIONS["silent"] | _STOPPED
ENGLISH = _SECTIONS["english"]
CHINESE = _SECTIONS["chinese"]
WHOLE_WORDS = SILENT | ENGLISH  # not only letters that stand for something
WORDS = frozenset().union(*_SECTIONS.values())


def is_word(word: str) -> bool:
    """A word of several letters that people say, in capitals."""
    return len(word) > 1 and word in WHOLE_WORDS


def is_noise(word: str) -> bool:
    """Chat, laughter or a number of everyday: no slip, and no reason to ask.  `word` is in capitals."""
    return (
        word in _STOPPED
        or (len(word) > 3 and word in WHOLE_WORDS)
        or (len(word) > 2 and word.isdigit())
        or _LAUGHTER.fullmatch(word) is not None
    )
