"""The agents as the dispatcher sees them at one instant: who is here, what they have to do, what they can.

Does not: know who waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mashang.kit.db import Tx
from mashang.routing.eligibility import Staff

# An agent who can be given a customer; `%(now)s` is the instant of the pass.
HERE = """(
    a.archived_at is null and a.availability = 'available'
    and exists (select from presence_lease l where l.agent_id = a.id and l.alive_until > %(now)s)
)"""


async def here(tx: Tx, now: datetime, ended: Sequence[int] = ()) -> list[Staff]:
    """Everybody who is here and available, busy or not, as if the offers `ended` were over."""
    rows = await tx.all(
        f"""
        with load as (
            select agent_id, count(*) as load from (
                select agent_id from conversation where status = 'active'
                union all
                select agent_id from offer where answered_at is null and id <> all(%(ended)s)
            ) x group by agent_id
        ), belongs as (
            select agent_id, array_agg(department_id) as departments from membership group by agent_id
        )
        select a.id as agent_id, a.capacity, coalesce(l.load, 0) as load, a.tier, a.skills, b.departments,
            greatest(
                coalesce(a.available_since, a.created_at),
                (select o.offered_at from offer o where o.agent_id = a.id order by o.offered_at desc limit 1)
            ) as idle_since
        from agent a left join load l on l.agent_id = a.id left join belongs b on b.agent_id = a.id
        where {HERE}
        """,
        {"now": now, "ended": list(ended)},
    )
    return [_staff(row) for row in rows]


def _staff(row: dict[str, Any]) -> Staff:
    return Staff(
        agent_id=row["agent_id"],
        departments=frozenset(row["departments"] or ()),
        capacity=row["capacity"],
        load=row["load"],
        idle_since=row["idle_since"],
        tier=row["tier"],
        skills=frozenset(row["skills"]),
    )
