"""Everybody at once, on a loop in a thread of its own, while the main thread breaks things.

Processes must be started from the main thread (`mashang.kit.child`), and people must
go on while a server is being killed; so the two are apart, and meet in counters.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Coroutine
from typing import Any

import uvloop

from bench import installation
from bench.installation import Customer, Desk
from tests.chaos.people import Answerer, Writer

AGENTS = 5
_TALKATIVE = 230  # messages: more than a socket brings to a page that comes back (live.hub, reading.LARGEST_PAGE)


class Storm:
    """Customers and 5 agents; each method is called from the main thread.

    With `more_tabs` the first customers have two pages open and send files too, and the first of all writes so much
    that its second page, asleep meanwhile, must be told to reload.
    """

    def __init__(self, port: int, link: str, seed: int, *, customers: int, more_tabs: int = 0) -> None:
        self.acknowledged = 0
        self._customers, self._more_tabs = customers, more_tabs
        self.writers: list[Writer] = []
        self.answerers: list[Answerer] = []
        self._port, self._link = port, link
        self._chance = random.Random(seed)  # noqa: S311 — repeatable, guards nothing
        self._going = True
        self._told = threading.Condition()
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="people")
        self._tasks: list[asyncio.Task[None]] = []
        self._writing: list[asyncio.Task[None]] = []

    def gather(self) -> None:
        """Bring everybody in and let the agents accept all; nothing is broken yet."""
        self._thread.start()
        self._do(self._gather(), 120)

    def begin(self, most: int) -> None:
        """Let every customer write up to `most` messages."""
        self._do(self._begin(most), 10)

    def wait_for(self, more: int, within: float) -> bool:
        """Until so many more messages were acknowledged; False: they were not, in time."""
        wanted = self.acknowledged + more
        with self._told:
            return self._told.wait_for(lambda: self.acknowledged >= wanted or self._all_written(), within)

    def cut(self, part: float) -> None:
        """Break this share of the sockets without a word."""
        self._do(self._cut(part), 10)

    def calm(self, within: float) -> None:
        """No new messages; wait until everything begun is acknowledged and what is stored is on every screen."""
        self._going = False
        self._do(self._calm(), within)

    def see_all(self, heads: dict[str, tuple[int, int]], within: float) -> bool:
        """Wait until every screen has come to its conversation's head (for staff, for the customer)."""
        return bool(self._do(self._see_all(heads, within), within + 5))

    def wake(self) -> None:
        """Open the pages that slept."""
        self._do(self._wake(), 10)

    def reloads(self) -> int:
        """How often a page was told to read what it missed over HTTP."""
        return sum(page.reloads for page in (*self.writers, *self.answerers))

    def lost_files(self) -> int:
        """How many files that were sent cannot be fetched as they were."""
        return int(self._do(self._lost_files(), 60))

    def end(self) -> None:
        """Everybody leaves."""
        if not self._thread.is_alive():
            return
        self._do(self._end(), 10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, what: Coroutine[Any, Any, Any], within: float) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(within)

    def _tell(self) -> None:
        with self._told:
            self.acknowledged += 1
            self._told.notify_all()

    def _all_written(self) -> bool:
        return bool(self._writing) and all(task.done() for task in self._writing)

    async def _gather(self) -> None:
        desks = await installation.people(self._port, self._link, AGENTS, capacity=self._customers)
        for desk in desks:
            await desk.open()
        waiting = await installation.customers(self._port, self._customers)
        serving = await installation.all_served(desks, waiting)
        for desk in desks:
            if desk.line is not None:
                desk.line.close()
        self.writers = [Writer(self._port, one, self._own_chance(), self._tell) for one in waiting]
        for one in waiting[: self._more_tabs]:
            self.writers.append(Writer(self._port, one, self._own_chance(), self._tell, tab="tab"))
        if self._more_tabs:
            self._share_out()
        self.answerers = [self._answerer(desk, waiting, serving) for desk in desks]
        self._tasks = [asyncio.ensure_future(page.live()) for page in (*self.writers, *self.answerers)]

    def _share_out(self) -> None:
        """Who sends files, who talks on and on, and whose page sleeps meanwhile."""
        for writer in (*self.writers[1 : self._more_tabs], *self.writers[self._customers :]):
            writer.sends_files = True
        self.writers[0].pause = 0
        self.writers[self._customers].awake.clear()

    def _answerer(self, desk: Desk, waiting: list[Customer], serving: dict[str, Desk]) -> Answerer:
        answerer = Answerer(self._port, desk, self._own_chance(), self._tell)
        for one in waiting:
            if serving[one.conversation] is desk:
                answerer.serve(one.conversation)
        return answerer

    def _own_chance(self) -> random.Random:
        return random.Random(self._chance.random())  # noqa: S311 — as above

    async def _begin(self, most: int) -> None:
        self._writing = [asyncio.ensure_future(self._written(one, most)) for one in self.writers]

    async def _written(self, one: Writer, most: int) -> None:
        if not one.pause:
            await one.write(_TALKATIVE, lambda: True)
        elif one.awake.is_set():
            await one.write(most, lambda: self._going)

    async def _cut(self, part: float) -> None:
        for page in (*self.writers, *self.answerers):
            if self._chance.random() < part:
                page.cut()

    async def _calm(self) -> None:
        await asyncio.gather(*self._writing)
        for answerer in self.answerers:  # who sees a message only now would else answer after the account was taken
            answerer.answers = False
        for answerer in self.answerers:
            await answerer.answered()

    async def _wake(self) -> None:
        for one in self.writers:
            one.awake.set()

    async def _lost_files(self) -> int:
        return sum([await one.lost_files() for one in self.writers])

    async def _see_all(self, heads: dict[str, tuple[int, int]], within: float) -> bool:
        try:
            async with asyncio.timeout(within):
                while not self._all_seen(heads):  # noqa: ASYNC110 — 55 screens, looked at seldom
                    await asyncio.sleep(0.05)
        except TimeoutError:
            return False
        return True

    def _all_seen(self, heads: dict[str, tuple[int, int]]) -> bool:
        staff = (screen.last >= heads[name][0] for one in self.answerers for name, screen in one.screens.items())
        customers = (screen.last >= heads[name][1] for one in self.writers for name, screen in one.screens.items())
        return all(staff) and all(customers)

    async def _end(self) -> None:
        for page in (*self.writers, *self.answerers):
            page.closes = True
            page.awake.set()
            if page.line is not None:
                page.line.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for answerer in self.answerers:
            await answerer.desk.call.close()
        for writer in self.writers:
            await writer.http.aclose()
