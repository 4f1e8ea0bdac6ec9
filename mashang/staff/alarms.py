"""Something those who watch must know of now: raised by a rule, shown on their desks, over by itself.

An alarm is a row with an end, so that it survives a restart and nobody has to switch it
off.  Raised again while it lasts, it lasts longer and is not announced a second time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mashang.kit.db import Json, Tx
from mashang.kit.events import Event


class AlarmRaised(Event, frozen=True):
    """An alarm began."""

    name: str


async def raised(tx: Tx, name: str, lasts: timedelta, **facts: Any) -> bool:
    """Raise it; True when it did not last already."""
    lasts_already = await tx.value("select ends_at > app_now() from alarm where name = %s for update", (name,))
    await tx.run(
        """
        insert into alarm (name, ends_at, facts) values (%(name)s, app_now() + %(lasts)s, %(facts)s)
        on conflict (name) do update set ends_at = excluded.ends_at, facts = excluded.facts,
            raised_at = case when %(again)s then alarm.raised_at else excluded.raised_at end
        """,
        {"name": name, "lasts": lasts, "facts": Json(facts), "again": bool(lasts_already)},
    )
    if not lasts_already:
        tx.emit(AlarmRaised(name))
    return not lasts_already


async def watchers(tx: Tx) -> list[int]:
    """The row numbers of those who are told."""
    rows = await tx.all("select id from agent where archived_at is null and role in ('operator', 'supervisor')")
    return [row["id"] for row in rows]


async def lasting(tx: Tx) -> list[str]:
    """The names of those that last now."""
    return [row["name"] for row in await tx.all("select name from alarm where ends_at > app_now() order by name")]
