"""What happens between customers who wait and agents who answer, told after commit.

All ids are row numbers: events never leave the server.
"""

from __future__ import annotations

from datetime import datetime

from mashang.kit.events import Event


class ConversationQueued(Event, frozen=True):
    """A conversation waits in a department: new, reopened, transferred or returned."""

    conversation_id: int
    department_id: int


class ConversationOffered(Event, frozen=True):
    """An agent is asked to answer, until `expires_at`."""

    conversation_id: int
    agent_id: int
    expires_at: datetime


class OfferEnded(Event, frozen=True):
    """An offer is no longer open; `reason` is accepted, declined, timed_out or withdrawn."""

    conversation_id: int
    agent_id: int
    reason: str


class ConversationAssigned(Event, frozen=True):
    """An agent serves the conversation from now on."""

    conversation_id: int
    agent_id: int


class ConversationTransferred(Event, frozen=True):
    """A conversation was given away: to a department, or to one agent (`wanted_agent_id`)."""

    conversation_id: int
    from_agent_id: int | None
    department_id: int
    wanted_agent_id: int | None


class TransferRefused(Event, frozen=True):
    """The agent whom a transfer named will not have it: `reason` is declined, timed_out or withdrawn."""

    conversation_id: int
    sender_id: int
    agent: str
    reason: str


class ConversationClosed(Event, frozen=True):
    """A conversation is over; `agent_id` served it, if anybody did."""

    conversation_id: int
    agent_id: int | None


class ConversationSnoozed(Event, frozen=True):
    """A conversation was put aside: its agent has a hand more."""

    conversation_id: int
    agent_id: int


class ConversationReopened(Event, frozen=True):
    """A closed conversation goes on."""

    conversation_id: int


class ConversationAssisted(Event, frozen=True):
    """The assistant serves what an agent (`agent_id`) served: they have a hand more."""

    conversation_id: int
    agent_id: int | None
