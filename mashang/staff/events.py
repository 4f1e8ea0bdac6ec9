"""What happens among the staff, for the dispatcher and for open desks.

Ids are row numbers: events never leave the server.
"""

from __future__ import annotations

from mashang.kit.events import Event


class AgentAvailable(Event, frozen=True):
    """An agent is connected and available, and was not both before."""

    agent_id: int


class AgentHere(Event, frozen=True):
    """An agent's first desk is open, but they are away: nothing for the dispatcher, but those who watch see it."""

    agent_id: int


class AgentAway(Event, frozen=True):
    """An agent asked for a pause, or was set away; what they serve stays theirs."""

    agent_id: int


class AgentGone(Event, frozen=True):
    """An agent's last socket ended or fell silent."""

    agent_id: int


class AgentChanged(Event, frozen=True):
    """Name, role, capacity, departments or being employed changed."""

    agent_id: int


class DepartmentChanged(Event, frozen=True):
    """A department was renamed, moved or archived."""

    department_id: int


class StaffSessionsEnded(Event, frozen=True):
    """Sessions of an agent ended before their time: open sockets on them must close."""

    agent_id: int
