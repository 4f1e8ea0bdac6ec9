"""The promises of the dispatcher as one question to the tables, said apart from the code that keeps them.

Two seconds of slack: a rest or a patience may end between a pass and the question.
"""

from __future__ import annotations

from mashang.kit.db import Database

_BROKEN = """
with instant as materialized (select app_now() as now),
load as (
    select a.id, (select count(*) from conversation c where c.agent_id = a.id and c.status = 'active') as active,
        (select count(*) from offer o where o.agent_id = a.id and o.answered_at is null) as offered
    from agent a
), here as (
    select a.id, a.tier, a.skills, a.capacity, l.active + l.offered < a.capacity as free
    from agent a join load l using (id) cross join instant
    where a.availability = 'available' and a.archived_at is null
      and exists (select from presence_lease p where p.agent_id = a.id and p.alive_until > now)
), around as (
    select q.conversation_id, h.id as agent_id, h.tier >= q.required_tier and h.skills @> q.skills as fits
    from queue_place q join membership m using (department_id) join here h on h.id = m.agent_id and h.capacity > 0
), could as (
    select a.conversation_id, a.agent_id, false as named, not f.anybody as stands_in
    from around a join (select conversation_id, bool_or(fits) as anybody from around group by 1) f
        using (conversation_id)
    where a.fits or not f.anybody
    union all
    select q.conversation_id, q.wanted_agent_id, true, false from queue_place q join here h on h.id = q.wanted_agent_id
), refusal as (
    select o.conversation_id, o.agent_id, max(o.answered_at) as at
    from offer o join queue_place q using (conversation_id) cross join instant
    where o.answer in ('declined', 'timed_out') and o.answered_at > now - interval '302 s'
      and not (o.agent_id is not distinct from q.wanted_agent_id and o.answered_at <= q.placed_at)
    group by 1, 2
), refused_by_all as (
    select c.conversation_id, bool_and(r.at is not null) as all_of_them
    from could c left join refusal r using (conversation_id, agent_id) group by 1
)
select jsonb_build_object(
    'over capacity', (select count(*) from load l join agent a using (id) where l.active + l.offered > a.capacity),
    'offered to the absent', (
        select count(*) from offer where answered_at is null and agent_id not in (select id from here)
    ),
    'offered and not waiting', (
        select count(*) from offer o join conversation c on c.id = o.conversation_id
        where o.answered_at is null and c.status <> 'waiting'
    ),
    'offered twice', (
        select count(*) - count(distinct conversation_id) from offer where answered_at is null
    ),
    'waits without a place, or has one and does not wait', (
        select count(*) from conversation c full join queue_place q on q.conversation_id = c.id
        where (c.status = 'waiting') is distinct from (q.conversation_id is not null)
    ),
    'offered before it came here', (
        select count(*) from offer o join queue_place q using (conversation_id)
        where o.answered_at is null and o.offered_at < q.placed_at
    ),
    'asked again at once', (
        select count(*) from offer o join queue_place q using (conversation_id)
            join offer r using (conversation_id, agent_id)
        where o.answered_at is null and r.answer in ('declined', 'timed_out')
          and r.answered_at between o.offered_at - interval '28 s' and o.offered_at
          and not (o.agent_id is not distinct from q.wanted_agent_id and r.answered_at <= q.placed_at)
    ),
    'order is not that of arrival and priority', (
        select count(*) from queue_place where order_at <> queued_at - priority * interval '5 min'
            + case when message_at is null then interval '0' else interval '2 h' end
    ),
    'free while somebody waits for them', (
        select count(*) from could c join here h on h.id = c.agent_id and h.free
            join queue_place q using (conversation_id) join refused_by_all a using (conversation_id)
            left join refusal r using (conversation_id, agent_id) cross join instant
        where not exists (select from offer o where o.conversation_id = c.conversation_id and o.answered_at is null)
          and (c.named or not c.stands_in or q.order_at <= now - interval '182 s')
          and (r.at is null or (a.all_of_them and r.at <= now - interval '32 s'))
    )
)
"""


async def broken(db: Database) -> dict[str, int]:
    """The promises that do not hold, and how often; empty when all do."""
    async with db.transaction() as tx:
        counted: dict[str, int] = await tx.value(_BROKEN)
    return {promise: number for promise, number in counted.items() if number}
