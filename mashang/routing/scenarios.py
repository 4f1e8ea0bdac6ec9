"""The days on which the wait estimate is measured: quiet ones, bad ones, and ones that change under way.

Minutes throughout.  Handling times spread as those of real chats do (lognormal, some very long ones),
except where the formulas of the books are to be met.

Does not: run them (`simulation`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec

DAY = 1440.0
OfDay = Callable[[float], float]  # the minute of the day → a value


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """Customers a minute, slots (agents × conversations at once), minutes of handling and of patience.

    `spread` is the handling time's standard deviation ÷ mean; 1 is exponential.  `privileged` is the share of
    customers with priority 1.
    """

    name: str
    days: int
    arrivals: OfDay
    slots: OfDay
    handling: OfDay
    spread: float = 1.2
    patience: float | None = None
    privileged: OfDay | None = None


def always(value: float) -> OfDay:
    """The same all day."""
    return lambda _minute: value


def between(begin: float, end: float, inside: float, outside: float) -> OfDay:
    """One value from this minute of the day to that, another for the rest."""
    return lambda minute: inside if begin <= minute < end else outside


def wave(mean: float, swing: float) -> OfDay:
    """Up and down once a day, by this share of the mean."""
    return lambda minute: mean * (1 + swing * math.sin(2 * math.pi * minute / DAY))


_ALL = (
    Scenario(name="calm", days=10, arrivals=always(0.95), slots=always(10), handling=always(10), spread=1.0),
    Scenario(
        name="overload", days=5, arrivals=always(1.3), slots=always(10), handling=always(10), spread=1.0, patience=10
    ),
    Scenario(name="day-cycle", days=10, arrivals=wave(0.8, 0.5), slots=always(10), handling=always(10), patience=15),
    Scenario(
        name="shift-change",
        days=10,
        arrivals=always(0.8),
        slots=between(480, 960, 6, 12),
        handling=always(10),
        patience=15,
    ),
    Scenario(name="one-agent", days=20, arrivals=always(0.09), slots=always(1), handling=always(10), patience=30),
    Scenario(
        name="doubling",
        days=10,
        arrivals=always(0.8),
        slots=always(10),
        handling=between(600, 840, 20, 10),
        patience=15,
    ),
    Scenario(
        name="vip-burst",
        days=10,
        arrivals=always(0.9),
        slots=always(10),
        handling=always(10),
        patience=20,
        privileged=between(600, 690, 0.5, 0.05),
    ),
)
SCENARIOS = {scenario.name: scenario for scenario in _ALL}

# Where nobody can know beforehand: more agents leave, or a wave of privileged customers begins.  Its upper end
# is reported, not demanded.
UNFORESEEABLE = frozenset({"shift-change", "vip-burst"})
