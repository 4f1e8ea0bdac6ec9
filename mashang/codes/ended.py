"""Codes whose time is over: which they are, and what to take in the place of each.

A printed code outlives its promotion.  Whoever types it hears what it was and what there is now: the successor
the operator named, or its successor once that one has ended too; where none of them lives, the neighbour in the
same department.

Does not: read what somebody typed (`matching`) or say it to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from mashang.codes.code import Topic


class Ended:
    """What follows on each topic.  Made once from the rows and never changed."""

    def __init__(self, in_use: Iterable[Topic], retired: Iterable[Topic] = ()) -> None:
        self._in_use, self._retired = tuple(in_use), tuple(retired)
        self._by_id = {topic.id: topic for topic in (*self._in_use, *self._retired)}
        self._gone = frozenset(topic.id for topic in self._retired)

    def instead(self, ended: Topic, now: datetime) -> Topic | None:
        """What to offer in the place of this one."""
        for successor in self.successors(ended):
            if successor.id not in self._gone and not successor.has_expired(now):
                return successor
        others = [
            topic
            for topic in self._in_use
            if topic.department_id == ended.department_id and topic.shown and not topic.has_expired(now)
        ]
        return min(others, key=lambda topic: abs(topic.position - ended.position), default=None)

    def successors(self, topic: Topic) -> Iterator[Topic]:
        """Its successor, the one after that, and so on; each once, whatever the rows say."""
        seen = {topic.id}
        following = self._by_id.get(topic.successor_id or 0)
        while following and following.id not in seen:
            yield following
            seen.add(following.id)
            following = self._by_id.get(following.successor_id or 0)

    def at(self, now: datetime) -> list[Topic]:
        """All that have ended by `now`."""
        return [*self._retired, *(topic for topic in self._in_use if topic.has_expired(now))]
