"""What a waiting customer is told: a number, how many come first, who is there, and how long it will take.

Ahead are those whom an agent eligible for me would take before me, by the dispatcher's own order: everybody
earlier in my queue, and in each queue that shares an agent with it, because that agent has one set of hands.
A queue here is a department, tier, skills and the agent meant, if one is.

A hand is free when its agent has one and took, or said no to, the last customer: who lets offers run out
may be there and may not.

What was told is stored and compared with when it is told anew, so that a reload, another process or another
server says the same, and a longer wait comes with a word (`announcement`).  Where nobody is there, no number is.

Does not: calculate (`estimate`), learn (`learning`) or choose who answers (`dispatch`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from mashang.kit.db import Tx
from mashang.routing import learning, opening, waits
from mashang.routing.announcement import Announcement, Range, Word, announce, rounded
from mashang.routing.eligibility import MEETS, MOST_PRIORITY, ORDER, PATIENCE, head_start
from mashang.routing.estimate import Estimate, Forecast, Standing
from mashang.routing.opening import Closed
from mashang.routing.waits import Told

_MINUTE = timedelta(minutes=1)


class Expected(msgspec.Struct, frozen=True):
    """From one number of minutes to another; 1 to 1 is less than a minute.  `word` says why it had to grow."""

    low_minutes: int
    high_minutes: int
    word: Word | None = None


class Waiting(msgspec.Struct, frozen=True):
    """`number` is the 排队号; `agents_online` counts the available agents of the department.

    `is_message`: a message was left, nobody waits for the place.  `closed`: so it is by the department's hours.
    """

    number: int
    ahead: int
    agents_online: int
    estimate: Expected | None = None
    is_message: bool = False
    closed: Closed | None = None


class _Place(msgspec.Struct, frozen=True):
    """One who waits, as the statement found them; `before` … `told_*` may be missing with an old announcement.

    `virtual` is minutes since the virtual arrival, negative; `learned` stands once for each queue.
    """

    conversation_id: int
    department_id: int
    required_tier: int
    number: int
    priority: int
    virtual: float
    now_minute: float
    before: int
    offered_before: int
    privileged: int
    on_offer: bool
    agents_online: int
    slots: int
    free: int
    stands_in: bool
    wait_id: int | None
    learned: dict[str, Any] | None
    told: dict[str, Any] | None
    is_message: bool
    refused: int

    @property
    def standing(self) -> Standing:
        """What the estimate needs to know."""
        if self.on_offer:  # a second one is no surer than the first, which nobody took
            return Standing(0, free=0 if self.refused else 1)
        passing = [
            (priority, self.virtual + head_start(priority) / _MINUTE)
            for priority in range(self.priority + 1, MOST_PRIORITY + 1)
        ]
        return Standing(
            ahead=self.before - self.offered_before,
            free=0 if self.refused else self.free,
            exposed=tuple(one for one in passing if one[1] > 0),
            not_before=max(0.0, self.virtual + PATIENCE / _MINUTE) if self.stands_in else 0.0,
        )

    def announcement(self, estimate: Estimate) -> Announcement:
        """What the estimate would be told as."""
        return Announcement(rounded(estimate), self.before, self.privileged, self.slots, refused=self.refused)

    @property
    def announced(self) -> Announcement | None:
        """What was told last."""
        if self.told is None:
            return None
        told = Range(self.told["low_minutes"], self.told["high_minutes"])
        kept = {name: self.told[name] for name in ("ahead", "privileged", "slots", "word", "refused")}
        return Announcement(told, **kept)


async def waiting(tx: Tx, conversation_ids: Sequence[int]) -> dict[int, Waiting]:
    """Of each conversation that waits; two statements, whatever their number, and one more when there is news."""
    if not conversation_ids:
        return {}
    rows = await tx.all(_PLACES, {"ids": list(conversation_ids)}, into=_Place)
    found, news = _tell(rows, await opening.closed(tx, [row.department_id for row in rows]) if rows else {})
    if news:
        await waits.tell(tx, news)
    return found


def _tell(places: Sequence[_Place], closed: Mapping[int, Closed]) -> tuple[dict[int, Waiting], list[Told]]:
    """What each hears, and what of it is new."""
    experiences = {
        (one.department_id, one.required_tier): learning.experience_in(one.learned)
        for one in places
        if one.learned is not None
    }
    forecasts: dict[tuple[int, int, int], Forecast] = {}
    found, news = {}, []
    for place in places:
        expected = None
        if place.slots and not place.is_message and place.department_id not in closed:
            key = (place.department_id, place.required_tier, place.slots)
            if key not in forecasts:
                experience = experiences.get(key[:2]) or learning.experience_in(None)
                forecasts[key] = Forecast(experience, place.slots, place.now_minute)
            estimate = forecasts[key].wait(place.standing)
            told = announce(place.announced, place.announcement(estimate))
            expected = Expected(told.range.low_minutes, told.range.high_minutes, told.word)
            if told != place.announced and place.wait_id is not None:
                news.append(Told(place.wait_id, told, estimate))
        found[place.conversation_id] = Waiting(
            place.number,
            place.before,
            place.agents_online,
            expected,
            place.is_message,
            closed.get(place.department_id),
        )
    return found, news


_PLACES = f"""
    with instant as materialized (select app_now() as now),
    load as (
        select agent_id, count(*) as load from (
            select agent_id from conversation where status = 'active' and snoozed_at is null
            union all
            select agent_id from offer where answered_at is null
        ) x group by agent_id
    ), online as materialized (
        select a.id, a.capacity, a.tier, a.skills, case when (
            select o.answer from offer o where o.agent_id = a.id and o.answered_at is not null
            order by o.offered_at desc limit 1
        ) = 'timed_out' then 0 else greatest(a.capacity - coalesce(l.load, 0), 0) end as free
        from agent a left join load l on l.agent_id = a.id
        where a.availability = 'available' and a.archived_at is null and a.capacity > 0
          and exists (select from presence_lease l, instant i where l.agent_id = a.id and l.alive_until > i.now)
    ), present as (
        select m.department_id, count(*) as agents from online a join membership m on m.agent_id = a.id group by 1
    ), class as materialized (
        select row_number() over () as class, q.* from (
            select distinct department_id, required_tier, skills, wanted_agent_id from queue_place
        ) q
    ), able as (
        select q.class, a.*, {MEETS} as meets
        from class q join membership m on m.department_id = q.department_id join online a on a.id = m.agent_id
    ), crew as materialized (
        select class, id, capacity, free, bool_and(stands_in) as stands_in from (
            select class, id, capacity, free, not meets as stands_in
            from (select *, bool_or(meets) over (partition by class) as met from able) a where meets or not met
            union all
            select q.class, a.id, a.capacity, a.free, false from class q join online a on a.id = q.wanted_agent_id
        ) x group by class, id, capacity, free
    ), hands as (
        select class, sum(capacity) as slots, sum(free) as free, bool_and(stands_in) as stands_in
        from crew group by class
    ), asked as materialized (
        select distinct c.class from queue_place q join class c
            on (c.department_id, c.required_tier, c.skills) = (q.department_id, q.required_tier, q.skills)
            and c.wanted_agent_id is not distinct from q.wanted_agent_id
        where q.conversation_id = any(%(ids)s)
    ), rivals as (
        select class as mine, class as theirs from asked
        union
        select c.class, r.class from asked join crew c using (class) join crew r on r.id = c.id
    ), floor as materialized (
        select mine, dense_rank() over (order by classes) as floor, classes
        from (select mine, array_agg(theirs order by theirs) as classes from rivals group by mine) r
    ), ranked as (
        select f.floor, q.*, c.class, o.conversation_id is not null as on_offer,
            row_number() over behind - 1 as before,
            count(o.conversation_id) over behind as offered,
            count(*) filter (where q.priority > 0) over behind as over_0,
            count(*) filter (where q.priority > 1) over behind as over_1,
            count(*) filter (where q.priority > 2) over behind as over_2
        from (select distinct floor, classes from floor) f
        join class c on c.class = any(f.classes)
        join queue_place q
            on (q.department_id, q.required_tier, q.skills) = (c.department_id, c.required_tier, c.skills)
            and q.wanted_agent_id is not distinct from c.wanted_agent_id
        left join offer o on o.conversation_id = q.conversation_id and o.answered_at is null
        window behind as (partition by f.floor order by {ORDER} rows unbounded preceding)
    )
    select k.conversation_id, k.department_id, k.required_tier, k.number, k.priority, k.before, k.on_offer,
        k.offered - k.on_offer::int as offered_before,
        case k.priority when 0 then k.over_0 when 1 then k.over_1 when 2 then k.over_2 else 0 end as privileged,
        extract(epoch from k.order_at - i.now)::float8 / 60 as virtual,
        extract(epoch from i.now)::float8 / 60 as now_minute,
        coalesce(p.agents, 0) as agents_online, coalesce(h.slots, 0)::int as slots, coalesce(h.free, 0)::int as free,
        coalesce(h.stands_in, false) as stands_in, w.id as wait_id,
        case row_number() over (partition by k.department_id, k.required_tier) when 1 then x.learned end as learned,
        t.told, k.message_at is not null as is_message, (
            select count(*) from offer r
            where r.conversation_id = k.conversation_id and r.answer in ('declined', 'timed_out')
                and r.answered_at >= w.began_at and r.offered_at < r.answered_at
        )::int as refused
    from ranked k
    join floor f on f.mine = k.class and f.floor = k.floor
    cross join instant i
    left join hands h on h.class = k.class
    left join present p on p.department_id = k.department_id
    left join queue_experience x on (x.department_id, x.required_tier) = (k.department_id, k.required_tier)
    left join wait w on w.conversation_id = k.conversation_id and w.ended_at is null
    left join lateral (
        select to_jsonb(a) as told from announcement a where a.wait_id = w.id order by a.id desc limit 1
    ) t on true
    where k.conversation_id = any(%(ids)s)
"""
