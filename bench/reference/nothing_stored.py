"""The ceiling: a message goes from the customer to the agent and is stored nowhere."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from bench.reference import frames
from bench.reference.rooms import AsgiSend, Rooms


class NothingStored:
    """Numbers messages in memory."""

    def __init__(self) -> None:
        self._heads: Counter[str] = Counter()

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def take(self, rooms: Rooms, sent: frames.Send, sender: AsgiSend) -> None:
        """Number it and hand it on at once."""
        self._heads[sent.conversation] += 1
        await rooms.deliver(sent, sender, self._heads[sent.conversation], datetime.now(UTC))
