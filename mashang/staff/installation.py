"""What holds for the whole installation: its time zone, named by the operator's settings.

Opening hours, the day at whose midnight numbers start anew, tables for people and every time the desk shows are on
this zone's clock, so that two people who look at the same screen read the same time.

Does not: know opening hours (`routing.opening`); a customer's page tells messages on the customer's own clock.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from mashang.kit.db import Tx


async def zone(tx: Tx) -> ZoneInfo:
    """The zone whose clock counts here."""
    return ZoneInfo(str(await tx.value("select zone from installation")))


async def adopt_zone(tx: Tx, name: str) -> None:
    """What the settings name is the installation's zone from now on."""
    await tx.run("update installation set zone = %(zone)s where zone <> %(zone)s", {"zone": name})
