"""What a waiting customer is told: a number, how many come first, who is there.

Ahead are those whom an agent eligible for me would take before me, by the
dispatcher's own order: everybody earlier in my department, and in each department
that shares an online agent with it, because that agent has one set of hands.

Does not: estimate minutes.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mashang.kit.db import Tx
from mashang.routing.eligibility import ORDER


class Waiting(msgspec.Struct, frozen=True):
    """`number` is the 排队号; `agents_online` counts the available agents of the department."""

    number: int
    ahead: int
    agents_online: int


async def waiting(tx: Tx, conversation_ids: Sequence[int]) -> dict[int, Waiting]:
    """Of each conversation that waits; one statement, whatever their number."""
    if not conversation_ids:
        return {}
    rows = await tx.all(
        f"""
        with instant as materialized (select app_now() as now),
        mine as (
            select distinct department_id from queue_place where conversation_id = any(%(ids)s)
        ), online as (
            select m.agent_id, m.department_id
            from membership m join agent a on a.id = m.agent_id
            where a.availability = 'available' and a.archived_at is null and a.capacity > 0
              and exists (select from presence_lease l, instant i where l.agent_id = a.id and l.alive_until > i.now)
        ), rivals as (
            select department_id as mine, department_id as theirs from mine
            union
            select o.department_id, p.department_id
            from mine join online o using (department_id) join online p on p.agent_id = o.agent_id
        ), ranked as (
            select r.mine, q.conversation_id, q.department_id, q.number,
                row_number() over (partition by r.mine order by {ORDER}) - 1 as ahead
            from rivals r join queue_place q on q.department_id = r.theirs
        )
        select k.conversation_id, k.number, k.ahead, coalesce(p.present, 0) as agents_online
        from ranked k
        left join (select department_id, count(*) as present from online group by department_id) p using (department_id)
        where k.mine = k.department_id and k.conversation_id = any(%(ids)s)
        """,
        {"ids": list(conversation_ids)},
    )
    return {row.pop("conversation_id"): Waiting(**row) for row in rows}
