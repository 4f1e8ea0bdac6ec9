"""`dispatch`: assignments a second with 1,000 agents and 10,000 waiting; and what one costs as queues grow.

A round: a hundred conversations end, a hundred customers come, and one pass of the dispatcher, committed, is
timed.  `value` counts its assignments a second.  The reference claims one row of 10,000 a transaction, FOR
UPDATE SKIP LOCKED, the least that handing out work in PostgreSQL can cost; the runs alternate.  The curve is
the median pass that has one hand to fill, at 100, 1,000 and 10,000 waiting.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from bench import curve, stage
from bench.crowded_floor import AGENTS, CrowdedFloor
from bench.figures import Figure, compared, load, median, milliseconds, share
from mashang.kit.db import Database
from mashang.kit.migrations import migrate
from mashang.routing.dispatch import one_pass

_QUEUES = (100, 1_000, 10_000)
_HANDS = (1, 10, 100, 1_000)
_TURNS, _SINGLES = 4, 20
_PICTURE = Path(__file__).with_name("dispatch.svg")


async def measure(seconds: float | None) -> Figure:
    """The curve, then throughput and reference in turn; some two minutes."""
    before = load()
    with stage.folder() as home, stage.postgres(home) as server:
        migrate(server.dsn)
        db = await Database.connect(server.dsn, pool_size=4)
        try:
            return await _measured(db, seconds or 10.0, before)
        finally:
            await db.close()


async def _measured(db: Database, seconds: float, before: dict[str, float]) -> Figure:
    floor = CrowdedFloor(db)
    await floor.open()
    singles: dict[int, list[float]] = {number: [] for number in _QUEUES}
    for _ in range(_TURNS):  # in turn, so that all meet the same machine
        for number in _QUEUES:
            await floor.let_wait(number)
            singles[number] += [(await _round(db, floor, 1))[0] for _ in range(_SINGLES)]
    rates, claims = [], []
    for _ in range(3):
        rates.append(await _throughput(db, floor, 100, seconds / 3))
        claims.append(await _claims(db, seconds / 3))
    costs = {number: milliseconds(median(took)) for number, took in singles.items()}
    curve.draw(_PICTURE, "Cost of one assignment, 1,000 agents", "customers waiting", "ms", costs)
    extra = {
        "cost_ms": costs,
        "cost_p99_ms": {number: milliseconds(share(took, 0.99)) for number, took in singles.items()},
        "cost_10000_over_100": round(costs[10_000] / costs[100], 2),
        "by_hands_free": {hands: round(await _throughput(db, floor, hands, seconds / 4), 1) for hands in _HANDS},
        "runs": [round(rate, 1) for rate in rates],
        "reference_runs": [round(rate, 1) for rate in claims],
        "agents": AGENTS,
        "machine_before": before,
    }
    return compared("dispatch", median(rates), "assignments/s", median(claims), extra)


async def _round(db: Database, floor: CrowdedFloor, hands: int) -> tuple[float, int]:
    """Seconds a pass took, and what it assigned."""
    await floor.finish(hands)
    await floor.arrive(hands)
    began = perf_counter()
    outcome = await one_pass(db)
    return perf_counter() - began, outcome.offers


async def _throughput(db: Database, floor: CrowdedFloor, hands: int, seconds: float) -> float:
    took, made = 0.0, 0
    while took < seconds:
        spent, offers = await _round(db, floor, hands)
        took, made = took + spent, made + offers
    return made / took


async def _claims(db: Database, seconds: float) -> float:
    """Rows claimed a second, one a transaction, out of 10,000 that are never fewer."""
    async with db.transaction() as tx:
        await tx.run("drop table if exists bench_job")
        await tx.run("create table bench_job (id bigint generated always as identity primary key, taken_by bigint)")
        await tx.run("create index bench_job_free on bench_job (id) where taken_by is null")
        await tx.run("insert into bench_job (taken_by) select null from generate_series(1, 60000)")
        await tx.run("analyze bench_job")
    claimed, began = 0, perf_counter()
    while perf_counter() - began < seconds:
        async with db.transaction() as tx:
            await tx.run(_CLAIM)
        claimed += 1
    return claimed / (perf_counter() - began)


_CLAIM = """
    update bench_job set taken_by = 1 where id = (
        select id from bench_job where taken_by is null order by id limit 1 for update skip locked
    ) returning id
"""
