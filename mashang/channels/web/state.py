"""Telling customers' pages how their conversations stand: status, agent, queue place.

Changes and moves in the queue are gathered for a moment and told with one query,
so that a hundred customers who move up by one cost one read, and a page that
already knows hears nothing.
"""

from __future__ import annotations

import asyncio

import psycopg
from psycopg_pool import PoolTimeout

from mashang.channels.web import views
from mashang.channels.web.views import StateFrame
from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.live.hub import Hub
from mashang.live.socket import Socket

_GATHER_SECONDS = 0.1
_REFRESH_SECONDS = 30  # wait estimates go down by themselves
_MOST = 2000  # conversations told in one turn; the rest in the next


class StateTeller:
    """Sends `state` frames to the customers' sockets of this process."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub
        self._changed: set[int] = set()
        self._queues_moved = False
        self._arrived = asyncio.Event()
        self._told: dict[tuple[int, str], StateFrame] = {}  # (conversation, locale) → what its pages know

    def changed(self, conversation_id: int) -> None:
        """Something about this conversation is new."""
        self._changed.add(conversation_id)
        self._arrived.set()

    def queues_moved(self) -> None:
        """Somebody joined or left a queue, or an agent came or went: positions may be new."""
        self._queues_moved = True
        self._arrived.set()

    async def tell(self, socket: Socket, conversation_id: int) -> None:
        """Tell one socket now, as after a watch."""
        async with self._db.transaction() as tx:
            seen = await views.of(tx, [conversation_id], socket.locale)
        # What the others know may be newer or older than what this one hears now: the next turn tells all of them.
        self._told.pop((conversation_id, socket.locale), None)
        for one in seen:
            socket.send_frame(views.state(one))

    async def run(self) -> None:
        """Tell what has changed, until cancelled."""
        took = 0.0
        while True:
            await self._news()
            await asyncio.sleep(max(_GATHER_SECONDS, 2 * took))  # with thousands to tell, leave room for others
            began = asyncio.get_running_loop().time()
            self._arrived.clear()
            watched = self._hub.watched_by("everyone")
            wanted = watched if self._queues_moved else watched & self._changed
            self._changed.clear()
            self._queues_moved = False
            self._told = {key: told for key, told in self._told.items() if key[0] in watched}
            try:
                await self._tell_all(sorted(wanted))
            except (psycopg.Error, PoolTimeout) as error:
                log.warning("state_not_told", error=type(error).__name__)
                self._changed |= wanted
                self._arrived.set()
            took = asyncio.get_running_loop().time() - began

    async def _news(self) -> None:
        """Wait for a change, or for the time to look at the queues anyhow."""
        try:
            async with asyncio.timeout(_REFRESH_SECONDS):
                await self._arrived.wait()
        except TimeoutError:
            self._queues_moved = True

    async def _tell_all(self, wanted: list[int]) -> None:
        for start in range(0, len(wanted), _MOST):
            await self._tell_some(wanted[start : start + _MOST])

    async def _tell_some(self, wanted: list[int]) -> None:
        sockets = [(c, s) for c in wanted for s in self._hub.watchers(c) if s.audience == "everyone"]
        for locale in {socket.locale for _, socket in sockets}:
            async with self._db.transaction() as tx:
                seen = {one.id: views.state(one) for one in await views.of(tx, wanted, locale)}
            fresh = {}
            for conversation_id, socket in sockets:
                frame = seen.get(socket.names.get(conversation_id, ""))
                key = (conversation_id, locale)
                if frame is not None and socket.locale == locale and self._told.get(key) != frame:
                    socket.send_frame(frame)
                    fresh[key] = frame
            self._told |= fresh
