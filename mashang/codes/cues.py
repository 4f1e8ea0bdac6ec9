"""The words people wrap a code in: “我要咨询，代码CZ，谢谢”, "my code is CZ please".

Two strengths.  A *pointer* (代码, 输入, code) says that what comes next is a code,
whatever it looks like.  Politeness and wishes (你好, 我要, please) say only that the
rest is what is wanted: they are taken off, and nothing else is.  A name in Chinese
is freed of fewer of them than a code, for a name is also an ordinary word: 我要退款
asks for it, 怎么退款呢 does not.

Does not: know any code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from mashang.codes.wordlists import sections

_WORDS = sections("cues.txt")
_LATIN_CUES = _WORDS["latin cues"]
_LATIN_WISHES = _WORDS["latin wishes"]
_ARTICLES = frozenset(("A", "AN", "THE", "MY", "THIS", "THAT"))  # before a thing, never before a code
_LATIN_POINTERS = _WORDS["latin pointers"]


def _alternation(words: Iterable[str]) -> str:
    return "|".join(sorted(set(words), key=len, reverse=True))


# Possessive: whatever is typed, a run is read once from left to right.
_ONLY_CUES = re.compile(f"(?>{_alternation(_WORDS['wishes'] | _WORDS['general'] | _WORDS['polite'])})++")
_FOREIGN = re.compile(_alternation(_WORDS["foreign"]))
_BEFORE_NAME = re.compile(f"(?>{_alternation(_WORDS['wishes'])})++")
_BEHIND_NAME = re.compile(f"(?:{_alternation(_WORDS['general'] | {'一下', '谢谢', '谢谢您', '谢谢你', '吧', '的'})})+$")
_POINTING = re.compile(f"(?:{_alternation(_WORDS['pointers'])})(?:是|为|了)?$")

_WISHING = re.compile(r"(?:我要|我想|咨询|请问|想问|需要|转|接入|找|要问)(?:一下|问|要|到)*$")

_TOKEN = re.compile(r"[0-9A-Z\u00aa-\u1fff]+(?:'[A-Z]{1,2}(?![A-Z]))?|[\u3400-\u9fff]+")


class Rest(msgspec.Struct, frozen=True):
    """What is left of what was `said` without the words around a code; did they point at one, or wish for it?"""

    tokens: tuple[str, ...]
    said: tuple[str, ...]
    pointed: bool
    wished: bool


def without(evened: str) -> Rest:
    """`evened` text, word by word, without what is only said around a code."""
    tokens = _TOKEN.findall(evened)
    left: list[str] = []
    pointed = wished = False
    for token in tokens:
        if token.isascii():
            pointed = pointed or token in _LATIN_POINTERS
            wished = token in _LATIN_WISHES or (wished and token not in _ARTICLES)
            if token not in _LATIN_CUES:
                left.append(token)
        elif _ONLY_CUES.fullmatch(token) is None:
            left.append(token)
        else:
            pointed = pointed or _POINTING.search(token) is not None
            wished = wished or _WISHING.search(token) is not None
    if not left:  # a text of nothing but such words may be a code or a name that is one of them
        left = [token for token in tokens if token.isascii()] or tokens
    return Rest(tuple(left), tuple(tokens), pointed and _FOREIGN.search(evened) is None, wished)


def is_around(evened: str) -> bool:
    """Is it nothing, or nothing but words that people wrap a code in?"""
    return all(
        token in _LATIN_CUES if token.isascii() else _ONLY_CUES.fullmatch(token) for token in _TOKEN.findall(evened)
    )


def points_at(before: str) -> bool:
    """Does the text `before` a word say that the word is a code?"""
    close = before[-24:].rstrip(" :：,，、=“”\"'「」『』【】[]()（）<>《》")
    if _FOREIGN.search(close):
        return False
    words = _TOKEN.findall(close)
    if words[-1:] in (["IS"], ["WAS"], ["NO"], ["NUMBER"]):
        words.pop()
    return bool(words) and (words[-1] in _LATIN_POINTERS or _POINTING.search(words[-1]) is not None)


def name_in(run: str) -> str:
    """The Chinese words of `run` without the wish they are part of: 我要退款 is 退款."""
    wish = _BEFORE_NAME.match(run)
    return run[wish.end() :] if wish else run


def core(name: str) -> str:
    """A name without what many names end in: 充值问题 is 充值; a name of nothing else stays."""
    return _BEHIND_NAME.sub("", name) or name
