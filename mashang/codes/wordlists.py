"""Lists of words kept beside the code: a title in brackets, then words until the next one.

Does not: know what the words are for.
"""

from __future__ import annotations

import re
from pathlib import Path

_SECTION = re.compile(r"^\[([a-z ]+)\].*\n((?:[^\n\[#].*\n?)+)", re.MULTILINE)


def sections(file: str) -> dict[str, frozenset[str]]:
    """The words of a file beside this one by the title of their section, in capitals."""
    text = Path(__file__).with_name(file).read_text("utf-8")
    return {title: frozenset(words.upper().split()) for title, words in _SECTION.findall(text)}
