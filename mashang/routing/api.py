"""Opening hours over HTTP, for operators; and how good wait estimates were, for supervisors."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import Router, delete, get, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, QueryParameter

from mashang.conversations.naming import Named
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.routing import opening, waits
from mashang.routing.waits import Counted, Record
from mashang.staff import Agent
from mashang.staff.api import current_agent
from mashang.staff.permissions import require


class WaitRecordView(Counted, frozen=True, kw_only=True):
    """One queue: who was served and who left, how long it took, and how far off the estimates were."""

    id: str
    department: Named


@get("/waits", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def list_wait_records(
    request: Asking,
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    days: Annotated[int, QueryParameter(ge=1, le=90)] = 7,
) -> list[WaitRecordView]:
    """Every queue in which a wait ended within the last days."""
    require(agent, "waits.read")
    async with db.transaction() as tx:
        found = await waits.records(tx, timedelta(days=days), locale_of(request))
    return [_view(one) for one in found]


class HoursPage(msgspec.Struct):
    """The installation's time zone, and the hours of everything and of each department."""

    zone: str
    hours: list[opening.Hours]


@get("/hours", responses=refusals(NotSignedIn, NotAllowed))
async def list_hours(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> HoursPage:
    """When it is open."""
    require(agent, "departments.read")
    async with db.transaction() as tx:
        return HoursPage(*await opening.all_hours(tx))


@put("/hours/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def put_hours(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[opening.HoursDraft]
) -> HoursPage:
    """Set the hours of a department, or of `everywhere` else."""
    require(agent, "departments.edit")
    async with db.transaction() as tx:
        await opening.set_hours(tx, agent, id, data)
        return HoursPage(*await opening.all_hours(tx))


@delete("/hours/{id:str}", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def forget_hours(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Follow what is set for everywhere again; for `everywhere`: always open."""
    require(agent, "departments.edit")
    async with db.transaction() as tx:
        await opening.forget_hours(tx, agent, id)


def _view(record: Record) -> WaitRecordView:
    told = msgspec.structs.asdict(record)
    department = Named(told.pop("department_id"), told.pop("department"))
    return WaitRecordView(**told, id=f"{department.id}-{record.required_tier}", department=department)


router = Router(
    "/admin",
    tags=["Administration"],
    security=[{"staff": []}],
    dependencies={"agent": Provide(current_agent)},
    route_handlers=[list_wait_records, list_hours, put_hours, forget_hours],
)
