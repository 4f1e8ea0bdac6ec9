"""What an operator should know of a new code: which others it is easily mistaken for.

A warning forbids nothing: with two letters there are too few codes that are far from
all others.  Each is one sentence about one other topic, or about the code itself.

Does not: refuse what another topic already has (`topics` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from mashang.codes import cues, everyday
from mashang.codes.code import Topic, is_topic_code, normalise
from mashang.codes.names import spelled
from mashang.codes.slips import Near, slip
from mashang.kit.sound import soften, sounds, typed_forms

Field = Literal["code", "name", "aliases", "successor"]
_MOST = 6  # more would not be read
_SHORTEST_PINYIN = 4


class Confusion(msgspec.Struct, frozen=True):
    """One thing to know: `kind` names the sentence, `other` the code it is about, if it is about one."""

    field: Field
    kind: str
    typed: str
    other: str = ""
    name: str = ""


class _Called(msgspec.Struct, frozen=True):
    """A name of another topic, by every way of writing it."""

    code: str
    name: str
    written: frozenset[str]
    sounds: frozenset[str]
    pinyin: frozenset[str]


def warnings(code: str, name: str, aliases: Iterable[str], others: Iterable[Topic]) -> list[Confusion]:
    """What to know of a code with these names beside these topics, the most likely mistakes first."""
    others = tuple(others)
    code = normalise(code)
    called = [_called(topic.code, topic.name, each) for topic in others for each in (topic.name, *topic.aliases)]
    found = [*_of_itself(code), *_near(code, others), *_pinyin(code, called), *_named("name", name, called)]
    for alias in aliases:
        found += _named("aliases", alias, called)
    return list(dict.fromkeys(found))[:_MOST]


def of_successor(
    successor: str | None, ends: datetime | None, others: Iterable[Topic], now: datetime
) -> list[Confusion]:
    """What to know of what is to follow: it is over itself, or ends before that on which it follows."""
    if not successor:
        return []
    code = normalise(successor)
    topic = next((other for other in others if other.code == code), None)
    if topic is None or topic.has_expired(now):
        return [Confusion("successor", "successor_over", code, code, topic.name if topic else code)]
    if topic.expires_at and (ends is None or topic.expires_at <= ends):
        return [Confusion("successor", "successor_ends_first", code, code, topic.name)]
    return []


def _called(code: str, name: str, written: str) -> _Called:
    word = spelled(written)
    both = {word, cues.core(word)}
    return _Called(
        code,
        name,
        frozenset(both),
        frozenset(sound for each in both for sound in sounds(each)),
        frozenset(form for each in both for form in typed_forms(each)),
    )


def _of_itself(code: str) -> Iterator[Confusion]:
    if not is_topic_code(code):
        return
    if code.isdigit():
        yield Confusion("code", "digits", code)
    elif code in everyday.WORDS:
        yield Confusion("code", "everyday", code)


def _near(code: str, others: tuple[Topic, ...]) -> Iterator[Confusion]:
    if not is_topic_code(code):
        return
    by_code = {topic.code: topic for topic in others}
    for found in Near(by_code).slips(code):
        topic = by_code[found.code]
        digits = "digits_behind" if found.kind == "trailing" else found.kind
        yield Confusion("code", digits, code, topic.code, topic.name)
    for topic in others:  # the other one is this code with digits behind it
        if (back := slip(code, topic.code)) and back.kind == "trailing":
            yield Confusion("code", "digits_behind", code, topic.code, topic.name)


def _pinyin(code: str, called: list[_Called]) -> Iterator[Confusion]:
    for other in called:
        if code in other.pinyin or (len(code) >= _SHORTEST_PINYIN and soften(code) in map(soften, other.pinyin)):
            yield Confusion("code", "pinyin", code, other.code, other.name)


def _named(field: Field, name: str, called: list[_Called]) -> Iterator[Confusion]:
    own = _called("", "", name)
    word = spelled(name)
    if len(word) < 2:
        return
    told: set[str] = set()
    for other in called:
        kind = _alike(own, other)
        if kind and other.code not in told:
            told.add(other.code)
            yield Confusion(field, kind, word, other.code, other.name)


def _alike(one: _Called, other: _Called) -> str:
    if one.written & {*other.written, other.code}:
        return "same_name"
    if one.sounds & other.sounds:
        return "same_sound"
    return "same_pinyin" if one.pinyin & other.pinyin else ""
