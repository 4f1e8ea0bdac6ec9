"""What a minted code looks like: twelve characters that say nothing, and how a typed one is read.

Eleven characters are drawn at random (55 bits), the twelfth checks them; they are
written `29NG-SF8B-ZTVW`, or behind the topic they lead to: `DD-29NG-SF8B-ZTVW`.

The alphabet is Crockford's: no U, and O, I and L are read as 0, 1 and 1.  The check
character makes Σ αⁱ·xᵢ zero over GF(2⁵) (x⁵+x²+1; i counts from the right, the check
character has α⁰).  All weights differ and none is zero, so every single wrong
character, every two exchanged ones and every doubled pair that became another pair
is noticed.  It is public and keeps nothing secret: whoever may know what stands
behind a code is decided by proof, never by the code.

A drawn code has a digit from 2 to 9 and at least four letters that look like no
digit.  That costs a thirtieth of the codes, and no English words, no "QQ" before
ten digits and no order number with a short prefix is ever taken for one.

A code is never corrected: with one character wrong it is nobody's.

Does not: know which codes there are (`minting`) or what a topic is (`topics`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mashang.codes.code import fold

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_VALUE = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LEAST_LETTERS = 4
_LONGEST_ALONE = 60  # typed characters of a code with a gap behind each

# α⁰ … α³⁰ for α = x; doubling reduces by x⁵+x²+1.
_POWERS = [1]
for _ in range(30):
    _POWERS.append((_POWERS[-1] << 1) ^ (0b100101 if _POWERS[-1] & 0b10000 else 0))
_LOG = {power: exponent for exponent, power in enumerate(_POWERS)}

_C = "[0-9A-TV-Z]"
_DASH = "\\-_.~\u00b7\u2010-\u2015\u2212\u2022"
_GAP = rf"[\s{_DASH}]{{0,3}}"
_BODY = re.compile(rf"(?<![0-9A-Z]){_C}{{4}}{_GAP}{_C}{{4}}{_GAP}{_C}{{4}}(?![0-9A-Z])")
_GLUED = re.compile(rf"(?<![0-9A-Z])([0-9A-Z]{{2,8}})({_C}{{12}})(?![0-9A-Z])")
_LED = re.compile(rf"(?<![0-9A-Z])([0-9A-Z]{{2,8}})(?:[{_DASH}]|[\s:：]{{1,3}})$")
_JOINED_BEFORE = re.compile(rf"[0-9A-Z][{_DASH}]$")
_JOINED_BEHIND = re.compile(rf"[{_DASH}][0-9A-Z]")
# Another group of four with a digit in it, one space apart: this is the middle of something longer.
_GROUP_BEFORE = re.compile(r"(?<![0-9A-Z])(?=[A-Z]{0,3}[0-9])[0-9A-Z]{4}\s$")
_GROUP_BEHIND = re.compile(r"\s(?=[A-Z]{0,3}[0-9])[0-9A-Z]{4}(?![0-9A-Z])")
_PARTING = re.compile(rf"[\s{_DASH}]")
_FORMED = re.compile(rf"(?<![0-9A-Z{_DASH}]){_C}{{4}}-{_C}{{4}}-{_C}{{4}}(?![0-9A-Z{_DASH}])")

IsTopic = Callable[[str], bool]


class Found(NamedTuple):
    """A code in a text: its twelve characters, the topic before it or "", and where both stand."""

    body: str
    topic_code: str
    start: int
    end: int


def draw() -> str:
    """A new body at random, its check character included."""
    while True:
        payload = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
        body = payload + check_character(payload)
        if _is_formed(body):
            return body


def check_character(payload: str) -> str:
    """What belongs behind these characters of the alphabet."""
    return ALPHABET[_weighted_sum(payload + "0")]


def is_body(text: str) -> bool:
    """Twelve characters of the alphabet as stored, in the right form, with the right check character?"""
    return (
        len(text) == LENGTH
        and all(character in ALPHABET for character in text)
        and _is_formed(text)
        and _weighted_sum(text) == 0
    )


def written(body: str, topic_code: str = "") -> str:
    """As people read it: `29NG-SF8B-ZTVW`, behind its topic when there is one."""
    return "-".join(filter(None, (topic_code, body[:4], body[4:8], body[8:])))


def minted_body(folded: str, is_topic: IsTopic = lambda _code: False) -> Found | None:
    """The first code in a text that `code.fold` went over; None when there is none with a right check character.

    A short word before the code is taken for its topic when `is_topic` says so; joined
    to it by a dash, any other word makes it the middle of something longer.
    """
    return next(_found(folded, is_topic), None)


def looks_misread(folded: str) -> bool:
    """Is something written in the very form of a code, and none with a right check character?

    Three groups of four with dashes, nothing joined to them: somebody meant a code and a character is wrong.
    """
    return minted_body(folded) is None and any(_is_formed(_plain(match[0])) for match in _FORMED.finditer(folded))


def spans(text: str, is_topic: IsTopic = lambda _code: False) -> list[tuple[int, int]]:
    """Where codes stand in a text as it was typed: they are public and never hidden."""
    places: list[int] = []
    folded: list[str] = []
    for place, character in enumerate(text):
        as_read = fold(character)
        folded.append(as_read)
        places += [place] * len(as_read)
    return [(places[found.start], places[found.end - 1] + 1) for found in _found("".join(folded), is_topic)]


def _found(folded: str, is_topic: IsTopic) -> Iterator[Found]:
    at = 0
    while match := _BODY.search(folded, at):
        found = _apart(folded, match, is_topic)
        at = match.end() if found else match.start() + 1
        if found:
            yield found
    for match in _GLUED.finditer(folded):
        body = _plain(match[2])
        if is_topic(match[1]) and is_body(body):
            yield Found(body, match[1], match.start(), match.end())
    if at == 0 and len(folded) <= _LONGEST_ALONE:
        yield from _alone(folded, is_topic)


def _alone(folded: str, is_topic: IsTopic) -> Iterator[Found]:
    """Nothing else was typed: then it may be parted anywhere."""
    typed = _PARTING.sub("", folded)
    topic_code, body = typed[:-LENGTH], _plain(typed[-LENGTH:])
    if is_body(body) and (not topic_code or is_topic(topic_code)):
        yield Found(body, topic_code, 0, len(folded))


def _apart(folded: str, match: re.Match[str], is_topic: IsTopic) -> Found | None:
    body, (start, end) = _plain(match[0]), match.span()
    if not is_body(body) or _JOINED_BEHIND.match(folded, end):
        return None
    before = folded[max(0, start - 12) : start]
    led = _LED.search(before)
    if led and is_topic(led[1]):
        return Found(body, led[1], start - len(before) + led.start(), end)
    if _JOINED_BEFORE.search(before) or _GROUP_BEFORE.search(before) or _GROUP_BEHIND.match(folded, end):
        return None
    return Found(body, "", start, end)


def _plain(typed: str) -> str:
    """The characters of the alphabet that were meant, without what parts them."""
    return "".join(ALPHABET[_VALUE[character]] for character in typed if character in _VALUE)


def _is_formed(body: str) -> bool:
    return any("2" <= character <= "9" for character in body) and (
        sum(character.isalpha() for character in body) >= _LEAST_LETTERS
    )


def _weighted_sum(characters: str) -> int:
    total = 0
    for exponent, character in enumerate(reversed(characters)):
        value = _VALUE[character]
        if value:
            total ^= _POWERS[(_LOG[value] + exponent) % 31]
    return total
