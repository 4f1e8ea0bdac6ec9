"""The hub: which socket of this process watches what, and bringing entries to them.

Overview.  A socket watches conversations; for each the hub remembers the last
number it sent (`Socket.watched`).  A committed entry is handed to `deliver`: a
socket whose last number is the entry's `prev` gets the frame at once, one that is
further behind gets a catch-up from the database instead, one that is ahead gets
nothing.  So frames may be announced late, twice or never, and each reader still
receives every entry once and in order.

Concurrency.  One event loop; no awaits between looking at `watched` and changing
it.  While a catch-up of (socket, conversation) runs, `deliver` only notes the
highest number it passed over, and the catch-up goes on until it has reached it.

Does not: decide who may watch (the doors do, before they call `watch`), nor keep
anything that cannot be lost.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable

import psycopg
from psycopg_pool import PoolTimeout

from mashang.conversations import reading
from mashang.conversations.entry import Audience, Entry, view
from mashang.kit.db import Database
from mashang.kit.log import log
from mashang.live import frames
from mashang.live.frames import EntryFrame, FromServer
from mashang.live.socket import Socket

SWEEP_SECONDS = 15.0


class Hub:
    """The sockets of one process."""

    def __init__(self, db: Database, *, drops: float = 0.0) -> None:
        self._db = db
        self._watchers: dict[int, set[Socket]] = {}
        self._lagging: dict[tuple[Socket, int], int] = {}  # being caught up → highest number passed over
        self._tasks: set[asyncio.Task[None]] = set()
        self.sockets: set[Socket] = set()
        self.drop_announcements: Callable[[], bool] = lambda: random.random() < drops  # noqa: S311 — for the chaos test

    def join(self, socket: Socket) -> None:
        """A socket was authenticated."""
        self.sockets.add(socket)

    def leave(self, socket: Socket) -> None:
        """A socket has gone."""
        self.sockets.discard(socket)
        for conversation_id in list(socket.watched):
            self.unwatch(socket, conversation_id)

    def watch(self, socket: Socket, conversation_id: int, public_id: str, after: int) -> None:
        """Send what lies behind `after`, then everything new.  The door has checked that it may."""
        socket.watched[conversation_id] = after
        socket.names[conversation_id] = public_id
        self._watchers.setdefault(conversation_id, set()).add(socket)
        self._catch_up(socket, conversation_id, announce=True)

    def unwatch(self, socket: Socket, conversation_id: int) -> None:
        """No more of this conversation for this socket."""
        socket.watched.pop(conversation_id, None)
        socket.names.pop(conversation_id, None)
        watchers = self._watchers.get(conversation_id)
        if watchers is not None:
            watchers.discard(socket)
            if not watchers:
                del self._watchers[conversation_id]

    def watchers(self, conversation_id: int) -> Iterable[Socket]:
        """Sockets of this process that watch a conversation."""
        return tuple(self._watchers.get(conversation_id, ()))

    def watched_by(self, audience: Audience) -> set[int]:
        """Conversations that sockets of this audience watch here."""
        return {c for socket in self.sockets if socket.audience == audience for c in socket.watched}

    def deliver(self, entries: Iterable[Entry]) -> None:
        """Committed entries: to every socket that watches and is up to date."""
        if self.drop_announcements():
            return
        for entry in entries:
            watchers = self._watchers.get(entry.conversation_id)
            if watchers:
                self._deliver(entry, watchers)

    def _deliver(self, entry: Entry, watchers: set[Socket]) -> None:
        encoded: dict[Audience, bytes] = {}
        for socket in watchers:
            audience = socket.audience
            if audience == "everyone" and entry.audience == "staff":
                continue
            last = socket.watched[entry.conversation_id]
            if entry.seq <= last:
                continue
            key = (socket, entry.conversation_id)
            if key in self._lagging:
                self._lagging[key] = max(self._lagging[key], entry.seq)
                continue
            if (entry.prev_public if audience == "everyone" else entry.seq - 1) > last:
                self._catch_up(socket, entry.conversation_id)
                continue
            if audience not in encoded:
                encoded[audience] = frames.encode(EntryFrame(entry.conversation, view(entry, audience)))
            socket.watched[entry.conversation_id] = entry.seq
            socket.send(encoded[audience])

    def tell(
        self, conversation_id: int, frame: FromServer, *, audience: Audience | None = None, but: Socket | None = None
    ) -> None:
        """A passing frame (typing, read marks, state) to the watchers of one conversation."""
        watchers = self._watchers.get(conversation_id)
        if not watchers:
            return
        text = frames.encode(frame)
        for socket in watchers:
            if socket is not but and (audience is None or socket.audience == audience):
                socket.send(text)

    def behind(self, conversation_id: int, seq: int) -> None:
        """Another process says that `seq` exists: catch up who has not got it."""
        for socket in self._watchers.get(conversation_id, ()):
            if socket.watched[conversation_id] < seq:
                self._catch_up(socket, conversation_id, up_to=seq)

    async def compare_heads(self) -> None:
        """Ask once for the heads of everything watched; catch up who is behind."""
        if not self._watchers:
            return
        async with self._db.transaction() as tx:
            heads = await reading.heads(tx, list(self._watchers))
        for conversation_id, head, public_head in heads:
            for socket in self._watchers.get(conversation_id, ()):
                if socket.watched[conversation_id] < (head if socket.audience == "staff" else public_head):
                    self._catch_up(socket, conversation_id)

    async def sweep(self) -> None:
        """`compare_heads` every 15 s, until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.compare_heads()
            except (psycopg.Error, PoolTimeout) as error:
                log.warning("heads_not_compared", error=type(error).__name__)

    def _catch_up(self, socket: Socket, conversation_id: int, *, up_to: int = 0, announce: bool = False) -> None:
        key = (socket, conversation_id)
        if key in self._lagging and not announce:
            self._lagging[key] = max(self._lagging[key], up_to)
            return
        self._lagging[key] = max(self._lagging.get(key, 0), up_to)
        task = asyncio.ensure_future(self._bring(socket, conversation_id, announce))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _bring(self, socket: Socket, conversation_id: int, announce: bool) -> None:
        key = (socket, conversation_id)
        try:
            while await self._bring_once(socket, conversation_id):
                pass
            if announce and conversation_id in socket.watched:
                socket.send_frame(frames.CaughtUp(socket.names[conversation_id], socket.watched[conversation_id]))
        except (psycopg.Error, PoolTimeout) as error:
            log.warning("catch_up_failed", error=type(error).__name__)
            socket.close(4503)  # it reconnects and says what it holds
        finally:
            self._lagging.pop(key, None)

    async def _bring_once(self, socket: Socket, conversation_id: int) -> bool:
        """One read; True when there is more to bring."""
        after = socket.watched.get(conversation_id)
        if after is None:
            return False
        limit = reading.LARGEST_PAGE
        async with self._db.transaction() as tx:
            heads = await reading.heads(tx, [conversation_id])  # first: whatever it counts is in the next answer
            entries = await reading.after(tx, conversation_id, socket.audience, after, limit + 1)
        if conversation_id not in socket.watched:
            return False
        if socket.watched[conversation_id] < after:
            return True  # asked again meanwhile from an earlier number: what was read begins too late
        written = max((h for _, h, _ in heads), default=0)
        head = written if socket.audience == "staff" else max((p for _, _, p in heads), default=0)
        if len(entries) > limit:
            socket.watched[conversation_id] = head
            socket.send_frame(frames.Reload(socket.names[conversation_id], head))
        else:
            for entry in entries:
                if entry.seq > socket.watched[conversation_id]:
                    socket.watched[conversation_id] = entry.seq
                    socket.send_frame(EntryFrame(entry.conversation, view(entry, socket.audience)))
        # Compared with what is written, not with what this reader sees: the number passed over may be a note's.
        return self._lagging.get((socket, conversation_id), 0) > max(socket.watched[conversation_id], written)
