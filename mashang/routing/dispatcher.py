"""The task that makes passes of the dispatcher: at every kick, when an offer runs out, and every second.

A kick makes it prompt and may get lost; the sweep over the same rows makes it
certain.

Does not: decide anything (`dispatch`).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import psycopg

from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.routing.dispatch import one_pass

SWEEP_EVERY = timedelta(seconds=1)
_BREATH = timedelta(milliseconds=20)  # before looking again, when others moved things during a pass


class Dispatcher:
    """The task that makes passes; run `run()` in any process that should dispatch, several may.

    Kicks that arrive during a pass become one further pass.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kicked = asyncio.Event()

    def kick(self) -> None:
        """Something changed: look now."""
        self._kicked.set()

    async def run(self) -> None:
        """Dispatch until cancelled."""
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
        try:
            outcome = await one_pass(self._db)
        except psycopg.OperationalError as error:  # the database is away, or a row was locked for too long
            log.warning("dispatch_postponed", error=str(error).strip())
            return SWEEP_EVERY
        except Exception:  # the edge of a job: whatever is wrong now, the next sweep looks again
            log.exception("dispatch_failed")
            return SWEEP_EVERY
        if outcome.met_a_change:
            return _BREATH
        return min(SWEEP_EVERY, outcome.next_expiry or SWEEP_EVERY)
