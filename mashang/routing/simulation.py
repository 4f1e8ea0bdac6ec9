"""A queue in fast motion: customers who come, wait, are served or leave, and what each was told.

A small event loop over a heap; the same seed gives the same days.  Who comes first
is decided by the dispatcher's own order and what is told by the product's own
estimate, so what is measured here is the product and not a model of it.

Beside the estimate it notes what two simple rules would have said: (queue length + 1) ×
mean handling time ÷ slots, and the wait of whoever was served last.

Does not: draw an accept time; an agent takes the next customer at once.
"""

from __future__ import annotations

import heapq
import itertools
import math
import random
from bisect import bisect_left, insort
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from mashang.routing import estimate as estimates
from mashang.routing.eligibility import Order, Place, head_start
from mashang.routing.estimate import Estimate, Experience, Standing
from mashang.routing.scenarios import DAY, Scenario

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_REMEMBERED = 0.98  # by the simple rules


class Heard(msgspec.Struct):
    """A customer who had to wait: what was said when they came, and how long it took; None when they left."""

    came: float
    priority: int
    told: Estimate
    by_length: float
    by_last: float
    waited: float | None = None


class Run(msgspec.Struct):
    """What happened.  `waited` adds up the waiting of all, also of those who left or had none."""

    arrived: int = 0
    left: int = 0
    waited: float = 0.0
    heard: list[Heard] = []


def simulate(scenario: Scenario, seed: int, days: int | None = None) -> Run:
    """Let these days pass."""
    floor = _Floor(scenario, seed)
    end = (days or scenario.days) * DAY
    floor.open(end)
    while floor.events and floor.events[0][0] <= end:
        floor.happen()
    return floor.run


class _Waiting(msgspec.Struct):
    """Somebody in the line."""

    came: float
    heard: Heard | None


_Next = Callable[[], None]


class _Floor:
    """The state between two events."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario = scenario
        self.random = random.Random(f"{scenario.name} {seed}")  # noqa: S311 — to be repeated, not to be secret
        self.now = 0.0
        self._turns = itertools.count()
        self.events: list[tuple[float, int, _Next]] = []
        self.run = Run()
        self._line: list[Order] = []
        self._waiting: dict[Order, _Waiting] = {}
        self._busy = 0
        self._learned = Experience(answering=0.0)
        self._handling = 8.0  # of the simple rule: a mean that fades
        self._last_wait = 3.0
        self._most = max(scenario.arrivals(minute) for minute in range(int(DAY)))

    def open(self, end: float) -> None:
        """Let the first customer be on the way, and every change of shift."""
        self._in(self.random.expovariate(self._most), self._come)
        slots = self.scenario.slots
        changes = [minute for minute in range(1, int(DAY) + 1) if slots(minute % DAY) != slots(minute - 1)]
        for day in range(int(end / DAY) + 1):
            for minute in changes:
                self._in(day * DAY + minute, lambda: None)

    def happen(self) -> None:
        """The next event."""
        at, _, what = heapq.heappop(self.events)
        estimates.occupied(self._learned, self._busy * (at - self.now))
        self.now = at
        what()
        self._serve()

    def _come(self) -> None:
        self._in(self.random.expovariate(self._most), self._come)
        if self.random.random() * self._most > self.scenario.arrivals(self.now % DAY):
            return  # thinned: fewer come at this hour
        self.run.arrived += 1
        privileged = self.scenario.privileged
        priority = int(privileged is not None and self.random.random() < privileged(self.now % DAY))
        if priority:
            estimates.privileged_came(self._learned, priority, self.now)
        key = self._key(priority)
        heard = self._tell(key, priority) if self._busy >= self._slots() else None
        self._waiting[key] = _Waiting(self.now, heard)
        insort(self._line, key)
        if self.scenario.patience is not None:
            self._in(self.random.expovariate(1 / self.scenario.patience), lambda: self._leave(key))

    def _tell(self, key: Order, priority: int) -> Heard | None:
        ahead, slots = bisect_left(self._line, key), self._slots()
        passing = head_start(1) / timedelta(minutes=1)
        exposed = ((1, passing),) if self.scenario.privileged and not priority else ()
        told = estimates.estimate(self._learned, Standing(ahead, exposed=exposed), slots, self.now)
        if told is None:
            return None
        return Heard(self.now, priority, told, (ahead + 1) * self._handling / slots, self._last_wait)

    def _leave(self, who: Order) -> None:
        waiting = self._waiting.pop(who, None)
        if waiting is None:
            return  # served meanwhile
        del self._line[bisect_left(self._line, who)]
        self.run.left += 1
        self.run.waited += self.now - waiting.came
        estimates.left(self._learned, self.now - waiting.came)

    def _serve(self) -> None:
        while self._line and self._busy < self._slots():
            waiting = self._waiting.pop(self._line.pop(0))
            waited = self.now - waiting.came
            self.run.waited += waited
            if waiting.heard:
                waiting.heard.waited = self._last_wait = waited
                self.run.heard.append(waiting.heard)
                estimates.served(self._learned, waiting.heard.told, waited)
            self._begin(self._draw_handling())

    def _begin(self, minutes: float) -> None:
        def finish() -> None:
            self._busy -= 1
            self._handling += (1 - _REMEMBERED) * (minutes - self._handling)
            estimates.finished(self._learned)

        self._busy += 1
        self._in(minutes, finish)

    def _draw_handling(self) -> float:
        mean, spread = self.scenario.handling(self.now % DAY), self.scenario.spread
        if spread == 1.0:
            return self.random.expovariate(1 / mean)
        variance = math.log(1 + spread * spread)
        return self.random.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))

    def _slots(self) -> int:
        return int(self.scenario.slots(self.now % DAY))

    def _key(self, priority: int) -> Order:
        virtual = _BEGIN + timedelta(minutes=self.now) - head_start(priority)
        return Place(self.run.arrived, 1, virtual).order

    def _in(self, minutes: float, what: _Next) -> None:
        heapq.heappush(self.events, (self.now + minutes, next(self._turns), what))
