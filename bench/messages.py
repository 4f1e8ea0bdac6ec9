"""`messages`: how many messages a second go through the whole product.

64 customers with two pages each and 16 agents, closed loop: authenticated sockets,
access, masking, numbering, storage, acknowledgement, delivery to the agent and to
the customer's pages, list updates at the desks.  Reference: the group commit alone.
"""

from __future__ import annotations

from time import process_time
from typing import Any

from bench.arena import AGENTS, CEILING, CUSTOMERS, PRODUCT, REFERENCE, Side, arena
from bench.figures import Figure, compared, load, median, milliseconds, share

ROUNDS = 5
SECONDS = 4.0


async def measure(seconds: float | None) -> Figure:
    """Run the three sides in turn, several times."""
    before = load()
    runs: dict[str, list[dict[str, float]]] = {CEILING: [], REFERENCE: [], PRODUCT: []}
    async with arena(list(runs)) as sides:
        for turn in range(ROUNDS):
            for side in sides[turn % 3 :] + sides[: turn % 3]:
                runs[side.name].append(await _run(side, seconds or SECONDS))
        faults = {side.name: side.account() for side in sides}
    rates = {name: median([run["rate"] for run in done]) for name, done in runs.items()}
    extra: dict[str, Any] = {
        "customers": CUSTOMERS,
        "agents": AGENTS,
        "ceiling": rates[CEILING],
        "reference_of_ceiling": round(rates[REFERENCE] / rates[CEILING], 3),
        "ratio_by_round": [
            round(ours["rate"] / theirs["rate"], 3) for ours, theirs in zip(runs[PRODUCT], runs[REFERENCE], strict=True)
        ],
        "faults": faults,
        "runs": runs,
        "machine_before": before,
        "machine_after": load(),
    }
    return compared("messages", rates[PRODUCT], "messages/s", rates[REFERENCE], extra)


async def _run(side: Side, seconds: float) -> dict[str, float]:
    server, generator, count = side.processor_seconds(), process_time(), side.crowd.count
    rate = await side.crowd.closed_loop(seconds)
    microseconds = 1e6 / max(1, side.crowd.count - count)
    return {
        "rate": round(rate, 1),
        "p50_ms": milliseconds(share(side.crowd.delays, 0.5)),
        "p99_ms": milliseconds(share(side.crowd.delays, 0.99)),
        "server_us_per_message": round((side.processor_seconds() - server) * microseconds, 1),
        "generator_us_per_message": round((process_time() - generator) * microseconds, 1),
    }
