"""Codes read out letter by letter, as a recogniser writes that down: 西贼 is CZ, “dee dee” DD, 双D DD, 幺 1.

Every piece of the text must be the name of a letter or digit (several readings each, `spoken.txt`); then it is what
those spell, in all ways it can be read.  Many readings are ordinary characters and words (弟弟, 第一, see you), so what
is spelled counts as *certain* only when a piece of it is nothing else than a letter's name, or is doubled (双D, double
dee); the rest is worth a question at most.

Does not: know any code (`matching`), or correct what was heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from mashang.codes.wordlists import sections

_LONGEST = 40  # characters of all pieces
_MOST_SYMBOLS = 14  # a minted code behind its topic is longer, and is not read out by words alone
_MOST_WAYS = 32
_DOUBLES = ("双", "两个", "DOUBLE")
_PIECE = re.compile(r"[A-Z]+|[0-9]|[\u3007\u3400-\u9fff]")


class Spelled(msgspec.Struct, frozen=True):
    """What was spelled, and whether a piece of it can be nothing but the name of a letter."""

    letters: str
    certain: bool


def _table(entries: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in entries:
        symbol, _, readings = entry.partition("=")
        for reading in filter(None, readings.split(",")):
            found.setdefault(reading, set()).add(symbol)
    return found


_SECTIONS = sections("spoken.txt")
_CERTAIN, _WORDS, _CHAT = _table(_SECTIONS["readings"]), _table(_SECTIONS["words"]), _SECTIONS["chat"]
_LONGEST_READING = max(len(reading) for reading in (*_CERTAIN, *_WORDS) if not reading.isascii())
_READINGS = {*_CERTAIN, *_WORDS, *_DOUBLES}
_CHARACTERS = frozenset("".join(reading for reading in _READINGS if not reading.isascii()))


def spelled(tokens: Sequence[str]) -> list[Spelled]:
    """All ways to read these words as letters and digits; none when one of them is neither, or all are typed ones."""
    if not all(map(_may_be, tokens)) or all(map(_is_letter, tokens)):
        return []
    joined = " ".join(tokens)
    if len(joined) > _LONGEST or joined in _CHAT:
        return []
    pieces = _PIECE.findall(joined)
    plain = any(map(_is_letter, pieces)) and all(_is_letter(piece) or _digits(piece) for piece in pieces)
    return [Spelled(way.letters, certain=way.certain or plain) for way in _read(pieces, 0, {}) if len(way.letters) > 1]


def _is_letter(piece: str) -> bool:
    """Typed as itself."""
    return len(piece) == 1 and piece.isascii()


def _digits(piece: str) -> set[str]:
    return {symbol for symbol in _WORDS.get(piece, _CERTAIN.get(piece, set())) if symbol.isdigit()}


def may_end_in_one(token: str) -> bool:
    """Is the end of this word the name of a letter or digit, perhaps behind a wish (代码是西贼)?"""
    return _may_be(token) if token.isascii() else token[-1] in _CHARACTERS


def _may_be(token: str) -> bool:
    """Quickly told of nearly everything people write."""
    return (len(token) == 1 or token in _READINGS) if token.isascii() else _CHARACTERS.issuperset(token)


def _read(pieces: list[str], at: int, known: dict[int, list[Spelled]]) -> list[Spelled]:
    """The ways to read what begins at `at`, each place worked out once."""
    if at == len(pieces):
        return [Spelled("", certain=False)]
    if at not in known:
        known[at] = list(_ways(pieces, at, known))[:_MOST_WAYS]
    return known[at]


def _ways(pieces: list[str], at: int, known: dict[int, list[Spelled]]) -> Iterable[Spelled]:
    for symbols, length, certain in _next(pieces, at):
        for rest in _read(pieces, at + length, known):
            for symbol in symbols:
                if len(symbol + rest.letters) <= _MOST_SYMBOLS:
                    yield Spelled(symbol + rest.letters, certain=certain or rest.certain)


def _next(pieces: list[str], at: int) -> Iterable[tuple[Iterable[str], int, bool]]:
    """What may stand at this place: its symbols, how many pieces they take, and whether they are certain."""
    if pieces[at : at + 2] in (["DOUBLE", "U"], ["DOUBLE", "YOU"]):
        yield ["W"], 2, True
    for double in _DOUBLES:
        long = 1 if double.isascii() else len(double)
        if "".join(pieces[at : at + long]) == double:
            for symbols, length, _ in _next(pieces, at + long):
                yield sorted(symbol * 2 for symbol in symbols), long + length, True
    piece = pieces[at] if at < len(pieces) else ""
    if _is_letter(piece):
        yield [piece], 1, False
    longest = 1 if piece.isascii() else _LONGEST_READING
    for length in range(1, longest + 1):
        reading = "".join(pieces[at : at + length])
        if at + length > len(pieces):
            return
        if reading in _CERTAIN:
            yield sorted(_CERTAIN[reading]), length, True
        if reading in _WORDS:
            yield sorted(_WORDS[reading]), length, False
