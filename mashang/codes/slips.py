"""One slip of a finger: how far what was typed is from a code, and which kind of slip it would be.

A slip costs the less the more often people make it: a key pressed twice and a digit
behind the code are hardly ever anything else, a wrong letter from the far side of
the keyboard can be anything.  The costs, in tenths, are those measured in the project's
study of 2–3 letter codes; `matching` says which cost is low enough.

Codes within one slip are found through what is left of them when a character is
left out, so the time does not grow with the number of codes.

Does not: compare pinyin or Chinese (`sound`), or decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import Literal

import msgspec

Kind = Literal["trailing", "doubled", "lookalike", "neighbour", "transposed", "added", "missing", "wrong"]

COSTS: dict[Kind, int] = {
    "lookalike": 3,
    "doubled": 4,
    "trailing": 4,
    "neighbour": 6,
    "transposed": 7,
    "added": 10,
    "missing": 11,
    "wrong": 12,
}
_BESIDE = 7  # an added letter that lies beside one of its neighbours
_SIMILAR = 7  # look-alikes that are hardly taken for each other in print

_ROWS = ("1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_SHIFTS = (0.0, 0.5, 0.75, 1.25)  # of each row on a keyboard, in keys
_PLACES = {
    key: (row, column + shift)
    for row, (keys, shift) in enumerate(zip(_ROWS, _SHIFTS, strict=True))
    for column, key in enumerate(keys)
}
ADJACENT = frozenset(
    one + other
    for one, (row, column) in _PLACES.items()
    for other, (other_row, other_column) in _PLACES.items()
    if one != other and abs(row - other_row) <= 1 and abs(column - other_column) <= 1
)
LOOKALIKE = {
    one + other: cost
    for cost, groups in ((COSTS["lookalike"], ("0O", "1I", "1L")), (_SIMILAR, ("IL", "2Z", "5S", "8B", "6G", "UV")))
    for group in groups
    for one, other in permutations(group)
}


class Slip(msgspec.Struct, frozen=True, order=True):
    """What was typed may be `code`, with this kind of slip; the cheapest sorts first."""

    cost: int
    code: str
    kind: Kind


def slip(code: str, typed: str) -> Slip | None:
    """The single slip that makes `typed` of `code`, the cheapest one; None when it takes more, or none."""
    longer = len(typed) - len(code)
    if longer == 0:
        return _changed(code, typed)
    if longer == 1:
        return _longer(code, typed)
    if longer == -1 and any(code[:i] + code[i + 1 :] == typed for i in range(len(code))):
        return Slip(COSTS["missing"], code, "missing")
    if longer == 2 and typed.startswith(code) and typed[-2:].isdigit():
        return Slip(COSTS["trailing"], code, "trailing")
    return None


def _changed(code: str, typed: str) -> Slip | None:
    differing = [i for i, (one, other) in enumerate(zip(code, typed, strict=True)) if one != other]
    match differing:
        case [i]:
            return _instead(code, code[i] + typed[i])
        case [i, j] if j == i + 1 and code[i] == typed[j] and code[j] == typed[i]:
            return Slip(COSTS["transposed"], code, "transposed")
    return None


def _instead(code: str, pair: str) -> Slip:
    if cost := LOOKALIKE.get(pair):
        return Slip(cost, code, "lookalike")
    kind: Kind = "neighbour" if pair in ADJACENT else "wrong"
    return Slip(COSTS[kind], code, kind)


def _longer(code: str, typed: str) -> Slip | None:
    added = [_added(code, typed, i) for i in range(len(typed)) if typed[:i] + typed[i + 1 :] == code]
    return min(added, default=None)


def _added(code: str, typed: str, i: int) -> Slip:
    beside = typed[max(i - 1, 0) : i] + typed[i + 1 : i + 2]
    if typed[i] in beside:
        return Slip(COSTS["doubled"], code, "doubled")
    if i == len(code) and typed[i].isdigit():
        return Slip(COSTS["trailing"], code, "trailing")
    near = any(typed[i] + other in ADJACENT for other in beside)
    return Slip(_BESIDE if near else COSTS["added"], code, "added")


class Near:
    """Words to be found from within one slip."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._shortened: dict[str, list[str]] = {}
        for word in sorted(self.words):
            for shorter in shortened(word):
                self._shortened.setdefault(shorter, []).append(word)

    def around(self, typed: str) -> set[str]:
        """The words that may be one slip away from `typed`; some may be two away."""
        found = set(self._shortened.get(typed, ()))
        for shorter in shortened(typed):
            found.update(self._shortened.get(shorter, ()))
            if shorter in self.words:
                found.add(shorter)
        return found

    def slips(self, typed: str) -> list[Slip]:
        """Every word one slip away, the likeliest first."""
        around = self.around(typed)
        if typed[-2:].isdigit() and typed[:-2] in self.words:
            around.add(typed[:-2])
        return sorted(found for word in around if (found := slip(word, typed)))


def shortened(word: str) -> set[str]:
    """`word` with each of its characters left out in turn."""
    return {word[:i] + word[i + 1 :] for i in range(len(word))}
