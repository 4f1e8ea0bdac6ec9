"""Does a wording say only what its sources say?  What does not hold is not shown.

A model may be talked into anything by what it reads: a question that pretends to be an instruction, a title of a shop's
product, a page that was pasted.  So its wording is taken only when

* each clause shares most of its pairs of characters (words, in English) with the sources,
* no number, amount, time, link, address, code or word of letters and digits stands in it that does not stand there,
* nothing is negated that was not, and nothing loses its “not”,
* it is not much longer than they are, and holds no markup, control characters or direction overrides.

That a true sentence is refused now and then costs nothing: the article's own words are shown instead.

Does not: judge whether the sources themselves are right; without a model they are shown as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from mashang.kit.text import printable

Fault = Literal["empty", "too_long", "markup", "characters", "invented", "unsupported", "negated"]

SHARED = 0.6  # of a sentence's pairs, at least
_SLACK = 80  # characters that a wording may be longer than half as much again as its sources

_CLAUSE = re.compile(r"(?:[^。!?;,:\n.]|[.,:](?=[\d/])|(?<=\w)\.(?=\w))+")  # of plain text, where ，；： are , ; :
_MARKUP = re.compile(r"[<>`{}|]|\]\(|!\[")
_HARD = re.compile(  # what must stand in the sources letter by letter
    r"[a-z0-9][a-z0-9@:/._%+\-#&=?]*[a-z0-9%]|\d|[一二两三四五六七八九十百千万亿零半几]+(?:元|块|角|天|日|个?小时|分钟|秒|次|折|倍|周|个?月|年|%|点)",
)
_PLAIN_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_NOT = re.compile(r"(?:不|没|无|未|勿|别|非|禁|拒|停)")
_NOT_EN = re.compile(r"\b(?:not|no|never|cannot|without|none|refus\w*|den\w*|\w+n't)\b")
_COURTESY = re.compile(
    r"(?:亲爱的|亲|您好|你好|好的|谢谢您?|感谢您?|不客气|很?抱歉|请问|hello|hi|sorry|thank you|thanks|sure|ok)"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def fault(written: str, sources: Sequence[str]) -> Fault | None:
    """What is wrong with a wording of these sources; None when it holds."""
    text, known = _plain(written), _plain("\n".join(sources))
    if not text.strip():
        return "empty"
    if len(text) > 1.5 * len(known) + _SLACK:
        return "too_long"
    if printable(written.replace("\n", "")) != written.replace("\n", ""):
        return "characters"
    if _MARKUP.search(text):
        return "markup"
    if not _hard(text) <= _hard(known):
        return "invented"
    said = [(one, _pairs(one)) for one in _CLAUSE.findall(known) if one.strip()]
    everything = frozenset().union(*(pairs for _, pairs in said)) if said else frozenset()
    for sentence in _CLAUSE.findall(text):
        if found := _fault_of(sentence, said, everything):
            return found
    return None


def invents(written: str, sources: Sequence[str]) -> bool:
    """Does a heading name a number, link or code that its sources do not?"""
    return not _hard(_plain(written)) <= _hard(_plain("\n".join(sources)))


def negates(text: str) -> bool:
    """Is there a “not” in it?"""
    return bool(_negations(_plain(text)))


def _fault_of(
    sentence: str, said: Sequence[tuple[str, frozenset[str]]], everything: frozenset[str]
) -> Literal["unsupported", "negated"] | None:
    pairs = _pairs(sentence)
    if len(pairs & everything) < SHARED * len(pairs):
        return None if _COURTESY.fullmatch(sentence.strip(" ~")) else "unsupported"
    meant = [one for one, theirs in said if len(pairs & theirs) >= 0.3 * len(pairs)]
    nearest = max((len(pairs & theirs), -len(theirs), one) for one, theirs in said)[2]
    allowed = Counter[str]()
    for one in {*meant, nearest}:
        allowed |= _negations(one)
    theirs = _negations(sentence)
    return "negated" if theirs - allowed or (_negations(nearest) and not theirs) else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _hard(text: str) -> frozenset[str]:
    """Numbers, amounts, links, codes; in a Chinese text every foreign word too."""
    chinese = bool(_CHINESE.search(text))
    found: Iterable[str] = (one.strip(".:/-#&=?+") for one in _HARD.findall(text))
    return frozenset(one for one in found if one and (chinese or not _PLAIN_WORD.fullmatch(one)))


def _pairs(text: str) -> frozenset[str]:
    """Pairs of Chinese characters that touch, and words of others."""
    runs = re.findall(r"[\u4e00-\u9fff]+|[a-z0-9][a-z0-9'.-]*", text)
    found: set[str] = set()
    for run in runs:
        if _CHINESE.match(run):
            found.update(run[at : at + 2] for at in range(max(1, len(run) - 1)))
        else:
            found.add(run.rstrip(".'-")[:6])  # roughly its stem
    return frozenset(found)


def _negations(text: str) -> Counter[str]:
    return Counter(_NOT.findall(text)) + Counter("not" for _ in _NOT_EN.findall(text))
