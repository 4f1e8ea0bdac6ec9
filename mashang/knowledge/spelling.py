"""How words are compared, and how one is typed when it is not written out: as pinyin, in full or half, or with a slip.

Sounds are soft (`kit.sound`): zh is z, ng is n, as half the country speaks and types.  A run of letters can be read in
several ways, `fangan` as 方案 or 反感; the likely ones are all answered, the fewest syllables first.

Does not: know which words there are (`indexing`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from mashang.kit.folding import simplified
from mashang.kit.sound import readings, soften

_LONGEST_RUN = 40  # letters; nobody types more without a space
_LONGEST_SYLLABLE = 6
_WAYS = 3  # of reading one run
_HAN = range(0x3400, 0xA000)
_NEITHER = {"HM", "HNG", "M", "N", "NG", "FIAO", "EI", "O", "DEN", "KEI", "ZHEI"}  # exclamations, never typed
_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:ings?|ed|es|s|ly|ment)$")

TOKENS = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u9fff]")  # of a normal text: words, numbers, Chinese characters
Syllables = tuple[int, ...]


def normal(text: str) -> str:
    """As it is compared: full width made half, upper made lower, traditional made simplified.  Keeps no places."""
    return simplified(unicodedata.normalize("NFKC", text).casefold())


@lru_cache(65536)
def stem(word: str) -> str:
    """An English word roughly without its ending: refunds, refunded and refunding are refund."""
    return _ENDINGS.sub("", word)


@lru_cache(65536)
def sound(token: str) -> int:
    """The number of a Chinese character's commonest syllable; -1 for any other token."""
    return -1 if token.isascii() else int(tables()[0, ord(token)])


@cache
def syllables() -> tuple[str, ...]:
    """Every syllable there is, softly and in lower case; in order, so that those that begin alike stand together."""
    return tuple(sorted({soften(one).lower() for one in _hard()}))


@cache
def _hard() -> frozenset[str]:
    return frozenset(one for code in _HAN for one in readings(chr(code))) - _NEITHER


@cache
def _numbers() -> dict[str, int]:
    """What may be typed for a syllable, hard or soft, and its number."""
    known = {soft: number for number, soft in enumerate(syllables())}
    return known | {one.lower(): known[soften(one).lower()] for one in _hard()}


@cache
def tables() -> NDArray[np.int16]:
    """The two commonest readings of each character of the basic plane as numbers of syllables; -1: none."""
    table = np.full((2, 0x10000), -1, np.int16)
    for code in _HAN:
        known = [_numbers()[one.lower()] for one in readings(chr(code)) if one not in _NEITHER]
        if known:
            table[:, code] = known[0], known[-1]
    return table


@cache
def initials() -> NDArray[np.int64]:
    """The first letter of each syllable, 0 for a."""
    return np.array([ord(one[0]) - ord("a") for one in syllables()], np.int64)


@lru_cache(65536)
def first_letter(character: str) -> str:
    """Of a Chinese character's commonest syllable; `?` for anything else."""
    number = -1 if character.isascii() or ord(character) > 0xFFFF else int(tables()[0, ord(character)])
    return syllables()[number][0] if number >= 0 else "?"


def beginning(typed: str) -> tuple[int, int]:
    """The numbers of the syllables that begin with `typed`: from, to (not included)."""
    soft = soften(typed.upper()).lower()
    fitting = [number for number, one in enumerate(syllables()) if one.startswith(soft)]
    return (fitting[0], fitting[-1] + 1) if fitting else (0, 0)


@lru_cache(4096)
def read(run: str) -> tuple[tuple[Syllables, str], ...]:
    """The likely readings of a run of letters as syllables, each with what is left over: a syllable half typed."""
    if not 0 < len(run) <= _LONGEST_RUN:
        return ()
    even = whole(run)
    halves = [
        (ways, run[cut:])
        for cut in range(len(run) - 1, max(-1, len(run) - _LONGEST_SYLLABLE), -1)
        if run[cut:] not in _numbers() and beginning(run[cut:])[1]
        for ways in (whole(run[:cut]) if cut else ((),))
    ]
    found = [(ways, "") for ways in even] + halves
    return tuple(sorted(found, key=lambda one: (len(one[0]) + bool(one[1]), bool(one[1])))[:_WAYS])


@lru_cache(4096)
def whole(run: str) -> tuple[Syllables, ...]:
    """The readings of a run that come out even, the fewest syllables first."""
    ways: list[list[Syllables]] = [[()]]
    for end in range(1, len(run) + 1):
        here = [
            (*way, _numbers()[piece])
            for begin in range(max(0, end - _LONGEST_SYLLABLE), end)
            if (piece := run[begin:end]) in _numbers()
            for way in ways[begin]
        ]
        ways.append(sorted(set(here), key=len)[:_WAYS])
    return tuple(ways[-1])


def slipped(run: str) -> Iterator[Syllables]:
    """What a run may have been meant to be that has one wrong, missing, added or swapped letter within a syllable."""
    if not 4 <= len(run) <= _LONGEST_RUN // 2:
        return
    for begin in range(len(run)):
        before = whole(run[:begin])[:1] if begin else ((),)
        for end in range(begin + 1, min(len(run), begin + _LONGEST_SYLLABLE + 1) + 1) if before else ():
            after = whole(run[end:])[:1] if end < len(run) else ((),)
            for one in _near(run[begin:end]) if after else ():
                yield (*before[0], one, *after[0])


@lru_cache(8192)
def _near(piece: str) -> tuple[int, ...]:
    if len(piece) < 2:
        return ()
    near = process.extract(piece, list(_numbers()), scorer=OSA.distance, score_cutoff=1, limit=None)
    return tuple(dict.fromkeys(_numbers()[word] for word, _, _ in near))
