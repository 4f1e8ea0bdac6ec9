"""`estimate`: how far the wait estimate is off, on simulated days of seven kinds.

`value` is the mean distance between the told median and the wait, ÷ the mean wait, averaged over the
scenarios; customers who had to queue and were served.  The reference is the usual rule, (queue length
+ 1) × mean handling time ÷ slots; the other one, the wait of whoever was served last, stands in `extra`.
There too: how often the upper end held, over all and in the worst hour of the day, how wide the range was,
and how near the simulator comes to the closed form where there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import msgspec

from bench.figures import Figure, compared
from bench.reference import erlang_a
from mashang.routing import accuracy
from mashang.routing.accuracy import Accuracy
from mashang.routing.scenarios import DAY, SCENARIOS, UNFORESEEABLE, Scenario, always
from mashang.routing.simulation import Heard, simulate

_SEEDS = (1, 2, 3)
# (customers a minute, slots, patience), handling 10 minutes: where the simulator meets the closed form.
_CLOSED_FORMS = ((1.3, 10, 10.0), (0.95, 10, 20.0), (0.15, 1, 10.0))


async def measure(_seconds: float | None) -> Figure:
    """All scenarios with three seeds each; some fifteen seconds."""
    heard = {name: _heard(scenario) for name, scenario in SCENARIOS.items()}
    judged = {name: accuracy.judge(those) for name, those in heard.items()}
    value, by_length = _mean(judged, "error"), _mean(judged, "by_length")
    foreseen = [one.holds for name, one in judged.items() if name not in UNFORESEEABLE]
    extra = {
        "by_last": round(_mean(judged, "by_last"), 3),
        "holds_least_and_most": [round(min(foreseen), 3), round(max(foreseen), 3)],
        "width_most": round(max(one.width for one in judged.values()), 2),
        "simulator_off_by": round(max(closed_form_errors(30_000)), 3),
        "seeds": list(_SEEDS),
        "scenarios": {
            name: _rounded(one) | {"holds_in_worst_hour": _holds_in_worst_hour(heard[name])}
            for name, one in judged.items()
        },
    }
    return compared("estimate", value, "of the mean wait", by_length, extra)


def closed_form_errors(customers: int) -> list[float]:
    """How far the simulator is from Erlang-A, relative: mean wait and share of who leaves, of each case."""
    errors = []
    for arrivals, slots, patience in _CLOSED_FORMS:
        scenario = Scenario(
            name="closed-form",
            days=round(customers / arrivals / DAY),
            arrivals=always(arrivals),
            slots=always(slots),
            handling=always(10),
            spread=1.0,
            patience=patience,
        )
        run = simulate(scenario, seed=1)
        exact = erlang_a.steady(arrivals, 10, slots, patience)
        errors += [
            abs(run.waited / run.arrived / exact.mean_wait - 1),
            abs(run.left / run.arrived / exact.leaving - 1),
        ]
    return errors


def _heard(scenario: Scenario) -> list[Heard]:
    return [one for seed in _SEEDS for one in simulate(scenario, seed).heard]


def _holds_in_worst_hour(heard: Sequence[Heard]) -> float:
    """Of the hours of the day in which at least a hundred had to wait."""
    by_hour: dict[int, list[bool]] = {}
    for one in heard:
        by_hour.setdefault(int(one.came % DAY / 60), []).append(one.told.upper >= (one.waited or 0.0))
    return round(min(fmean(held) for held in by_hour.values() if len(held) >= 100), 3)


def _mean(judged: dict[str, Accuracy], figure: str) -> float:
    return fmean(getattr(one, figure) for one in judged.values())


def _rounded(one: Accuracy) -> dict[str, Any]:
    return {name: round(value, 3) for name, value in msgspec.structs.asdict(one).items()}
