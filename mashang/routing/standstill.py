"""Why somebody who waits has nobody yet: worked out on reading, by the dispatcher's own rules.

Says to whom it is on offer, or what keeps each colleague of the department from it; those whom
nothing keeps are asked with the next pass, a moment from now.

Does not: word anything (`desk.trace`), or decide (`ranking`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mashang.kit.db import Tx
from mashang.routing import dispatch, roster
from mashang.routing.eligibility import Place, crew, resting
from mashang.routing.explanation import why_not
from mashang.routing.ranking import SHOWN
from mashang.routing.roster import Member


async def standstill(tx: Tx, conversation_id: int) -> dict[str, Any] | None:
    """The facts of one that waits, by names: `agent` it is on offer to, else how many are `online` and why not whom."""
    offered = await tx.value(
        "select a.name from offer o join agent a on a.id = o.agent_id"
        " where o.conversation_id = %s and o.answered_at is null and o.expires_at > app_now()",
        (conversation_id,),
    )
    if offered:
        return {"agent": offered}
    now: datetime = await tx.value("select app_now()")
    place = await dispatch.place_of(tx, now, conversation_id)
    return kept_from(place, await roster.members(tx, now), now) if place else None


def kept_from(place: Place, members: Sequence[Member], now: datetime) -> dict[str, Any]:
    """What keeps each member of the department from this customer; groups nobody is in are left out."""
    colleagues = [one for one in members if place.department_id in one.staff.departments]
    here = [one.staff for one in colleagues if one.here]
    serving = {one.agent_id for one in crew(place.queue, here)[0]}
    rests = resting(place, serving | {place.wanted_agent_id or 0}, now)
    groups: dict[str, list[str]] = {"free": [], "busy": [], "refused": [], "tier": [], "skill": [], "away": []}
    for one in colleagues:
        reason = why_not(one.staff, place.queue, here=one.here)
        if reason is None and one.staff.agent_id in rests:
            reason = "refused"
        if reason is None:
            reason = "busy" if one.staff.load >= one.staff.capacity else "free"
        groups[reason].append(one.name)
    return {
        "online": len(here),
        "over": {why: {"number": len(names), "names": names[:SHOWN]} for why, names in groups.items() if names},
    }
