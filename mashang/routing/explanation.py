"""Why this agent, and who was passed over: the facts a supervisor's sentence is made of.

Names are those people had then.  Of each group of colleagues the trace keeps how many they were and
the first few names; what they have in common is why they did not get the customer.

Does not: word anything (`desk.trace`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mashang.routing.eligibility import Queue, Staff
from mashang.routing.ranking import SHOWN, Assignment, Group
from mashang.routing.roster import Member


class Explanations:
    """The explanations of one pass; what is the same for a whole queue is looked at once."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._members = list(members)
        self._names = {member.staff.agent_id: member.name for member in self._members}
        self._unfit: dict[Queue, dict[str, Group]] = {}

    def of(self, made: Assignment) -> dict[str, Any]:
        """The facts of one assignment; groups nobody is in are left out."""
        unfit = self._unfit_for(made.queue) if made.why != "stand_in" else {"away": self._unfit_for(made.queue)["away"]}
        groups = {"busy": made.over.busy, "refused": made.over.refused, **unfit}
        return {
            "agent": self._names[made.agent_id],
            "load": made.load,
            "capacity": made.capacity,
            "why": made.why,
            "behind": made.over.behind,
            "over": {
                reason: {"number": group.number, "names": [self._names[one] for one in group.some]}
                for reason, group in groups.items()
                if group.number
            },
        }

    def _unfit_for(self, queue: Queue) -> dict[str, Group]:
        if queue not in self._unfit:
            found: dict[str, list[int]] = {"tier": [], "skill": [], "away": []}
            for member in self._members:
                reason = why_not(member.staff, queue, here=member.here)
                if reason:
                    found[reason].append(member.staff.agent_id)
            self._unfit[queue] = {reason: Group(len(ids), tuple(ids[:SHOWN])) for reason, ids in found.items()}
        return self._unfit[queue]


def why_not(agent: Staff, queue: Queue, *, here: bool) -> str | None:
    """What keeps an agent of the department from serving this queue at all; None for nothing, or another department."""
    if queue.department_id not in agent.departments:
        return None
    if not here or agent.capacity <= 0:
        return "away"
    if agent.tier < queue.required_tier:
        return "tier"
    return None if agent.skills >= queue.skills else "skill"
