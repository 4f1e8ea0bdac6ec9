"""Are two questions about the same thing, as far as their words tell?

Likeness is the share of runs that two questions have in common (Dice), of their characters or of their sounds,
whichever is larger; the runs are the finder's own (`knowledge.features`).  A question joins the group with the most
alike of its members, from `ALIKE` on.  Nine tenths of a group made so ask for one answer (starter knowledge).

Pure.  Does not: know what was asked (`gaps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from mashang.knowledge import features

ALIKE = 0.4
_MOST = 12  # members of a group that are compared

Group = TypeVar("Group")
Sight = tuple[dict[int, float], ...]


def sight(text: str) -> Sight:
    """What is compared of a question; as many views as the finder has."""
    plain = features.plain(text)
    return tuple(_weights(view(plain)) for view in features.VIEWS)


def alike(one: Sight, other: Sight) -> float:
    """Between 0 and 1."""
    return max(_dice(mine, theirs) for mine, theirs in zip(one, other, strict=True))


def nearest(question: Sight, groups: Mapping[Group, Iterable[Sight]]) -> Group | None:
    """The group it belongs to; None: it begins one."""
    best, found = ALIKE, None
    for group, members in groups.items():
        likeness = max((alike(question, one) for one in list(members)[-_MOST:]), default=0.0)
        if likeness >= best:
            best, found = likeness, group
    return found


def _weights(runs: features.Runs) -> dict[int, float]:
    return dict(zip(runs.numbers.tolist(), runs.factors.tolist(), strict=True))


def _dice(mine: dict[int, float], theirs: dict[int, float]) -> float:
    both = sum(mine[number] for number in mine.keys() & theirs.keys())
    return 2 * both / (sum(mine.values()) + sum(theirs.values())) if both else 0.0
