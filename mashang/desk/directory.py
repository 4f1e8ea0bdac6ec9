"""To whom a conversation can be given: departments and colleagues, and who of them has a hand free.

Free is capacity less what is being served and what is on offer; only somebody online and
available has any.
"""

from __future__ import annotations

import msgspec

from mashang.conversations.naming import name_of
from mashang.kit.db import Tx
from mashang.staff.agents import Availability


class DirectoryDepartment(msgspec.Struct, frozen=True):
    """A department: how many of it are online, and how many customers they could take."""

    id: str
    name: str
    online: int
    capacity_free: int


class Colleague(msgspec.Struct, frozen=True):
    """Somebody who answers; `departments` are ids."""

    id: str
    name: str
    departments: list[str]
    online: bool
    availability: Availability
    free: int
    tier: int


class Directory(msgspec.Struct, frozen=True):
    """All departments in their order, colleagues by who is online first."""

    departments: list[DirectoryDepartment]
    agents: list[Colleague]


async def directory(tx: Tx, locale: str) -> Directory:
    """Departments and people as they are at this moment."""
    people = await tx.all(_PEOPLE)
    agents = [Colleague(**person) for person in people]
    departments = await tx.all(
        f"""
        select d.public_id as id, {name_of("d")} as name
        from department d where d.archived_at is null order by d.position, d.id
        """,
        {"en": locale == "en"},
    )
    return Directory([_department(one["id"], one["name"], agents) for one in departments], agents)


_PEOPLE = """
    with load as (
        select agent_id, count(*) as taken from (
            select agent_id from conversation where status = 'active' and snoozed_at is null
            union all
            select agent_id from offer where answered_at is null
        ) l group by agent_id
    ), here as (
        select distinct agent_id from presence_lease where alive_until > app_now()
    )
    select a.public_id as id, a.name,
           array(
               select d.public_id from membership m join department d on d.id = m.department_id
               where m.agent_id = a.id and d.archived_at is null order by d.position, d.id
           ) as departments,
           h.agent_id is not null as online, a.availability, a.tier,
           case when h.agent_id is not null and a.availability = 'available'
                then greatest(a.capacity - coalesce(l.taken, 0), 0) else 0 end::int as free
    from agent a
    left join load l on l.agent_id = a.id
    left join here h on h.agent_id = a.id
    where a.archived_at is null
    order by online desc, a.id
"""


def _department(public_id: str, name: str, agents: list[Colleague]) -> DirectoryDepartment:
    members = [one for one in agents if public_id in one.departments]
    return DirectoryDepartment(public_id, name, sum(one.online for one in members), sum(one.free for one in members))
