"""What a question is made of, as the finder sees it: characters and sounds.

Two views of the same text.  *Characters*: runs of one to four, words of other scripts
included, so that a slip spoils a few runs and not the word.  *Sounds*: runs of one to
three syllables without tones for Chinese, and whole words for everything else; homophones
(冲值) and traditional characters come out right by themselves, and English gets its word
pairs.  A long number is a number, whatever its digits.

A run is known by a number of 64 bits made from its characters, so that a model is made of
arrays alone and holds nobody's words.

Does not: weigh anything (`space`), or know what is an answer (`finder`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mashang.kit.sound import readings
from mashang.knowledge.phrasing import folded

MOST_READ = 400  # characters of a question; who writes more has said by then what it is about
_LONGEST_TEXT, _SHORTEST_SENTENCE = 4000, 2  # characters
_STEM = 4  # letters
# What a run of one, two … counts (measured): longer ones say more of a text and hold less often.
_CHARACTERS = (1.0, 0.85, 0.6, 0.4)
_SOUNDS = (1.0, 0.6, 0.3)
_STEMS = 1.0

Numbers = NDArray[np.uint64]

_NUMBER = re.compile(r"\d[\d\-]{4,}\d|\d{5,}")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])['’‘`](?=[A-Za-z])")  # left out as often as not: doesnt
_TOKEN = re.compile(r"[a-z0-9]+|[^\s\W]|[^\w\s]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[\n\r。！？；!?;]|\.\s")
_FACTOR, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


class Runs(NamedTuple):
    """The runs of texts by their numbers, what each counts by its kind, and which text it is of."""

    numbers: Numbers
    factors: NDArray[np.float32]
    texts: NDArray[np.int64]


def plain(text: str) -> str:
    """What is read of a question."""
    return _NUMBER.sub("#", folded(_APOSTROPHE.sub("", text[: 4 * MOST_READ]))[:MOST_READ])


def is_chinese(text: str) -> bool:
    """Is there a Chinese character in it?"""
    return _CHINESE.search(text) is not None


def sentences(text: str) -> list[str]:
    """The plain sentences of a longer text that say enough to be of use."""
    plainly = (plain(sentence) for sentence in _SENTENCE.split(text[:_LONGEST_TEXT]))
    return list(dict.fromkeys(one for one in plainly if len(one) >= _SHORTEST_SENTENCE))


def characters(texts: Sequence[str]) -> Runs:
    """The runs of characters of plain texts; one that occurs twice is there twice."""
    units = np.frombuffer("".join(f" {text} " for text in texts).encode("utf-32-le", "replace"), np.uint32)
    return _runs(units.astype(np.uint64), [len(text) + 2 for text in texts], _CHARACTERS)


def sounds(texts: Sequence[str]) -> Runs:
    """The runs of syllables and words of plain texts, and the beginnings of their longer words."""
    said = [tokens(text) for text in texts]
    runs = _runs(np.array([_number(one) for each in said for one in each], np.uint64), list(map(len, said)), _SOUNDS)
    stems = [(_number(f"{one[:_STEM]}-"), text) for text, each in enumerate(said) for one in each if _is_long(one)]
    begun = np.array([number for number, _ in stems], np.uint64)
    return Runs(
        np.concatenate([runs.numbers, begun]),
        np.concatenate([runs.factors, np.full(len(begun), _STEMS, np.float32)]),
        np.concatenate([runs.texts, np.array([text for _, text in stems], np.int64)]),
    )


def tokens(text: str) -> list[str]:
    """The syllables and words of a plain text."""
    return [_said(token) for token in _TOKEN.findall(text)]


def _is_long(token: str) -> bool:
    return len(token) > _STEM and token.isascii()


def _runs(units: Numbers, lengths: list[int], factors: tuple[float, ...]) -> Runs:
    """Every run of as many units of a text as there are factors, each made from the run one shorter."""
    texts = np.repeat(np.arange(len(lengths)), lengths)
    found, owners, run = [units[:0]], [texts[:0]], np.zeros(len(units), np.uint64)
    for length in range(1, min(len(factors), len(units)) + 1):
        run = run[: len(units) - length + 1]
        run = (run ^ (run >> _SHIFT)) * _FACTOR + (units[length - 1 :] + np.uint64(length)) * _FACTOR
        owner = texts[: len(run)]
        inside = owner == texts[length - 1 :]
        found.append(run[inside])
        owners.append(owner[inside])
    sizes = [len(each) for each in found[1:]]
    counts = np.repeat(np.array(factors[: len(sizes)], np.float32), sizes)
    return Runs(np.concatenate(found), counts, np.concatenate(owners))


@lru_cache(20_000)
def _said(token: str) -> str:
    return (readings(token) or (token,))[0].lower() if len(token) == 1 and not token.isascii() else token


@lru_cache(20_000)
def _number(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest())


VIEWS = (characters, sounds)
