"""The terms of texts as numbers: what `indexing` sorts and looks up.

A key is `kind | first | second | document`, so that sorted keys have the documents of a term side by side, and terms
that begin alike after each other.  A word is its number in a sorted vocabulary: another word moves those behind it.

Does not: weigh a term, or keep keys (`indexing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mashang.knowledge import spelling
from mashang.knowledge.spelling import stem

CHAR, PAIR, SOUND, SOUNDS, FIRSTS2, FIRSTS3, WORD = range(7)
DOCUMENTS = 1 << 18  # the most there can be
_KIND, _FIRST, _SECOND = 60, 39, 18  # where the parts of a key begin
_DOCUMENT = DOCUMENTS - 1
_NUMBER = (1 << (_KIND - _FIRST)) - 1
_WORDS = re.compile(r"[a-z]+|[0-9]+")
Keys = NDArray[np.int64]


def key(kind: int, first: int, second: int) -> int:
    """The key of a term, before that of its first document."""
    return kind << _KIND | first << _FIRST | second << _SECOND


def documents(keys: Keys) -> Keys:
    """Which document each of them is of."""
    return keys & _DOCUMENT


def of_documents(keys: Keys, numbers: Keys) -> Keys:
    """The same terms of other documents: `numbers` says which, by those they are of now."""
    moved: Keys = keys & ~_DOCUMENT | numbers[keys & _DOCUMENT]
    return moved


def words(text: str) -> Iterator[str]:
    """The words of a text, without their endings."""
    return (stem(token) for token in _WORDS.findall(text))


def used_words(keys: Keys) -> Keys:
    """The numbers of the words that stand among sorted keys, each once."""
    numbers = (keys[np.searchsorted(keys, key(WORD, 0, 0)) :] >> _FIRST) & _NUMBER
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]


def renumbered(keys: Keys, numbers: Keys) -> Keys:
    """Sorted keys whose words have new numbers, in the same order: `numbers` says which, by those they have now."""
    begin = np.searchsorted(keys, key(WORD, 0, 0))
    worded = keys[begin:]
    moved = worded & ~(_NUMBER << _FIRST) | numbers[(worded >> _FIRST) & _NUMBER] << _FIRST
    return np.concatenate([keys[:begin], moved])


def of(texts: Sequence[str], numbers: Mapping[str, int], *, sounds: bool) -> Keys:
    """The keys of texts, the place of each being its document; a term that stands twice comes twice.

    `sounds`: with first letters and rarer readings.
    """
    return np.concatenate([*_han(texts, sounds=sounds), _worded(texts, numbers)])


def _worded(texts: Sequence[str], numbers: Mapping[str, int]) -> Keys:
    keys = [key(WORD, numbers[word], 0) | document for document, text in enumerate(texts) for word in words(text)]
    return np.array(keys, np.int64)


def _han(texts: Sequence[str], *, sounds: bool) -> Iterable[Keys]:
    """Those of Chinese characters, of all documents at once."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "replace"), np.uint32).astype(np.int64)
    codes = np.where(codes < 0x10000, codes, 0)
    documents = np.repeat(np.arange(len(texts), dtype=np.int64), [len(text) + 1 for text in texts])[: len(codes)]
    usual, other = (table[codes].astype(np.int64) for table in spelling.tables())
    han = usual >= 0
    two = han[:-1] & han[1:]
    yield (key(CHAR, 0, 0) | codes << _FIRST | documents)[han]
    yield (key(PAIR, 0, 0) | codes[:-1] << _FIRST | codes[1:] << _SECOND | documents[:-1])[two]
    if not sounds:
        yield (key(SOUNDS, 0, 0) | usual[:-1] << _FIRST | usual[1:] << _SECOND | documents[:-1])[two]
        return
    for one in (usual, other):
        yield (key(SOUND, 0, 0) | one << _FIRST | documents)[han]
    for one, next_one in ((usual, usual), (usual, other), (other, usual)):
        yield (key(SOUNDS, 0, 0) | one[:-1] << _FIRST | next_one[1:] << _SECOND | documents[:-1])[two]
    first = spelling.initials()[usual]
    three = two[:-1] & two[1:]
    yield (key(FIRSTS2, 0, 0) | first[:-1] << _FIRST | first[1:] << _SECOND | documents[:-1])[two]
    yield (key(FIRSTS3, 0, 0) | (first[:-2] * 26 + first[1:-1]) << _FIRST | first[2:] << _SECOND | documents[:-2])[
        three
    ]
