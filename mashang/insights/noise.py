"""Is it a question at all, that knowledge could answer, as far as its signs tell?

It is none when nothing is left of it but signs and single letters, when its letters are what a hand gives that runs
over the keyboard, when it says what the assistant itself has words for (thanks, a greeting), and when it only answers
what was asked: a time, an amount, a number, a yes or a no (`no_question.txt`).  Two characters or one word that mean
something are enough to stay: 退款？

Pure.  Does not: know what was asked before, or read what a question means.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path

from mashang.bot import hearing, said
from mashang.bot.moments import moments

_READ = 700
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NUMBER = re.compile(r"[a-z]{0,4}-?\d[\d.,:\-]*")
_SIGNS = re.compile(r"[\W_]")
_LATIN = re.compile(r"[a-z]{2,}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_RUBBISH = re.compile(r"[^aeiouy]{5}|^([a-z]{3,})\1+$|^([a-z])\2{2,}$")


def is_question(words: str, at: datetime) -> bool:
    """Said `at` that time, from which the days and hours in it are reckoned."""
    plain = said.evened(words[:_READ]).casefold()
    if hearing.small_talk(plain) is not None:
        return False
    for moment in reversed(moments(plain, at)):
        plain = f"{plain[: moment.start]} {plain[moment.end :]}"
    left = _NUMBER.sub(" ", plain)
    if _answers().fullmatch(_SIGNS.sub("", left)):
        return False
    return len(set(_CHINESE.findall(left))) >= 2 or any(map(_is_word, _LATIN.findall(left)))


def _is_word(latin: str) -> bool:
    """Not: neighbours on the keyboard, five consonants in a row, the same letters again and again."""
    walked = len(latin) >= 4 and any(latin in row or latin[::-1] in row for row in _ROWS)
    return not walked and not _RUBBISH.search(latin)


@cache
def _answers() -> re.Pattern[str]:
    lines = Path(__file__).with_name("no_question.txt").read_text("utf-8").splitlines()
    words = sorted((word for line in lines if not line.startswith("#") for word in line.split()), key=len, reverse=True)
    return re.compile(f"(?>{'|'.join(map(re.escape, words))})*+")  # nothing is tried twice: strangers write it
