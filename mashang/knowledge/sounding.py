"""What was meant by pinyin: the characters that this knowledge writes for those sounds.

`chongzhi meidaozhang` is 充值没到账 wherever somebody wrote that, and is found like it.  Letters are taken for
syllables only where all words of a question come out even as syllables, and not all of them are English words; what
stands between is kept.  `czmdz` is what a title or a phrasing begins with by its first letters: a guess, and
told as one.

Does not: find anything (`finder`), or say which words are English (`indexing`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice, product

import msgspec
import numpy as np
from numpy.typing import NDArray

from mashang.knowledge import spelling
from mashang.knowledge.spelling import normal

_LONGEST = 200  # characters; who writes more writes no pinyin
_FEWEST_INITIALS, _MOST_INITIALS = 3, 12
_MOST_WAYS = 16  # of reading neighbouring words
_WORD = re.compile(r"[a-z]+")
_WORDS = re.compile(r"[a-z]+(?: +[a-z]+)*")
_SILENT = ord("\n")

Places = NDArray[np.int64]


class Meant(msgspec.Struct, frozen=True):
    """A question written out; `is_guess` where only first letters were typed."""

    text: str
    is_guess: bool


class Sounding:
    """All that is written in titles and phrasings, by its sounds; `texts` are normal, a line each phrasing."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(["", *texts, ""])
        codes = np.frombuffer(self._text.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
        self._sounds = spelling.tables()[:, np.where(codes < 0x10000, codes, 0)]
        first = self._sounds[0]
        self._firsts = np.where(first >= 0, spelling.initials()[first], -1)
        self._order = np.argsort(self._sounds, axis=None, kind="stable")  # of both rows: what sounds alike together
        self._sorted = self._sounds.ravel()[self._order]
        self._begins = np.flatnonzero(codes[:-1] == _SILENT) + 1

    def meant(self, question: str, is_english: Callable[[str], bool]) -> Meant | None:
        """The question in Chinese characters; None where it is no pinyin."""
        asked = normal(question) if len(question) <= _LONGEST else ""
        words = _WORD.findall(asked)
        if not words or all(map(is_english, words)):
            return None
        if all(map(spelling.whole, words)):
            return Meant(_WORDS.sub(lambda found: self._written(found[0].split()), asked), is_guess=False)
        alone = words[0] if asked.strip() == words[0] else ""
        begun = self._begun(alone) if _FEWEST_INITIALS <= len(alone) <= _MOST_INITIALS else ""
        return Meant(begun, is_guess=True) if begun else None

    def _written(self, words: Sequence[str]) -> str:
        """The reading that takes the fewest pieces of what is written here."""
        ways = islice(product(*map(spelling.whole, words)), _MOST_WAYS)
        pieces = [self._pieces([one for word in way for one in word]) for way in ways]
        fewest = min(pieces, key=len)
        return "".join(fewest)

    def _pieces(self, sounds: Sequence[int]) -> list[str]:
        """The longest that begins here, and so on; a sound that is written nowhere stays as it is typed."""
        pieces, at = [], 0
        while at < len(sounds):
            piece = self._longest(sounds[at:]) or f" {spelling.syllables()[sounds[at]]} "
            pieces.append(piece)
            at += 1 if piece.startswith(" ") else len(piece)
        return pieces

    def _longest(self, sounds: Sequence[int]) -> str:
        """What is written most often for as many of these sounds as are written in a row."""
        begin, end = np.searchsorted(self._sorted, [sounds[0], sounds[0] + 1])
        places, length = np.unique(self._order[begin:end] % len(self._text)), 0
        for sound in sounds:
            further = places[(self._sounds[:, places + length] == sound).any(0)]  # none is beyond the last line's end
            if not len(further):
                break
            places, length = further, length + 1
        return self._usual(places, length) if length else ""

    def _begun(self, letters: str) -> str:
        """What most often begins a line by these first letters; "" where nothing does."""
        places = self._begins
        for length, letter in enumerate(letters):
            places = places[self._firsts[np.minimum(places + length, len(self._text) - 1)] == ord(letter) - ord("a")]
        return self._usual(places, len(letters)) if len(places) else ""

    def _usual(self, places: Places, length: int) -> str:
        return Counter(self._text[at : at + length] for at in places.tolist()).most_common(1)[0][0]
