"""Waiting customers read page by page, as many as there are hands for, and given out in the one order of service.

Ten thousand may wait while three hands are free, so each queue is read from its beginning in pages
of as many places as its crew has hands.  Nobody may be given out before the pages have shown that
nobody earlier is left unread, so places are given out up to a *horizon*: the end of the shortest
page that has more behind it.  Hands left behind a page were refused somebody on it; the next page
may hold a customer for them, and pages double so that many refusals cost few questions.

Pure, apart from asking `fetch`: the dispatcher reads rows, the tests read memory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from mashang.routing.eligibility import Order, Place, Queue
from mashang.routing.ranking import Assignment, Floor


class Ask(msgspec.Struct, frozen=True):
    """The next `limit` places of a queue behind `after`; without a queue, of all that are meant for one agent.

    Those meant for one agent are in no other page.
    """

    queue: Queue | None
    after: Order | None
    until: datetime | None
    limit: int


Fetch = Callable[[Sequence[Ask]], Awaitable[Sequence[list[Place]]]]


class _Line(msgspec.Struct):
    """How far one queue has been read."""

    queue: Queue | None
    unread: bool = True
    size: int = 0
    after: Order | None = None
    page: list[Place] = []

    def ask(self, floor: Floor) -> Ask | None:
        """What to read next; None when nothing is left or nobody has a hand for it."""
        if self.page or not self.unread:
            return None
        hands = floor.hands(self.queue)
        if hands == 0:
            self.unread = False
            return None
        self.size = max(hands, 2 * self.size)
        return Ask(self.queue, self.after, None if self.queue is None else floor.served_until(self.queue), self.size)

    def read(self, page: list[Place]) -> None:
        """A page came."""
        self.unread = len(page) == self.size
        self.page = page
        if page:
            self.after = page[-1].order

    def take(self, horizon: Order | None) -> list[Place]:
        """What lies before the horizon leaves the page."""
        taken = [place for place in self.page if horizon is None or place.order <= horizon]
        self.page = self.page[len(taken) :]
        return taken


async def assign_in_order(floor: Floor, queues: Sequence[Queue | None], fetch: Fetch) -> list[Assignment]:
    """Give out who waits in these queues until no hand is left that could serve anybody."""
    lines = [_Line(queue) for queue in queues]
    chosen: list[Assignment] = []
    while True:
        asking = [(line, ask) for line in lines if (ask := line.ask(floor))]
        if asking:
            pages = await fetch([ask for _, ask in asking])
            for (line, _), page in zip(asking, pages, strict=True):
                line.read(page)
        if not any(line.page for line in lines):
            return chosen
        horizon = min((line.page[-1].order for line in lines if line.page and line.unread), default=None)
        chosen += floor.assign([place for line in lines for place in line.take(horizon)])
