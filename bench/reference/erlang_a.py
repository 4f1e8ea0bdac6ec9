"""Erlang-A in closed form: a queue with impatience (M/M/s+M), in the steady state.

From the birth and death of its states: with n customers there, n ≤ s are being served and the
others leave at the rate θ each (Palm 1943; Mandelbaum and Zeltyn, *The Palm/Erlang-A Queue*, 2005).
"""

from __future__ import annotations

from typing import NamedTuple


class Steady(NamedTuple):
    """Mean wait of all who come, those who leave and those who need not wait included; and who leaves."""

    mean_wait: float
    leaving: float


def steady(arrivals: float, handling: float, slots: int, patience: float) -> Steady:
    """By minutes; summed until the states are too rare to matter."""
    weight, total, queued, n = 1.0, 1.0, 0.0, 0
    while n < slots or weight > total * 1e-15:
        n += 1
        weight *= arrivals / (min(n, slots) / handling + max(0, n - slots) / patience)
        total += weight
        queued += max(0, n - slots) * weight
    queue = queued / total
    return Steady(mean_wait=queue / arrivals, leaving=queue / patience / arrivals)
