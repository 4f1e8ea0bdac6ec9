"""What was searched, marked in what was found: in a title, and in the part of a body that fits best.

A Chinese character is marked where two neighbours are those of the query, or sound like them; a word where it begins
like one of the query's.

Does not: decide what is found (`indexing`), or draw anything: marks are places in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import msgspec

from mashang.knowledge import spelling
from mashang.knowledge.spelling import TOKENS, normal, sound, stem

_LOOKED_AT = 4000  # characters of a body
_WIDTH = 150  # of an excerpt, in columns: a Chinese character is two
_BEFORE = 30
_GAP = re.compile(r"\s+")


class Marked(msgspec.Struct, frozen=True):
    """A text, and from where to where (not included) it is marked; marks are in order and apart."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def mark(text: str, asked: str) -> Marked:
    """The text with the query's words marked; `asked` is normal already."""
    wanted = _wanted(asked)
    plain = "".join(map(_plain, text))
    marks: list[tuple[int, int]] = []
    for begin, end in sorted(wanted.places(plain)):
        if marks and begin <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((begin, end))
    return Marked(text, tuple(marks))


def excerpt(body: str, asked: str) -> Marked:
    """A line or two of a body: around the first place where most of the query stands together, else its beginning."""
    line = _GAP.sub(" ", body[:_LOOKED_AT]).strip()
    marks = mark(line, asked).marks
    around = max(
        marks,
        key=lambda one: sum(min(end, one[0] + 60) - begin for begin, end in marks if one[0] <= begin < one[0] + 60),
        default=(0, 0),
    )
    begin = _start(line, around[0])
    end = _end(line, begin)
    head, tail = "…" if begin else "", "…" if end < len(line) else ""
    shift = len(head) - begin
    kept = tuple((one + shift, min(other, end) + shift) for one, other in marks if begin <= one < end)
    return Marked(head + line[begin:end].rstrip() + tail, kept)


def _start(line: str, at: int) -> int:
    """Where the sentence begins, when that is near."""
    if at <= _BEFORE:
        return 0
    begins = [
        found.end() for found in re.finditer(r"[\u3002\uff01\uff1f\uff1b!?;]\s*|\.\s|\s", line[at - _BEFORE : at])
    ]
    return at - _BEFORE + (begins[0] if begins else 0)


def _end(line: str, begin: int) -> int:
    room = _WIDTH
    for at in range(begin, len(line)):
        room -= 2 if unicodedata.east_asian_width(line[at]) in "WF" else 1
        if room < 0:
            cut = line.rfind(" ", begin, at) if line[at - 1].isascii() else at
            return cut if cut > begin else at
    return len(line)


@lru_cache(16384)
def _plain(character: str) -> str:
    """One character as it is compared, in one place."""
    folded = normal(character)
    return folded if len(folded) == 1 else character


@lru_cache(64)
def _wanted(asked: str) -> _Wanted:
    return _Wanted(asked)


class _Wanted:
    """What a query wants marked."""

    def __init__(self, asked: str) -> None:
        tokens = TOKENS.findall(asked)
        self._words = tuple({stem(one) for one in tokens if one.isascii() and len(one) > 1})
        self._letters = asked.strip() if re.fullmatch("[a-z]{2,12}", asked.strip()) else ""
        self._single = tokens[0] if len(tokens) == 1 and not tokens[0].isascii() else ""
        self._sounds = {pair for way in _ways(tokens) for pair in pairwise(way) if min(pair) >= 0}

    def places(self, plain: str) -> Iterator[tuple[int, int]]:
        """Where in a text; may overlap."""
        tokens = [(found.start(), found.group()) for found in TOKENS.finditer(plain)]
        for at, token in tokens:
            if token.isascii() and token.startswith(self._words):
                yield at, at + len(token)
            elif token == self._single:
                yield at, at + 1
        yield from self._short(plain)
        for (at, one), (following, other) in pairwise(tokens):
            beside = following == at + 1 and not one.isascii() and not other.isascii()
            if beside and (sound(one), sound(other)) in self._sounds:
                yield at, at + 2

    def _short(self, plain: str) -> Iterator[tuple[int, int]]:
        """Where it is typed by its first letters."""
        if self._letters:
            firsts = "".join(spelling.first_letter(one) for one in plain)
            at = firsts.find(self._letters)
            while at >= 0:
                yield at, at + len(self._letters)
                at = firsts.find(self._letters, at + 1)


def _ways(tokens: list[str]) -> Iterator[list[int]]:
    """The query as syllables: as written, and as its letters may be read."""
    readings = [spelling.read(one) if one.isascii() and one.isalpha() else () for one in tokens]
    for way in range(max(map(len, readings), default=0) or 1):
        yield [
            one
            for token, read in zip(tokens, readings, strict=True)
            for one in (read[min(way, len(read) - 1)][0] if read else (sound(token),))
        ]
