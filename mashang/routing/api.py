"""How good wait estimates were, over HTTP, for supervisors."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from mashang.conversations.naming import Named
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotSignedIn
from mashang.routing import waits
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


def _view(record: Record) -> WaitRecordView:
    told = msgspec.structs.asdict(record)
    department = Named(told.pop("department_id"), told.pop("department"))
    return WaitRecordView(**told, id=f"{department.id}-{record.required_tier}", department=department)


router = Router(
    "/admin",
    tags=["Administration"],
    security=[{"staff": []}],
    dependencies={"agent": Provide(current_agent)},
    route_handlers=[list_wait_records],
)
