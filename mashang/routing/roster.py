"""The agents as the dispatcher sees them at one instant: who is here, what they have to do, what they can.

Does not: know who waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from mashang.kit.db import Tx
from mashang.routing.eligibility import Staff

# An agent who can be given a customer; `%(now)s` is the instant of the pass.
HERE = """(
    a.archived_at is null and a.availability = 'available'
    and exists (select from presence_lease l where l.agent_id = a.id and l.alive_until > %(now)s)
)"""


class Member(msgspec.Struct, frozen=True):
    """An agent by name, and whether they are here and available."""

    staff: Staff
    name: str
    here: bool


async def members(tx: Tx, now: datetime, ended: Sequence[int] = ()) -> list[Member]:
    """Everybody of any department, as if the offers `ended` were over."""
    rows = await tx.all(
        f"""
        with load as (
            select agent_id, count(*) as load from (
                select agent_id from conversation where status = 'active' and snoozed_at is null
                union all
                select agent_id from offer where answered_at is null and id <> all(%(ended)s)
            ) x group by agent_id
        ), belongs as (
            select agent_id, array_agg(department_id) as departments from membership group by agent_id
        ), present as (
            select a.*, {HERE} as here from agent a where a.archived_at is null
        )
        select a.id as agent_id, a.name, a.here, a.capacity, coalesce(l.load, 0) as load, a.tier, a.skills,
            b.departments, case when a.here and coalesce(l.load, 0) < a.capacity then greatest(
                coalesce(a.available_since, a.created_at),
                (select o.offered_at from offer o where o.agent_id = a.id order by o.offered_at desc limit 1)
            ) else a.created_at end as idle_since
        from present a left join load l on l.agent_id = a.id join belongs b on b.agent_id = a.id
        order by a.id
        """,
        {"now": now, "ended": list(ended)},
    )
    return [Member(_staff(row), row["name"], row["here"]) for row in rows]


async def here(tx: Tx, now: datetime) -> list[Staff]:
    """Everybody who is here and available, busy or not."""
    return [member.staff for member in await members(tx, now) if member.here]


def _staff(row: dict[str, Any]) -> Staff:
    return Staff(
        agent_id=row["agent_id"],
        departments=frozenset(row["departments"]),
        capacity=row["capacity"],
        load=row["load"],
        idle_since=row["idle_since"],
        tier=row["tier"],
        skills=frozenset(row["skills"]),
    )
