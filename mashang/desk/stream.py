"""The one stream of list changes to the open desks.

What was said is gathered for a quarter of a second and read with one query, what
moved between lists or agents for a breath: each desk gets the rows its agent may
see, and stops hearing of those it no longer may.  A
desk that was away fetches its lists again, with the same code as the first load;
so a lost frame is a stale row for at most one fetch, never a lost conversation.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime

import msgspec
import psycopg
from msgspec import Raw
from psycopg_pool import PoolTimeout

from mashang.desk import lists
from mashang.desk.board import Boards
from mashang.desk.lists import Counters, Listed
from mashang.desk.whereabouts import Whereabouts
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.log import log
from mashang.live.frames import FromServer
from mashang.live.hub import Hub
from mashang.live.socket import Socket
from mashang.staff import Agent
from mashang.staff.permissions import permitted

_GATHER_SECONDS = 0.25
_BREATH_SECONDS = 0.02
_BOARD_SECONDS = 1.0  # however much happens, boards are not asked to look more often
_MOST_ROWS = 200  # more than that at once: the desks fetch their lists again


class RowsFrame(FromServer, tag="rows"):
    """Rows that are new or changed, ids one may have seen and may no longer, and the counters when they changed."""

    rows: list[Raw]
    gone: list[str]
    counters: Counters | None = None


class ListsFrame(FromServer, tag="lists"):
    """Too much has changed: fetch the lists again."""


class Transferred(msgspec.Struct):
    """Who sent a conversation, and what they wrote for whoever answers."""

    by: str
    note: str


class OfferFrame(FromServer, tag="offer"):
    """A customer for this agent, until `expires_at`; `seconds` are left.  `transfer` when a colleague sent it."""

    conversation: lists.Row
    expires_at: datetime
    seconds: float
    transfer: Transferred | None = None


class TransferRefusedFrame(FromServer, tag="transfer_refused"):
    """Whom one sent a conversation to will not have it: declined, timed_out or withdrawn; it waits for anybody."""

    conversation: str
    customer: str
    agent: str
    reason: str


class OfferGone(FromServer, tag="offer_gone"):
    """The offer has ended: 'accepted' | 'declined' | 'timed_out' | 'withdrawn'."""

    conversation: str
    reason: str


class ContextFrame(FromServer, tag="context"):
    """What the shop knows is new: fetch it again."""

    conversation: str


class IncidentsChangedFrame(FromServer, tag="incidents_changed"):
    """One was opened, changed or ended: fetch them again, and what stands beside the conversations."""


class MentionedFrame(FromServer, tag="mentioned"):
    """A note of this conversation, written by `by`, names one: fetch what names one again."""

    conversation: str
    by: str


class MeFrame(FromServer, tag="me"):
    """One's availability or rights were changed: fetch them again."""


class BoardFrame(FromServer, tag="board"):
    """For those who watch: something on the board moved; whoever looks at it, look again."""


