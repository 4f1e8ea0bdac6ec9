"""The administration of people and departments over HTTP, and the audit.

Does not: archive (`desk.api`: only the desk can see what is still in use).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.staff import agents, audit, departments, installation, presence, second_factor
from mashang.staff.agents import Agent, AgentDraft, Availability, LoginTaken, Role
from mashang.staff.departments import DepartmentDraft, DepartmentNameTaken
from mashang.staff.installation import Patience
from mashang.staff.passwords import PasswordTooCommon, PasswordTooShort
from mashang.staff.permissions import require


class Person(msgspec.Struct):
    """Somebody of the staff as the administration shows them."""

    id: str
    login: str
    name: str
    role: Role
    capacity: int
    departments: list[str]
    availability: Availability
    online: bool
    tier: int
    skills: list[str]
    second_factor: bool


class DepartmentView(msgspec.Struct):
    """A department as the administration shows it."""

    id: str
    name: str
    name_en: str
    position: int
    people: int


class AuditPage(msgspec.Struct):
    """Lines of the audit, newest first; `next` continues."""

    lines: list[audit.AuditLine]
    next: int | None


@get("/departments", responses=refusals(NotSignedIn, NotAllowed))
async def list_departments(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[DepartmentView]:
    """All departments."""
    require(agent, "departments.read")
    async with db.transaction() as tx:
        return [_department(one) for one in await departments.present(tx)]


@post("/departments", responses=refusals(NotSignedIn, NotAllowed, DepartmentNameTaken, Invalid))
async def create_department(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[DepartmentDraft]
) -> DepartmentView:
    """Make a department."""
    require(agent, "departments.edit")
    async with db.transaction() as tx:
        return _department(await departments.create(tx, agent, data))


@put("/departments/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, DepartmentNameTaken, Invalid))
async def edit_department(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[DepartmentDraft]
) -> DepartmentView:
    """Change a department."""
    require(agent, "departments.edit")
    async with db.transaction() as tx:
        return _department(await departments.edit(tx, agent, id, data))


@get("/people", responses=refusals(NotSignedIn, NotAllowed))
async def list_people(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[Person]:
    """Everybody of the staff."""
    require(agent, "people.read")
    async with db.transaction() as tx:
        present = await agents.present(tx)
        online = {one.agent_id for one in await presence.online(tx)}
        equipped = await second_factor.holders(tx)
    return [_person(one, one.id in online, one.id in equipped) for one in present]


@post(
    "/people",
    responses=refusals(NotSignedIn, NotAllowed, LoginTaken, PasswordTooShort, PasswordTooCommon, Invalid),
)
async def create_person(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[AgentDraft]
) -> Person:
    """Employ somebody; `password` is required."""
    require(agent, "people.edit")
    async with db.transaction() as tx:
        return _person(await agents.create(tx, agent, data), online=False, equipped=False)


@put(
    "/people/{id:str}",
    responses=refusals(
        NotSignedIn, NotAllowed, NotFound, LoginTaken, agents.LastOperator, PasswordTooShort, PasswordTooCommon, Invalid
    ),
)
async def edit_person(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[AgentDraft]
) -> Person:
    """Change somebody; `password`, when given, resets it and ends their sessions."""
    require(agent, "people.edit")
    async with db.transaction() as tx:
        edited = await agents.edit(tx, agent, id, data)
        online = {one.agent_id for one in await presence.online(tx)}
        equipped = await second_factor.holders(tx)
    return _person(edited, edited.id in online, edited.id in equipped)


@get("/audit", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def show_audit(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    *,
    by: Annotated[str | None, QueryParameter(max_length=32, pattern=r"^[0-9A-Za-z]*$")] = None,
    about: Annotated[str | None, QueryParameter(max_length=40, pattern=r"^[a-z_]*$")] = None,
    day: Annotated[date | None, QueryParameter()] = None,
    cursor: Annotated[int | None, QueryParameter(ge=1, le=2**62)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> AuditPage:
    """Who changed what, newest first: of one person (or `system`), about one kind of thing, of one day."""
    require(agent, "audit.read")
    async with db.transaction() as tx:
        lines = await audit.lines(tx, audit.Wanted(by or None, about or None, day), older_than=cursor, limit=limit)
    return AuditPage(lines, lines[-1].id if len(lines) == limit else None)


def _department(department: departments.Department) -> DepartmentView:
    return DepartmentView(
        department.public_id, department.name, department.name_en, department.position, department.people
    )


def _person(agent: Agent, online: bool, equipped: bool) -> Person:
    return Person(
        agent.public_id,
        agent.login,
        agent.name,
        agent.role,
        agent.capacity,
        [one.public_id for one in agent.departments],
        agent.availability,
        online,
        agent.tier,
        list(agent.skills),
        equipped,
    )


@put("/patience", status_code=204, responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def put_patience(db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[Patience]) -> None:
    """Set from when on a wait is shown as long, and as too long."""
    require(agent, "waits.edit")
    async with db.transaction() as tx:
        await installation.set_patience(tx, agent, data)


handlers = [
    list_departments,
    create_department,
    edit_department,
    list_people,
    create_person,
    edit_person,
    show_audit,
    put_patience,
]
