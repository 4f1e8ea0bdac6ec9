"""A line around the words that were looked for, in pieces: which are them and which stand beside.

Words are the same in full and half width, upper and lower case, as the database folds them.  One character may fold
into several; so it is remembered from which character of the text each folded one came.

Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import msgspec

_BEFORE, _LENGTH = 16, 90  # characters before the first word found, and in all


class Piece(msgspec.Struct, frozen=True, omit_defaults=True):
    """Some characters of the line; `found` when they are what was looked for."""

    text: str
    found: bool = False


def words_of(asked: str) -> list[str]:
    """The words of what was typed, folded."""
    return _folded(asked).split()


def excerpt(text: str, words: Sequence[str]) -> list[Piece]:
    """The pieces of one line of `text`, beginning a little before the first word."""
    line = " ".join(text.split())
    marks = _marks(line, words)
    first = marks.index(True) if True in marks else 0
    begin = max(0, first - _BEFORE) if len(line) > _LENGTH else 0
    end = begin + _LENGTH
    pieces = [Piece("…")] if begin else []
    pieces += _pieces(line[begin:end], marks[begin:end])
    return [*pieces, Piece("…")] if end < len(line) else pieces


def _marks(line: str, words: Sequence[str]) -> list[bool]:
    folded, source = "", []
    for at, character in enumerate(line):
        one = _folded(character)
        folded += one
        source += [at] * len(one)
    marks = [False] * len(line)
    for word in words:
        at = folded.find(word)
        while at >= 0:
            for place in source[at : at + len(word)]:
                marks[place] = True
            at = folded.find(word, at + len(word))
    return marks


def _pieces(line: str, marks: Sequence[bool]) -> Iterator[Piece]:
    begin = 0
    for at in range(1, len(line) + 1):
        if at == len(line) or marks[at] != marks[begin]:
            yield Piece(line[begin:at], marks[begin])
            begin = at


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
