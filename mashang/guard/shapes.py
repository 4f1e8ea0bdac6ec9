"""Forms of numbers as a shop declares them: `QN999999999999`, `XXXX-XXXX-XXXX`.

9 is a digit, A a letter, X either; everything else stands for itself.  A declared
form becomes a pattern that matches only whole words, in any case, in linear time:
a shop cannot hand us a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLACES = {"9": r"\d", "A": "[A-Za-z]", "X": r"[A-Za-z\d]"}
_DASHES = "[-\u2010-\u2015\uff0d]"
_LEAST_SECRET = 8  # places that vary; a shorter form would mask ordinary words


def order_numbers(shapes: Iterable[str]) -> re.Pattern[str] | None:
    """What order numbers look like; None when no form was declared."""
    return _any(_pattern(shape) for shape in shapes if re.search("[9AX]", shape))


def card_keys(shapes: Iterable[str]) -> re.Pattern[str] | None:
    """What card keys look like; forms too short to tell from words are left out."""
    return _any(_secret(shape) for shape in shapes if sum(map(shape.count, "9AX")) >= _LEAST_SECRET)


def _secret(shape: str) -> str:
    # In a form without dashes a plain word of the same length must not pass for a key.
    demand = "" if "-" in shape or "9" in shape else rf"(?=[A-Za-z]{{0,{len(shape)}}}\d)"
    return demand + _pattern(shape)


def _pattern(shape: str) -> str:
    return "".join(_PLACES.get(place) or (_DASHES if place == "-" else re.escape(place)) for place in shape)


def _any(patterns: Iterable[str]) -> re.Pattern[str] | None:
    found = sorted(set(patterns), key=len, reverse=True)
    if not found:
        return None
    return re.compile(rf"(?<![A-Za-z\d])(?i:{'|'.join(found)})(?![A-Za-z\d])")
