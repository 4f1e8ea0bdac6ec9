"""How one of the staff wants to be called at the desk: sound, notifications of the browser, quiet hours.

Kept here so that it follows them from one computer to the next.  Quiet hours are by the installation's
clock, as every time at the desk.  They are a person's own affair: no audit line, and nobody else reads them.

Does not: ring (the desk's page does).
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Router, get, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from msgspec import Meta

from mashang.kit.clock import ClockTime
from mashang.kit.db import Database, Json, Tx
from mashang.kit.edge import refusals
from mashang.kit.errors import Invalid, NotAllowed, NotSignedIn
from mashang.staff.agents import Agent
from mashang.staff.api import current_agent


class Alerts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What calls, and how; `quiet_from` to `quiet_until`, perhaps over midnight, nothing does.

    `volume` in hundredths.  `notify`: also by the browser when the desk is not in sight.
    """

    sound: bool = True
    volume: Annotated[int, Meta(ge=0, le=100)] = 60
    notify: bool = False
    offer: bool = True
    transfer: bool = True
    mention: bool = True
    message: bool = True
    quiet_from: ClockTime | None = None
    quiet_until: ClockTime | None = None


async def alerts_of(tx: Tx, agent: Agent) -> Alerts:
    """As they chose, or as everybody begins."""
    return msgspec.convert(await tx.value("select alerts from agent where id = %s", (agent.id,)), Alerts)


async def choose(tx: Tx, agent: Agent, wanted: Alerts) -> Alerts:
    """From now on like this.  Raises Invalid for quiet hours with one end."""
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        raise Invalid(field="quiet_until", reason="both_ends")
    await tx.run("update agent set alerts = %s where id = %s", (Json(msgspec.to_builtins(wanted)), agent.id))
    return wanted


@get("/alerts", responses=refusals(NotSignedIn))
async def show_alerts(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> Alerts:
    """How one wants to be called."""
    async with db.transaction() as tx:
        return await alerts_of(tx, agent)


@put("/alerts", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def put_alerts(db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[Alerts]) -> Alerts:
    """Choose how one wants to be called."""
    async with db.transaction() as tx:
        return await choose(tx, agent, data)


router = Router(
    "/staff",
    tags=["Staff"],
    security=[{"staff": []}],
    dependencies={"agent": Provide(current_agent)},
    route_handlers=[show_alerts, put_alerts],
)
