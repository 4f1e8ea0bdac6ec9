"""Before a department or a person leaves: is anything still pointing at them?

Stands in the desk because departments and people, at the bottom, cannot see topics and
conversations.  The row is locked while it is asked, so nothing new can point at it meanwhile.
"""

from __future__ import annotations

from mashang.kit.db import Tx
from mashang.kit.errors import Conflict
from mashang.staff import Agent, agents, departments


class DepartmentInUse(Conflict):
    """Topics lead to it, or conversations are open in it: `topics`, `conversations`."""

    code = "department_in_use"


class AgentInUse(Conflict):
    """Somebody still serves customers: `conversations`."""

    code = "agent_in_use"


async def archive_department(tx: Tx, by: Agent, public_id: str) -> None:
    """Take a department out of use; raises NotFound, DepartmentInUse."""
    department = await departments.lock(tx, public_id)
    uses = await tx.one(
        """
        select (select count(*) from topic where department_id = %(id)s and archived_at is null) as topics,
               (select count(*) from conversation where department_id = %(id)s and status <> 'closed') as conversations
        """,
        {"id": department.id},
    )
    if any(uses.values()):
        raise DepartmentInUse(reason="in_use", name=department.name, **uses)
    await departments.archive(tx, by, department)


async def archive_person(tx: Tx, by: Agent, public_id: str) -> None:
    """Somebody leaves; raises NotFound, AgentInUse, LastOperator."""
    leaving = await agents.lock(tx, public_id)
    serving = await tx.value(
        "select count(*) from conversation where agent_id = %s and status <> 'closed'", (leaving.id,)
    )
    if serving:
        raise AgentInUse(reason="in_use", name=leaving.name, conversations=serving)
    await agents.archive(tx, by, leaving)
