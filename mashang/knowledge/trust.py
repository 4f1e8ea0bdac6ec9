"""What judged answers say of an answer: by how much its threshold moves.

How likely a finding is right comes from the words alone.  An answer that was judged wrong more often than that said
needs more from now on, one that was judged right again and again a little less: a shift of its log-odds, the likeliest
one under a normal prior around none.  One “not helpful” of something that was all but certain holds nothing back, two
or three do; being judged right brings it back.  Being a stranger costs nothing, so all strangers together move it a
little at most, either way: more careful, never silent.

Does not: know who judged (`bot.experience`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import NamedTuple

from mashang.kit.db import Tx

NONE: Mapping[str, float] = {}
MOST_EASED = 0.5  # who presses “helpful” is not everybody: judged right, an answer needs little less
BY_STRANGERS = 0.5  # the most that those move it who proved nothing, however many they are
HELD_BACK = -BY_STRANGERS  # below which an editor wants to know of it: strangers alone never get there
_CERTAIN = 1e-6


class Judged(NamedTuple):
    """An answer that was given: how likely it was, whether it was right, and whether somebody known says so."""

    p: float
    is_right: bool
    by_known: bool = True


def shift(judged: Sequence[Judged]) -> float:
    """Of the log-odds of one answer."""
    known = _likeliest([one for one in judged if one.by_known])
    moved = min(max(_likeliest(judged), known - BY_STRANGERS), known + BY_STRANGERS)
    return round(min(moved, MOST_EASED), 3)


def _likeliest(judged: Sequence[Judged]) -> float:
    """Its slope falls everywhere, so halving finds where it is nothing."""
    low, high = -float(len(judged)), float(len(judged))
    odds = [(_odds(one.p), one.is_right) for one in judged]
    for _ in range(40):
        middle = (low + high) / 2
        slope = sum(is_right - 1 / (1 + exp(-known - middle)) for known, is_right in odds) - middle
        low, high = (middle, high) if slope > 0 else (low, middle)
    return low


def reaches(p: float, threshold: float, moved: float) -> bool:
    """Is this likely enough, for an answer whose odds are moved?  A threshold of one or more is never reached."""
    if not moved or threshold >= 1:
        return p >= threshold
    return _odds(p) + moved >= _odds(threshold)


def _odds(p: float) -> float:
    inside = min(max(p, _CERTAIN), 1 - _CERTAIN)
    return log(inside / (1 - inside))


async def keep(tx: Tx, shifts: Mapping[str, float]) -> None:
    """These, and no others; of several workers one after the other."""
    await tx.run("select pg_advisory_xact_lock(hashtext('answer_trust'))")
    names, values = list(shifts), list(shifts.values())
    await tx.run("delete from answer_trust where article <> all (%s::text[])", (names,))
    await tx.run(
        "insert into answer_trust (article, shift) select * from unnest(%s::text[], %s::float8[])"
        " on conflict (article) do update set shift = excluded.shift where answer_trust.shift <> excluded.shift",
        (names, values),
    )


async def kept(tx: Tx) -> dict[str, float]:
    """Shifts by article's public id; who is not there has none."""
    return {row["article"]: row["shift"] for row in await tx.all("select article, shift from answer_trust")}
