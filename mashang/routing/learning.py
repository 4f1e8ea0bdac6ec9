"""What the queues learn from waits and services that are over, each once, by one learner at a time.

The rows say what is still to be learned (`wait.learned`), and what was learned is stored with that mark in one
transaction: nothing is lost or learned twice when a process is killed, and any number of processes may try.
A queue is a department and a required tier.

Occupied slots are counted at each look, the conversations and offers of a queue whose agents are here, and
weigh until the next.  A conversation that nobody closed overnight occupies nobody.

Does not: notice that a wait ended (`waits.settle`), or know the formulas (`estimate`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from mashang.kit.db import Json, Tx
from mashang.routing import estimate as estimates
from mashang.routing import waits
from mashang.routing.estimate import Estimate, Experience

_MOST = 2000  # lessons in one look; the rest in the next
_BLINK = timedelta(minutes=5)  # whoever looked away for longer does not know how busy it was meanwhile

_Queue = tuple[int, int]


class _Lesson(msgspec.Struct, frozen=True):
    """A wait of which something is new; `told` is its first announcement."""

    id: int
    department_id: int
    required_tier: int
    priority: int
    moved: bool
    began_minute: float
    outcome: str | None
    waited: float | None
    answered: float | None
    over: bool
    learned: int
    median: float | None
    upper: float | None
    calculated: float | None
    queue: int | None

    @property
    def stage(self) -> int:
        """How much there is to know."""
        if self.over or self.outcome == "left":
            return 3
        return 2 if self.outcome else 1

    @property
    def told(self) -> Estimate | None:
        """What was told when they came, unless they waited somewhere else in the end."""
        if self.median is None or self.upper is None or self.calculated is None or self.queue is None or self.moved:
            return None
        return Estimate(self.median, self.upper, self.calculated, self.queue)


class _Known(msgspec.Struct):
    """One queue: what it has learned, and how many slots were occupied at the last look."""

    learned: Experience
    busy: int = 0
    looked_at: datetime | None = None
    blinked: bool = False

    def pass_time(self, now: datetime) -> None:
        """Count the time of the slots that were occupied, up to now."""
        if self.looked_at is None or not self.busy:
            return
        passed = now - self.looked_at
        self.blinked = passed > _BLINK
        if not self.blinked:
            estimates.occupied(self.learned, self.busy * (passed / timedelta(minutes=1)))


async def learn(tx: Tx) -> None:
    """Look once."""
    if not await tx.value("select pg_try_advisory_xact_lock(hashtextextended('routing.learning', 0))"):
        return
    await waits.settle(tx)
    now: datetime = await tx.value("select app_now()")
    lessons = await _lessons(tx)
    busy = await _busy(tx, now)
    known = await _known(tx, {(one.department_id, one.required_tier) for one in lessons} | set(busy))
    for one in known.values():
        one.pass_time(now)
    for lesson in lessons:
        _learn(known[lesson.department_id, lesson.required_tier], lesson)
    if known:
        await _store(tx, now, known, busy)
    if lessons:
        await _mark(tx, lessons)


def _learn(known: _Known, lesson: _Lesson) -> None:
    """What is new of this wait."""
    experience = known.learned
    if lesson.learned < 1 and lesson.priority:
        estimates.privileged_came(experience, lesson.priority, lesson.began_minute)
    if lesson.learned < 2 <= lesson.stage and lesson.waited is not None:
        if lesson.outcome == "left":
            estimates.left(experience, lesson.waited)
        else:
            estimates.served(experience, lesson.told, lesson.waited)
        if lesson.answered is not None:
            estimates.answered(experience, lesson.answered)
    if lesson.learned < 3 and lesson.over and not known.blinked:
        estimates.finished(experience)


async def _lessons(tx: Tx) -> list[_Lesson]:
    return await tx.all(
        """
        select w.id, w.department_id, w.required_tier, w.priority, w.moved, w.outcome, w.learned,
            extract(epoch from w.began_at)::float8 / 60 as began_minute,
            extract(epoch from w.ended_at - w.began_at)::float8 / 60 as waited,
            w.served_until is not null as over, o.answered, f.median, f.upper, f.calculated, f.queue
        from wait w
        left join lateral (
            select a.median, a.upper, a.calculated, a.queue from announcement a
            where a.wait_id = w.id order by a.id limit 1
        ) f on true
        left join lateral (
            select extract(epoch from o.answered_at - o.offered_at)::float8 / 60 as answered from offer o
            where o.conversation_id = w.conversation_id and o.answer = 'accepted'
              and o.answered_at between w.began_at and w.ended_at
            order by o.id desc limit 1
        ) o on true
        where w.learned < 3 and (
            w.learned = 0
            or (w.learned = 1 and w.ended_at is not null)
            or (w.learned = 2 and w.served_until is not null)
        )
        order by w.id limit %s
        """,
        (_MOST,),
        into=_Lesson,
    )


async def _busy(tx: Tx, now: datetime) -> dict[_Queue, int]:
    """Occupied slots of each queue, of agents who are here."""
    rows = await tx.all(
        """
        with here as (select distinct agent_id from presence_lease where alive_until > %(now)s)
        select x.department_id, x.required_tier, count(*) as slots from (
            select w.department_id, w.required_tier
            from wait w join conversation c on c.id = w.conversation_id join here h on h.agent_id = c.agent_id
            where w.outcome = 'accepted' and w.served_until is null and c.status = 'active'
            union all
            select w.department_id, w.required_tier
            from offer o join wait w on w.conversation_id = o.conversation_id join here h on h.agent_id = o.agent_id
            where o.answered_at is null and w.ended_at is null
        ) x group by 1, 2
        """,
        {"now": now},
    )
    return {(row["department_id"], row["required_tier"]): row["slots"] for row in rows}


async def _known(tx: Tx, queues: set[_Queue]) -> dict[_Queue, _Known]:
    """These queues, and those that were busy at the last look."""
    rows = await tx.all(
        """
        select department_id, required_tier, learned, busy, looked_at from queue_experience
        where busy > 0 or (department_id, required_tier) in (select * from unnest(%s::bigint[], %s::smallint[]))
        """,
        ([one[0] for one in queues], [one[1] for one in queues]),
    )
    known = {queue: _Known(Experience()) for queue in queues}
    for row in rows:
        known[row["department_id"], row["required_tier"]] = _Known(
            experience_in(row["learned"]), row["busy"], row["looked_at"]
        )
    return known


def experience_in(stored: dict[str, Any] | None) -> Experience:
    """As it is stored; a new one where there is none."""
    return Experience() if stored is None else msgspec.convert(stored, Experience, strict=False)


async def _store(tx: Tx, now: datetime, known: dict[_Queue, _Known], busy: dict[_Queue, int]) -> None:
    rows = [
        {
            "department_id": queue[0],
            "required_tier": queue[1],
            "learned": one.learned,
            "busy": busy.get(queue, 0),
            "looked_at": now,
        }
        for queue, one in known.items()
    ]
    await tx.run(
        """
        insert into queue_experience (department_id, required_tier, learned, busy, looked_at)
        select department_id, required_tier, learned, busy, looked_at
        from jsonb_populate_recordset(null::queue_experience, %s)
        on conflict (department_id, required_tier) do update set
            learned = excluded.learned, busy = excluded.busy, looked_at = excluded.looked_at
        """,
        (Json(rows),),
    )


async def _mark(tx: Tx, lessons: list[_Lesson]) -> None:
    await tx.run(
        """
        update wait w set learned = l.stage
        from unnest(%s::bigint[], %s::smallint[]) as l (id, stage) where w.id = l.id
        """,
        ([lesson.id for lesson in lessons], [lesson.stage for lesson in lessons]),
    )
