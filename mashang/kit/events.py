"""What happened, told after it is certain.

A transaction collects events with `tx.emit`; they are published after its commit
and forgotten on rollback.  The handlers stand in one table, `mashang.reactions`;
nothing else subscribes.  An event is a hint that makes the follow-up prompt: the
sweeps over the rows make it certain, so a handler that fails is logged and not
repeated here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec

from mashang.kit.log import log


class Event(msgspec.Struct, frozen=True):
    """Base of all events; subclasses are named in the past tense."""


Handler = Callable[[Any], Awaitable[None] | None]


class Events:
    """Publishes events to the handlers of one process, in order of commit."""

    def __init__(self) -> None:
        self._handlers: dict[type[Event], tuple[Handler, ...]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def react(self, table: Mapping[type[Event], Iterable[Handler]]) -> None:
        """Take the table of reactions; called once, by the application."""
        self._handlers = {event: tuple(handlers) for event, handlers in table.items()}

    def publish(self, event: Event) -> None:
        """Call each handler now; those that need to wait go on as tasks."""
        for handler in self._handlers.get(type(event), ()):
            try:
                outcome = handler(event)
            except Exception:  # the edge of a reaction
                log.exception("reaction_failed", event=type(event).__name__)
                continue
            if outcome is not None:
                task = asyncio.ensure_future(self._finish(event, outcome))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def settle(self) -> None:
        """Wait until all reactions under way have ended; for shutdown and tests."""
        while self._running:
            await asyncio.gather(*self._running)

    @staticmethod
    async def _finish(event: Event, outcome: Awaitable[None]) -> None:
        try:
            await outcome
        except Exception:  # the edge of a reaction
            log.exception("reaction_failed", event=type(event).__name__)
