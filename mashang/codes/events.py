"""What happens to the codes, told after commit."""

from __future__ import annotations

from mashang.kit.events import Event


class TopicsChanged(Event, frozen=True):
    """A topic was made, changed or archived: open lists of them are old."""
