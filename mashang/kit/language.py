"""The language in which somebody writes, where their words tell it.

Who is asked or helped is answered in it, whatever language the page around it has.  Everyday words decide: two English
ones make an English sentence.  Chinese signs are Chinese, save where they only name something in such a sentence.  A
code, a number, an address, a name, "ok" or "thank you" tell nothing, and everything stays as it was.

Does not: know a third language; its words tell nothing either.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_LONGEST = 500  # characters that are looked at
_SENTENCE = 2  # everyday words that make one
_LATIN = re.compile(r"(?<![\w@/.?=&-])[a-z]+(?:['’][a-z]+)?(?![\w@/=&-]|\.\w)")  # words; no part of a code or address
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3040-\u30ff]")


def spoken(text: str) -> str | None:
    """The language these words are written in; None where they tell none."""
    plain, everyday = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold(), _everyday()
    if _KANA.search(plain):
        return None
    english = {word for word in map(_bare, _LATIN.findall(plain)) if everyday.get(word) == "en"}
    if len(english) >= _SENTENCE and not any(everyday.get(sign) == "zh-CN" for sign in plain):
        return "en"
    return "zh-CN" if _CHINESE.search(plain) else None


def _bare(word: str) -> str:
    return word.replace("'", "").replace("’", "")


@cache
def _everyday() -> dict[str, str]:
    """The language by each everyday word."""
    lines = Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines()
    given = [line.partition(": ") for line in lines if line and not line.startswith("#")]
    return {word: locale for locale, _, words in given for word in words.split()}
