"""The task that makes passes of the dispatcher: at every kick, when an offer runs out, and every second.

A kick makes it prompt and may get lost; the sweep over the same rows makes it
certain.  Beside it run the sweeps that put back what absent agents had and end what they joined, that set away who does
not answer, that bring back what was put aside, and that rate anew who proved themselves while
waiting; all where desks are connected, so that those who watch hear of it.

Does not: decide anything (`dispatch`, `moving`, `joining`, `unanswered`, `snoozing`, `priority`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import psycopg

from mashang.kit import clock
from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.routing import joining, moving, priority, snoozing, unanswered
from mashang.routing.dispatch import Pass, one_pass

SWEEP_EVERY = timedelta(seconds=1)
LOOK_EVERY = timedelta(seconds=2)
GRACE = timedelta(minutes=2)  # how long an agent who vanished keeps their conversations
_BREATH = timedelta(milliseconds=20)  # before looking again, when others moved things during a pass


class Dispatcher:
    """The task that makes passes; run `run()` in any process that should dispatch, several may.

    Kicks that arrive during a pass become one further pass.
    """

    def __init__(self, db: Database, grace: timedelta = GRACE) -> None:
        self._db = db
        self._grace = grace
        self._kicked = asyncio.Event()

    def kick(self) -> None:
        """Something changed: look now."""
        self._kicked.set()

    async def run(self) -> None:
        """Dispatch until cancelled."""
        async with asyncio.TaskGroup() as both:  # neither outlives the other
            both.create_task(self._dispatch())
            both.create_task(self._sweep())

    async def _dispatch(self) -> None:
        while True:
            self._kicked.clear()
            pause = await self._pass()
            try:
                async with asyncio.timeout(pause.total_seconds()):
                    await self._kicked.wait()
            except TimeoutError:
                continue

    async def _pass(self) -> timedelta:
        """One pass; how long to rest after it."""
        outcome = Pass()
        async with _surviving("dispatch"):
            outcome = await one_pass(self._db)
        if outcome.met_a_change:
            return _BREATH
        return min(SWEEP_EVERY, outcome.next_expiry or SWEEP_EVERY)

    async def _sweep(self) -> None:
        since = clock.now()
        while True:
            await asyncio.sleep(LOOK_EVERY.total_seconds())
            async with _surviving("absence"):
                await moving.sweep_absent(self._db, self._grace, since)
                await joining.sweep_absent(self._db, self._grace, since)
            async with _surviving("unanswered"):
                await unanswered.sweep_unanswered(self._db)
            async with _surviving("snoozed"):
                await snoozing.sweep_snoozed(self._db)
            async with _surviving("priority"):
                await priority.sweep_priority(self._db)


@asynccontextmanager
async def _surviving(what: str) -> AsyncIterator[None]:
    """Whatever is wrong now, the next sweep looks again."""
    try:
        yield
    except psycopg.OperationalError as error:  # the database is away, or a row was locked for too long
        log.warning(f"{what}_postponed", error=str(error).strip())
    except Exception:
        log.exception(f"{what}_failed")
