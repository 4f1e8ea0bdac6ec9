"""How words sound: pinyin as people type it, and characters that sound alike.

Tones are left out, for nobody types them.  *Soft* syllables also drop what half the
country does not tell apart when speaking: zh/z, ch/c, sh/s and ng/n.

A character with several readings is taken with its two commonest: names are short,
and a phrase dictionary of 40 MB would only choose between those two.

Does not: decide whether a sound is near enough to be meant (`codes.matching`, `knowledge.finder`).
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import islice, product

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 45 MB and a second of starting that nothing here uses
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin.constants import PINYIN_DICT  # reads the environment when imported

_READINGS = 2  # of one character
_COMBINATIONS = 16  # of one word
_SOFTER = (("ZH", "Z"), ("CH", "C"), ("SH", "S"), ("NG", "N"), ("V", "U"))


@cache
def readings(character: str) -> tuple[str, ...]:
    """The commonest readings of a Chinese character, as typed: 重 is ZHONG or CHONG; none for anything else."""
    marked = PINYIN_DICT.get(ord(character), "")
    plain = [_plain(reading) for reading in marked.split(",") if reading]
    return tuple(dict.fromkeys(plain))[:_READINGS]


def _plain(marked: str) -> str:
    """`chōng` as CHONG, `lǜ` as LV."""
    parts = unicodedata.normalize("NFD", marked.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v"))
    parts = parts.replace("u\u0308", "v")
    return "".join(filter(str.isascii, parts)).upper()


@lru_cache(4096)
def soften(latin: str) -> str:
    """Typed pinyin with the sounds evened out that many do not tell apart."""
    for hard, soft in _SOFTER:
        latin = latin.replace(hard, soft)
    return latin


def typed_forms(word: str) -> list[str]:
    """`word` as it is typed in pinyin, the likeliest first; other characters stay.  Empty without a Chinese one."""
    if not any(map(readings, word)):
        return []
    return ["".join(parts) for parts in _combinations([readings(each) or (each,) for each in word])]


def sounds(word: str) -> list[str]:
    """Each way a word of Chinese characters sounds, softly and by syllable; empty when one of them is no such."""
    syllables = [readings(each) for each in word]
    if not all(syllables):
        return []
    return list(dict.fromkeys("'".join(map(soften, parts)) for parts in _combinations(syllables)))


def _combinations(choices: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return list(islice(product(*choices), _COMBINATIONS))
