"""What was meant by pinyin: the characters that this knowledge writes for those sounds.

`chongzhi meidaozhang` is 充值没到账 wherever somebody wrote that, and is found like it.  Words that come out even as
syllables are taken for them where they are most of the letters and not all of them English, and only if something
that they say begins or ends what somebody wrote here: `li ming`, a name, is 里名 by its sounds alone.  Words that are
no syllables (QQ) and what stands between are kept.  `czmdz` is what a title or a phrasing begins with by its first
letters: a guess, and told as one.

Does not: find anything (`finder`), or say which words are English (`indexing`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, islice, product

import msgspec
import numpy as np
from numpy.typing import NDArray

from mashang.knowledge import spelling
from mashang.knowledge.spelling import normal

_LONGEST = 200  # characters; who writes more writes no pinyin
_FEWEST_INITIALS, _MOST_INITIALS = 3, 12
_SHORTEST_WORD = 2
_MOST_WAYS = 16  # of reading neighbouring words
_WORD = re.compile(r"[a-z]+")
_WORDS = re.compile(r"[a-z]+(?: +[a-z]+)*")
_NO_LETTERS = re.compile(r"[\d\W_]")
_MIXING = np.int64(0x2545F4914F6CDD1D)  # odd
_SILENT = ord("\n")

Places = NDArray[np.int64]
Sounds = tuple[int, ...]
_NOWHERE: Places = np.zeros(0, np.int64)


class Meant(msgspec.Struct, frozen=True):
    """A question written out; `is_guess` where only first letters were typed."""

    text: str
    is_guess: bool


class Piece(msgspec.Struct, frozen=True):
    """What is written for some sounds; `words`: how many of its characters are words of their own."""

    text: str
    words: int = 0


Rows = dict[Sounds, tuple[Places, Piece | None]]  # sounds in a row: where they stand, and what is written there


class Sounding:
    """All that is written in titles and phrasings, by its sounds; `texts` are normal, a line each phrasing."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(["", *texts, ""])
        self._codes = codes = np.frombuffer(self._text.encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
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
        if _is_pinyin(words, is_english):
            text = self._in_characters(asked)
            return Meant(text, is_guess=False) if text else None
        alone = words[0] if _NO_LETTERS.sub("", asked) == words[0] else ""
        begun = self._begun(alone) if _FEWEST_INITIALS <= len(alone) <= _MOST_INITIALS else ""
        return Meant(asked.replace(alone, begun), is_guess=True) if begun else None

    def _in_characters(self, asked: str) -> str:
        """With its sounds written out; "" where none of them is a word of its own here."""
        pieces: list[Piece] = []

        def written(found: re.Match[str]) -> str:
            mine = self._written(found[0].split())
            pieces.extend(mine)
            return "".join(piece.text for piece in mine)

        text = _WORDS.sub(written, asked)
        return text if any(piece.words for piece in pieces) else ""

    def _written(self, words: Sequence[str]) -> list[Piece]:
        """The reading that takes the fewest pieces of what is written here, around the words that are no syllables."""
        pieces: list[Piece] = []
        for is_even, some in groupby(words, lambda word: bool(spelling.whole(word))):
            if not is_even:
                pieces.append(Piece(f" {' '.join(some)} "))
                continue
            ways = islice(product(*map(spelling.whole, some)), _MOST_WAYS)
            known: Rows = {}  # ways share most of what they say
            read = [self._pieces(tuple(one for word in way for one in word), known) for way in ways]
            pieces += min(read, key=_cost)
        return pieces

    def _pieces(self, sounds: Sounds, known: Rows) -> list[Piece]:
        """The fewest, of them those that are words; a sound that is written nowhere stays as it is typed."""
        best: list[list[Piece]] = [[]]  # for the last sounds: none, one, two …
        for at in reversed(range(len(sounds))):
            rows = self._in_a_row(sounds[at:], known) or [Piece(f" {spelling.syllables()[sounds[at]]} ")]
            ways = [[piece, *best[-length]] for length, piece in enumerate(rows, 1)]
            best.append(min(ways, key=_cost))
        return best[-1]

    def _in_a_row(self, sounds: Sounds, known: Rows) -> list[Piece]:
        """What is written most often for the first of these sounds, the first two … as far as they are written so."""
        found: list[Piece] = []
        places = _NOWHERE
        for length in range(1, len(sounds) + 1):
            said = sounds[:length]
            if said not in known:
                places = self._places(said[-1], places, length)
                known[said] = places, self._piece(places, length) if len(places) else None
            places, piece = known[said]
            if piece is None:
                break
            found.append(piece)
        return found

    def _places(self, sound: int, before: Places, length: int) -> Places:
        """Where this sound stands behind those that stand at the places before."""
        if length > 1:  # none is beyond the last line's end
            fits: NDArray[np.bool_] = (self._sounds[:, before + length - 1] == sound).any(0)
            return before[fits]
        begin, end = np.searchsorted(self._sorted, [sound, sound + 1])
        return np.unique(self._order[begin:end] % len(self._text))

    def _piece(self, places: Places, length: int) -> Piece:
        """A word is two characters or more with which a line begins or ends: with two a single one may by chance."""
        rows = self._codes[places[:, None] + np.arange(length)]
        mixed = rows @ _MIXING ** np.arange(length)  # one number for each text; wraps around
        _, first, kinds, counts = np.unique(mixed, True, True, True)
        usual = int(np.lexsort((first, -counts))[0])
        text = "".join(map(chr, rows[first[usual]].tolist()))
        if length < _SHORTEST_WORD:
            return Piece(text)
        same = places[kinds == usual]
        alone = int((self._codes[same - 1] == _SILENT).sum() + (self._codes[same + length] == _SILENT).sum())
        return Piece(text, length if alone > (1 if length == _SHORTEST_WORD else 0) else 0)

    def _begun(self, letters: str) -> str:
        """What most often begins a line by these first letters; "" where nothing does."""
        places = self._begins
        for length, letter in enumerate(letters):
            places = places[self._firsts[np.minimum(places + length, len(self._text) - 1)] == ord(letter) - ord("a")]
        return self._usual(places, len(letters)) if len(places) else ""

    def _usual(self, places: Places, length: int) -> str:
        return Counter(self._text[at : at + length] for at in places.tolist()).most_common(1)[0][0]


def _is_pinyin(words: Sequence[str], is_english: Callable[[str], bool]) -> bool:
    """Are there more letters in syllables that are no English words than in words that are no syllables?"""
    others = sum(len(word) for word in words if not spelling.whole(word))
    return sum(len(word) for word in words if spelling.whole(word) and not is_english(word)) > others


def _cost(pieces: Iterable[Piece]) -> tuple[int, int]:
    listed = list(pieces)
    return len(listed), -sum(piece.words for piece in listed)
