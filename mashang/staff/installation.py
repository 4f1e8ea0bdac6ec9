"""What holds for the whole installation: its time zone, named by the operator's settings, and how long is too long.

Opening hours, the day at whose midnight numbers start anew, tables for people and every time the desk shows are on
this zone's clock, so that two people who look at the same screen read the same time.  From when on a wait is long,
and too long, is one rule for the lists of agents and the board of supervisors.

Does not: know opening hours (`routing.opening`); a customer's page tells messages on the customer's own clock.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from mashang.kit.db import Tx
from mashang.kit.errors import Invalid
from mashang.staff import audit
from mashang.staff.audit import Actor

# Days begin at midnight where the shops are; the database itself runs on UTC.
TODAY = "(app_now() at time zone (select zone from installation))::date"

Minutes = Annotated[int, Meta(ge=1, le=240)]


class Patience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many minutes a wait is shown as long, and after how many as too long."""

    long_minutes: Minutes
    urgent_minutes: Minutes


async def zone(tx: Tx) -> ZoneInfo:
    """The zone whose clock counts here."""
    return ZoneInfo(str(await tx.value("select zone from installation")))


async def adopt_zone(tx: Tx, name: str) -> None:
    """What the settings name is the installation's zone from now on."""
    await tx.run("update installation set zone = %(zone)s where zone <> %(zone)s", {"zone": name})


async def patience(tx: Tx) -> Patience:
    """As the operator set it."""
    row = await tx.one("select long_after, urgent_after from installation")
    return Patience(*(int(span / timedelta(minutes=1)) for span in row.values()))


async def set_patience(tx: Tx, by: Actor, wanted: Patience) -> None:
    """Long is before too long; raises Invalid."""
    if wanted.long_minutes >= wanted.urgent_minutes:
        raise Invalid(field="urgent_minutes", reason="order")
    before = await patience(tx)
    await tx.run(
        """
        update installation set long_after = make_interval(mins => %(long_minutes)s),
            urgent_after = make_interval(mins => %(urgent_minutes)s)
        """,
        told := msgspec.to_builtins(wanted),
    )
    await audit.record(tx, by, "patience.set", "installation", before=msgspec.to_builtins(before), after=told)
