"""Waits as they were, and what was told of them: the only writer of `wait` and `announcement`.

A wait begins when a conversation is put into a queue and ends when an agent accepts, not at the offer, or
when the customer leaves.  Only its beginning is written as it happens, for announcements belong to
it, and that a message was left instead; how else it ended, and how long the service that followed
took, is read off the conversation afterwards (`settle`), so no way of leaving the queue can be forgotten.

Does not: estimate (`estimate`), learn (`learning`) or decide what to tell (`announcement`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from mashang.conversations.naming import name_of
from mashang.kit.db import Json, Tx
from mashang.routing.announcement import Announcement
from mashang.routing.eligibility import Need
from mashang.routing.estimate import Estimate


class Told(msgspec.Struct, frozen=True):
    """Something new was told to whoever waits this wait."""

    wait_id: int
    announcement: Announcement
    estimate: Estimate


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the waits of one queue, and of the first word on each; minutes.

    `told` counts who was served after they had been told a range when they came, `held` who of them waited no longer
    than its upper end; `error` is the mean distance between the estimated median and the wait.  `untold` counts who
    of the served was never told a range, because nobody was there or a message was left: `mean_wait` leaves them out,
    and `mean_untold` is how long they waited.
    """

    required_tier: int
    served: int
    left: int
    told: int
    held: int
    mean_wait: float | None
    error: float | None
    untold: int
    mean_untold: float | None


class Record(Counted, frozen=True, kw_only=True):
    """One queue by the name of its department."""

    department_id: str
    department: str


async def begin(tx: Tx, conversation_id: int, department_id: int, need: Need) -> None:
    """It waits from now on; or goes on waiting, in another queue.  The caller holds its row."""
    await settle(tx, [conversation_id])
    await tx.run(
        """
        insert into wait as w (conversation_id, department_id, required_tier, priority, began_at)
        values (%s, %s, %s, %s, app_now())
        on conflict (conversation_id) where ended_at is null do update set
            department_id = excluded.department_id, required_tier = excluded.required_tier,
            priority = excluded.priority,
            moved = w.moved or (w.department_id, w.required_tier) <> (excluded.department_id, excluded.required_tier)
        """,
        (conversation_id, department_id, need.required_tier, need.priority),
    )


async def raised(tx: Tx, conversation_id: int, priority: int) -> None:
    """It has this priority from now on, and is learned from as such, also where its beginning was learned before.

    The caller holds the conversation's row.
    """
    await tx.run(
        "update wait set priority = %s, learned = case when priority = 0 then 0 else learned end"
        " where conversation_id = %s and ended_at is null",
        (priority, conversation_id),
    )


async def leave(tx: Tx, conversation_id: int) -> None:
    """Its customer waits no longer, though the conversation does.  The caller holds its row."""
    await tx.run(
        "update wait set ended_at = app_now(), outcome = 'left' where conversation_id = %s and ended_at is null",
        (conversation_id,),
    )


async def settle(tx: Tx, conversation_ids: Sequence[int] | None = None) -> None:
    """Note the ends of waits and of the services that followed; of these conversations, or of all."""
    only = "" if conversation_ids is None else "and c.id = any(%(ids)s)"
    params = {"ids": list(conversation_ids or ())}
    await tx.run(
        f"""
        update wait w set
            ended_at = case
                when c.assigned_at >= w.began_at then c.assigned_at else coalesce(c.closed_at, app_now()) end,
            outcome = case when c.assigned_at >= w.began_at then 'accepted' else 'left' end
        from conversation c
        where c.id = w.conversation_id and w.ended_at is null
          and (c.status <> 'waiting' or c.assigned_at >= w.began_at) {only}
        """,
        params,
    )
    await tx.run(
        f"""
        update wait w set served_until = coalesce(c.closed_at, app_now())
        from conversation c
        where c.id = w.conversation_id and w.outcome = 'accepted' and w.served_until is null
          and c.status <> 'active' {only}
        """,
        params,
    )


async def tell(tx: Tx, told: Sequence[Told]) -> None:
    """Store what was told."""
    await tx.run(
        """
        insert into announcement (wait_id, at, low_minutes, high_minutes, word, ahead, privileged, slots, refused,
            queue, median, upper, calculated)
        select t.wait_id, app_now(), t.low_minutes, t.high_minutes, t.word, t.ahead, t.privileged, t.slots, t.refused,
            t.queue, t.median, t.upper, t.calculated
        from jsonb_populate_recordset(null::announcement, %s) t
        """,
        (
            Json(
                [
                    {
                        **msgspec.structs.asdict(one.announcement),
                        **msgspec.structs.asdict(one.announcement.range),
                        **msgspec.structs.asdict(one.estimate),
                        "wait_id": one.wait_id,
                    }
                    for one in told
                ]
            ),
        ),
    )


async def records(tx: Tx, last: timedelta, locale: str) -> list[Record]:
    """Of every queue in which a wait ended lately, in the order of the departments."""
    return await tx.all(
        f"""
        with ended as (
            select w.department_id, w.required_tier, w.outcome, f.median, f.high_minutes,
                exists (select from announcement a where a.wait_id = w.id) as heard,
                extract(epoch from w.ended_at - w.began_at)::float8 / 60 as waited
            from wait w left join lateral (
                select a.median, a.high_minutes from announcement a where a.wait_id = w.id order by a.id limit 1
            ) f on w.outcome = 'accepted' and not w.moved
            where w.ended_at > app_now() - %(last)s
        )
        select d.public_id as department_id, {name_of("d")} as department, e.required_tier,
            count(*) filter (where e.outcome = 'accepted') as served,
            count(*) filter (where e.outcome = 'left') as left,
            count(e.median) as told, count(*) filter (where e.waited <= e.high_minutes) as held,
            avg(e.waited) filter (where e.outcome = 'accepted' and e.heard) as mean_wait,
            avg(abs(e.median - e.waited)) as error,
            count(*) filter (where e.outcome = 'accepted' and not e.heard) as untold,
            avg(e.waited) filter (where e.outcome = 'accepted' and not e.heard) as mean_untold
        from ended e join department d on d.id = e.department_id
        group by d.id, e.required_tier order by d.position, d.id, e.required_tier
        """,
        {"last": last, "en": locale == "en"},
        into=Record,
    )
