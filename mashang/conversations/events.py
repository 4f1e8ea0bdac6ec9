"""What happens to conversations and their timelines, told after commit."""

from __future__ import annotations

from mashang.conversations.entry import Entry
from mashang.kit.events import Event


class EntriesPosted(Event, frozen=True):
    """Entries were stored, in this order; at most one batch of the group commit, which has told other processes."""

    entries: tuple[Entry, ...]
    announced: bool = False


class ConversationOpened(Event, frozen=True):
    """A consultation began."""

    conversation_id: int


class ConversationChanged(Event, frozen=True):
    """Status, department, agent or reading marks of a conversation are new."""

    conversation_id: int


class ConversationRead(Event, frozen=True):
    """One side has seen the timeline up to `seq`."""

    conversation_id: int
    who: str  # 'customer' | 'staff'
    seq: int


class Mentioned(Event, frozen=True):
    """A note names this agent; `conversation` is a public id, `by` the name of who wrote it."""

    agent_id: int
    conversation: str
    by: str
