"""`latency`: from the customer's send to the agent's screen, at a steady 500 messages a second.

An open loop: messages leave on time whatever the server does.  The clock runs from
the send, in one process, so the generator's own lateness is not counted as the server's.
"""

from __future__ import annotations

from bench.arena import PRODUCT, REFERENCE, Side, arena
from bench.figures import Figure, compared, load, median, milliseconds, share

RUNS = 5
RATE = 500.0
SECONDS = 6.0


async def measure(seconds: float | None) -> Figure:
    """Reference and product in turn, five times."""
    before = load()
    runs: dict[str, list[dict[str, float]]] = {REFERENCE: [], PRODUCT: []}
    async with arena(list(runs)) as sides:
        for turn in range(RUNS):
            for side in sides if turn % 2 == 0 else reversed(sides):
                runs[side.name].append(await _run(side, seconds or SECONDS, turn))
        faults = {side.name: side.account() for side in sides}
    p99 = {name: median([run["p99_ms"] for run in done]) for name, done in runs.items()}
    extra = {
        "rate": RATE,
        "p50_ms": {name: median([run["p50_ms"] for run in done]) for name, done in runs.items()},
        "faults": faults,
        "runs": runs,
        "machine_before": before,
        "machine_after": load(),
    }
    return compared("latency", p99[PRODUCT], "ms p99", p99[REFERENCE], extra)


async def _run(side: Side, seconds: float, seed: int) -> dict[str, float]:
    await side.crowd.steady(RATE, seconds, seed)
    delays = side.crowd.delays
    return {
        "messages": len(delays),
        "p50_ms": milliseconds(share(delays, 0.5)),
        "p99_ms": milliseconds(share(delays, 0.99)),
        "worst_ms": milliseconds(max(delays, default=0.0)),
    }