class Stream:
    """Sends list changes to the desk sockets of this process."""

    def __init__(self, db: Database, hub: Hub, boards: Boards) -> None:
        self._db = db
        self._hub = hub
        self._boards = boards
        self._board_told: asyncio.TimerHandle | None = None
        self._changed: set[int] = set()
        self._recount = False
        self._arrived = asyncio.Event()
        self._moved = asyncio.Event()  # not only the words in a row: somebody may see more now, or less
        self._counted: dict[Socket, Counters] = {}
        self._whereabouts = Whereabouts()

    def desks(self) -> list[Socket]:
        """The desk sockets of this process."""
        return [socket for socket in self._hub.sockets if socket.audience == "staff"]

    def changed(self, conversation_id: int, *, recount: bool = True) -> None:
        """A row is new; `recount` when it may have moved between the lists."""
        self._changed.add(conversation_id)
        self._recount |= recount
        self._arrived.set()
        if recount:
            self._moved.set()
            self.board_moved()

    def recount(self) -> None:
        """The counters may be new: offers, departments or rights changed."""
        self._recount = True
        self._arrived.set()
        self.board_moved()

    def board_moved(self) -> None:
        """Queues, people or what they do changed: boards hear of it within a second, once."""
        if self._board_told is None:
            self._board_told = asyncio.get_running_loop().call_later(_BOARD_SECONDS, self._tell_boards)

    def _tell_boards(self) -> None:
        self._board_told = None
        self._boards.moved()
        for socket in self.desks():
            if permitted(socket.door.agent, "board.read"):
                socket.send_frame(BoardFrame())

    def tell_agent(self, agent_id: int, frame: FromServer) -> None:
        """A frame to all desks of one agent."""
        for socket in self.desks():
            if socket.reader == agent_id:
                socket.send_frame(frame)

    async def tell_offer_gone(self, agent_id: int, conversation_id: int, reason: str) -> None:
        """An offer to this agent has ended."""
        if not any(socket.reader == agent_id for socket in self.desks()):
            return
        async with self._db.transaction() as tx:
            public_id = await tx.value("select public_id from conversation where id = %s", (conversation_id,))
        self.tell_agent(agent_id, OfferGone(public_id, reason))

    async def tell_transfer_refused(self, sender_id: int, conversation_id: int, agent: str, reason: str) -> None:
        """What this agent sent to a colleague came back."""
        sockets = [socket for socket in self.desks() if socket.reader == sender_id]
        for locale in {socket.locale for socket in sockets}:
            async with self._db.transaction() as tx:
                rows = await lists.rows(tx, None, [conversation_id], locale)
            for socket in sockets:
                if socket.locale == locale and rows:
                    row = rows[0].row
                    socket.send_frame(TransferRefusedFrame(row.id, row.customer.label, agent, reason))

    def fetch_again(self) -> None:
        """Changes may have been missed: every desk fetches its lists again."""
        self._whereabouts.forget()
        for socket in self.desks():
            socket.send_frame(ListsFrame())

    def hide(self, socket: Socket, conversation_id: int, public_id: str) -> None:
        """This desk may not see a conversation any more that it has open."""
        self._stop_watching(socket, conversation_id, public_id)
        socket.send_frame(RowsFrame([], [public_id]))

    def _stop_watching(self, socket: Socket, conversation_id: int, public_id: str) -> None:
        self._hub.unwatch(socket, conversation_id)
        socket.door.ids.pop(public_id, None)

    def tell_context(self, conversation_id: int) -> None:
        """What the shop knows of a conversation is new: for the agents, and for its customer's card of the order."""
        for socket in self._hub.watchers(conversation_id):
            socket.send_frame(ContextFrame(socket.names[conversation_id]))

    def tell_incidents(self) -> None:
        """Incidents are others now."""
        for socket in self.desks():
            socket.send_frame(IncidentsChangedFrame())

    async def tell_offers(self, agent_id: int, only: Socket | None = None) -> None:
        """Show an agent's open offers on all its desks, or on one that has just come."""
        sockets = [s for s in self.desks() if s.reader == agent_id and only in (None, s)]
        for locale in {socket.locale for socket in sockets}:
            async with self._db.transaction() as tx:
                offers = await tx.all(
                    """
                    select o.conversation_id, o.expires_at, s.name as sender, q.note
                    from offer o left join queue_place q using (conversation_id) left join agent s on s.id = q.sender_id
                    where o.agent_id = %s and o.answered_at is null and o.expires_at > app_now()
                    """,
                    (agent_id,),
                )
                open_offers = {offer["conversation_id"]: offer for offer in offers}
                rows = await lists.rows(tx, None, list(open_offers), locale)
            for listed in rows:
                offer = open_offers[listed.conversation_id]
                expires_at = offer["expires_at"]
                sent = Transferred(offer["sender"], offer["note"]) if offer["sender"] else None
                left = round(max(0.0, (expires_at - clock.now()).total_seconds()), 1)
                for socket in sockets:
                    if socket.locale == locale:
                        socket.send_frame(OfferFrame(listed.row, expires_at, left, sent))

    async def run(self) -> None:
        """Tell what has changed, until cancelled."""
        while True:
            await self._arrived.wait()
            await self._gather()
            self._arrived.clear()
            self._moved.clear()
            changed, self._changed = self._changed, set()
            recount, self._recount = self._recount, False
            desks = self.desks()
            if not desks:
                continue
            try:
                await self._tell(desks, changed, recount)
            except (psycopg.Error, PoolTimeout) as error:
                log.warning("lists_not_told", error=type(error).__name__)
                self._changed |= changed
                self._recount |= recount
                self._arrived.set()

    async def _gather(self) -> None:
        try:
            async with asyncio.timeout(_GATHER_SECONDS):
                await self._moved.wait()
        except TimeoutError:
            return
        await asyncio.sleep(_BREATH_SECONDS)

    async def _tell(self, desks: list[Socket], changed: set[int], recount: bool) -> None:
        if len(changed) > _MOST_ROWS:
            self.fetch_again()
            changed &= self._hub.watched_by("staff")  # what is open must still be hidden from whom it left
        by_locale: dict[str, list[tuple[Listed, Raw]]] = {}
        async with self._db.transaction() as tx:
            for locale in {socket.locale for socket in desks} if changed else set():
                listed = await lists.rows(tx, None, sorted(changed), locale)
                by_locale[locale] = [(one, Raw(msgspec.json.encode(one.row))) for one in listed]
            counted = await _count(tx, [socket.door.agent for socket in desks]) if recount else {}
        for socket in desks:
            self._tell_one(socket, by_locale.get(socket.locale, []), counted.get(socket.reader))
        self._whereabouts.note(one for one, _ in next(iter(by_locale.values()), []))
        self._counted = {socket: known for socket, known in self._counted.items() if socket in self._hub.sockets}

    def _tell_one(self, socket: Socket, rows: list[tuple[Listed, Raw]], counters: Counters | None) -> None:
        agent: Agent = socket.door.agent
        if counters == self._counted.get(socket):
            counters = None
        elif counters is not None:
            self._counted[socket] = counters
        seen: list[Raw] = []
        hidden: list[Listed] = []
        for listed, raw in rows:
            if listed.is_visible_to(agent):
                seen.append(raw)
            else:
                hidden.append(listed)
        for listed in hidden:  # moved to another department, perhaps while it was open here
            self._stop_watching(socket, listed.conversation_id, listed.row.id)
        gone = [listed.row.id for listed in hidden if self._whereabouts.may_have_shown(listed, agent)]
        if seen or gone or counters:
            socket.send_frame(RowsFrame(seen, gone, counters))


