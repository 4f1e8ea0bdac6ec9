"""Incidents on the customers' pages: the banner, told to every page and taken away again without a reload.

All that are on or will be within a day are read at once for all sites, and kept for a moment: a thousand visitors who
open the page cost one statement.  Pages with a live line hear of a change at once, and of what only time changes
within `_LOOK_AGAIN`; a first page has no line and asks (`GET /customer/incidents`).

A reading that a change overtook may be without it: it is not kept, and as one reads after the other, a page that was
told of it is told again after it.

Does not: decide what is said in conversations (`conversations.affected`), or word the times (the page does, in its
customer's zone).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import msgspec
import psycopg
from litestar import get
from litestar.di import NamedDependency
from psycopg_pool import PoolTimeout

from mashang.customers import Session
from mashang.kit import clock
from mashang.kit.db import Database
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import NotSignedIn
from mashang.kit.log import log
from mashang.live.frames import FromServer
from mashang.live.hub import Hub
from mashang.live.socket import Socket
from mashang.shops import incidents
from mashang.shops.incident import Incident

_KEPT_FOR = timedelta(seconds=5)
_LOOK_AGAIN = 10.0  # seconds
_MOST = 5  # on a page: more than anybody reads


class IncidentNotice(msgspec.Struct, frozen=True):
    """What a banner says; one that starts later is announced, one without an end is open-ended."""

    id: str
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime | None


class IncidentsFrame(FromServer, tag="incidents"):
    """All that the page shows from now on."""

    incidents: list[IncidentNotice]


class Known(msgspec.Struct, frozen=True):
    """What was read: the incidents, and which shop each site belongs to."""

    incidents: list[Incident]
    shops: dict[int, int | None]
    read_at: datetime

    def of(self, shop_id: int | None, locale: str) -> list[IncidentNotice]:
        concerned = [one for one in self.incidents if one.shop_id is None or one.shop_id == shop_id]
        return [
            IncidentNotice(one.public_id, one.called(locale), one.told(locale), one.starts_at, one.ends_at)
            for one in concerned[:_MOST]
        ]


class Notices:
    """What the banners of this process's pages say."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub
        self._known: Known | None = None
        self._changes = 0
        self._changed = asyncio.Event()
        self._reading = asyncio.Lock()
        self._told: dict[tuple[int, str], list[IncidentNotice]] = {}

    def changed(self) -> None:
        """Something was opened, changed or ended."""
        self._known = None
        self._changes += 1
        self._changed.set()

    async def known(self) -> Known:
        """What is on or near, at most some seconds old; not to be asked for within a transaction."""
        async with self._reading:
            known = self._known
            if known is None or not clock.now() - _KEPT_FOR <= known.read_at <= clock.now():
                known = await self._look()
            return known

    async def tell(self, socket: Socket) -> None:
        """Tell a page that has just come: it may have missed something."""
        known = await self.known()
        key = (socket.door.session.site_id, socket.locale)
        told = known.of(known.shops.get(key[0]), key[1])
        if self._told.get(key) != told:
            self._told.pop(key, None)  # not all of them were told the same: the next look tells all
        socket.send_frame(IncidentsFrame(told))

    async def run(self) -> None:
        """Tell what has changed, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(_LOOK_AGAIN):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            try:
                await self._tell_all()
            except (psycopg.Error, PoolTimeout) as error:
                log.warning("incidents_not_told", error=type(error).__name__)

    async def _tell_all(self) -> None:
        if not self._pages():
            self._told.clear()
            return
        async with self._reading:
            known = await self._look()
        sockets = self._pages()
        pages = {(socket.door.session.site_id, socket.locale) for socket in sockets}
        told = {(site_id, locale): known.of(known.shops.get(site_id), locale) for site_id, locale in pages}
        for socket in sockets:
            key = (socket.door.session.site_id, socket.locale)
            if self._told.get(key) != told[key]:
                socket.send_frame(IncidentsFrame(told[key]))
        self._told = told

    def _pages(self) -> list[Socket]:
        return [socket for socket in self._hub.sockets if socket.audience == "everyone"]

    async def _look(self) -> Known:
        """Read, one after the other; kept unless something has changed meanwhile."""
        changes = self._changes
        known = await self._read()
        if changes == self._changes:
            self._known = known
        return known

    async def _read(self) -> Known:
        async with self._db.transaction() as tx:
            near = await incidents.near(tx)
            sites = await tx.all("select id, shop_id from site")
        return Known(near, {site["id"]: site["shop_id"] for site in sites}, clock.now())


@get("/incidents", responses=refusals(NotSignedIn))
async def list_incidents(
    request: Asking, notices: NamedDependency[Notices], session: NamedDependency[Session]
) -> list[IncidentNotice]:
    """What keeps many customers waiting now, or will within a day."""
    known = await notices.known()
    return known.of(known.shops.get(session.site_id), locale_of(request))


ROUTES = [list_incidents]
