"""Opening hours as the operator sets them: for a department, or for all that have none of their own.

Without any, the product is always open.  Whoever waits while it is closed reads the closed text and when it opens next,
and is told no time of waiting; what they write waits for the first who comes.  Closed hours bar nobody: an agent who is
there serves.

Does not: know how intervals are read (`hours`), or tell customers (`waiting` does, with what this finds).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from mashang.kit.db import Json, Tx
from mashang.kit.errors import NotFound
from mashang.routing import hours
from mashang.routing.hours import Week
from mashang.staff import audit, departments
from mashang.staff.audit import Actor

EVERYWHERE = "everywhere"
ZONE = "(select zone from installation)"

Text = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]


class Closed(msgspec.Struct, frozen=True):
    """It is closed now: what to say, and when it opens again, if ever; `zone`: on whose clock its hours are."""

    text: str
    text_en: str
    opens_at: datetime | None
    zone: str


class HoursDraft(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator writes: a week, and what customers read while it is closed."""

    week: Week
    closed_text: Text = ""
    closed_text_en: Text = ""


class Hours(msgspec.Struct, frozen=True):
    """The hours of a department or, with the id `everywhere`, of all without their own; `own`: set for just this."""

    id: str
    name: str
    own: bool
    week: Week | None
    closed_text: str
    closed_text_en: str
    open_now: bool
    opens_at: datetime | None


class _Row(msgspec.Struct, frozen=True):
    department_id: int | None
    week: Week
    closed_text: str
    closed_text_en: str


class Known(msgspec.Struct, frozen=True):
    """All that is set, read at once."""

    now: datetime
    zone: ZoneInfo
    rows: dict[int | None, _Row]

    def of(self, department_id: int) -> _Row | None:
        """The hours that count for a department; None: always open."""
        return self.rows.get(department_id) or self.rows.get(None)

    def open_at(self, department_id: int, at: datetime) -> bool:
        """Was this department open then, by the hours that are set now?"""
        row = self.of(department_id)
        return row is None or hours.open_at(row.week, at, self.zone)

    def open_for(self, department_id: int, since: datetime, until: datetime) -> timedelta:
        """How long it was open between two instants, by the hours that are set now."""
        row = self.of(department_id)
        return until - since if row is None else hours.open_for(row.week, since, until, self.zone)

    def closed(self, row: _Row | None) -> Closed | None:
        """What is said now, when these hours say closed."""
        if row is None or hours.open_at(row.week, self.now, self.zone):
            return None
        opens_at = hours.next_opening(row.week, self.now, self.zone)
        return Closed(row.closed_text, row.closed_text_en, opens_at, self.zone.key)


async def closed(tx: Tx, department_ids: Sequence[int]) -> dict[int, Closed]:
    """Which of these departments are closed now."""
    known = await known_hours(tx)
    found = {one: known.closed(known.of(one)) for one in set(department_ids)}
    return {one: state for one, state in found.items() if state is not None}


async def all_hours(tx: Tx) -> tuple[str, list[Hours]]:
    """The zone; and the hours of everything, then of each department."""
    known = await known_hours(tx)
    shown = [_shown(known, EVERYWHERE, "", None, known.rows.get(None))]
    present = await departments.present(tx)
    shown += [_shown(known, one.public_id, one.name, one.id, known.of(one.id)) for one in present]
    return known.zone.key, shown


async def set_hours(tx: Tx, by: Actor, scope: str, draft: HoursDraft) -> None:
    """Set the hours of a department, or everywhere; raises NotFound."""
    department_id = await _department(tx, scope)
    before = (await known_hours(tx)).rows.get(department_id)
    await tx.run("delete from opening_hours where department_id is not distinct from %s", (department_id,))
    await tx.run(
        "insert into opening_hours (department_id, week, closed_text, closed_text_en) values (%s, %s, %s, %s)",
        (department_id, Json(msgspec.to_builtins(draft.week)), draft.closed_text.strip(), draft.closed_text_en.strip()),
    )
    after = (await known_hours(tx)).rows[department_id]
    await audit.record(tx, by, "hours.set", scope, before=_told(before) if before else None, after=_told(after))


async def forget_hours(tx: Tx, by: Actor, scope: str) -> None:
    """A department follows what is set for everywhere again; or everywhere is always open.  Raises NotFound."""
    department_id = await _department(tx, scope)
    before = (await known_hours(tx)).rows.get(department_id)
    if before is None:
        raise NotFound
    await tx.run("delete from opening_hours where department_id is not distinct from %s", (department_id,))
    await audit.record(tx, by, "hours.removed", scope, before=_told(before))


async def _department(tx: Tx, scope: str) -> int | None:
    return None if scope == EVERYWHERE else (await departments.find(tx, scope)).id


async def known_hours(tx: Tx) -> Known:
    """One row at least, for the clock and the zone; the hours beside it."""
    found = await tx.all(
        """
        select app_now() as now, i.zone, h.id is not null as present, h.department_id, h.week, h.closed_text,
            h.closed_text_en
        from installation i left join opening_hours h on true
        """
    )
    rows = [msgspec.convert(row, _Row) for row in found if row["present"]]
    return Known(found[0]["now"], ZoneInfo(found[0]["zone"]), {row.department_id: row for row in rows})


def _shown(known: Known, scope: str, name: str, department_id: int | None, row: _Row | None) -> Hours:
    now = known.closed(row)
    return Hours(
        id=scope,
        name=name,
        own=department_id in known.rows,
        week=row.week if row else None,
        closed_text=row.closed_text if row else "",
        closed_text_en=row.closed_text_en if row else "",
        open_now=now is None,
        opens_at=now.opens_at if now else None,
    )


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _told(row: _Row) -> dict[str, Any]:
    """For the audit: each day as people write it."""
    days = {
        day: " ".join(f"{one.opens}–{one.closes}" for one in intervals)
        for day, intervals in zip(_DAYS, row.week, strict=True)
    }
    return {**days, "closed_text": row.closed_text, "closed_text_en": row.closed_text_en}