async def _count(tx: Tx, agents: list[Agent]) -> dict[int, Counters]:
    """The counters of many agents with two statements, whatever their number."""
    groups = await tx.all(
        """
        select department_id, agent_id, status, snoozed_at is not null as snoozed, count(*)::int as open
        from conversation where status <> 'closed' group by department_id, agent_id, status, snoozed
        """
    )
    offers = await tx.all(
        """
        select agent_id, count(*)::int as open from offer
        where answered_at is null and expires_at > app_now() group by agent_id
        """
    )
    offered = {row["agent_id"]: row["open"] for row in offers}
    return {agent.id: _counters(agent, groups, offered.get(agent.id, 0)) for agent in agents}


def _counters(agent: Agent, groups: list[dict[str, object]], offered: int) -> Counters:
    mine = {department.id for department in agent.departments}
    totals: Counter[str] = Counter()
    for group in groups:
        number = int(str(group["open"]))
        served = group["agent_id"] == agent.id
        if agent.sees_everything or served or group["department_id"] in mine:
            totals["all"] += number
            totals["waiting"] += number * (group["status"] == "waiting")
            totals["assisted"] += number * (group["status"] == "assisted")
            totals["mine"] += number * (served and not group["snoozed"])
            totals["snoozed"] += number * (served and bool(group["snoozed"]))
    return Counters(totals["waiting"], totals["mine"], totals["all"], offered, totals["snoozed"], totals["assisted"])
