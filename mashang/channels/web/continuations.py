"""Going on in another browser: a link and its QR code made, looked at, taken; what was continued, ended.

The secret stands behind the `#` of the link, which browsers keep to themselves: it is in no request line,
no log and no referrer.  Looking uses nothing up, so that whoever follows the link is shown first as whom
they would go on, and a preview of the link in a chat takes it from nobody.

Does not: keep the secret (`customers.continuation`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.channels.web import door, sessions, views
from mashang.channels.web.notices import Notices
from mashang.channels.web.sessions import SessionView
from mashang.channels.web.views import CustomerView
from mashang.codes import qr
from mashang.conversations import access, timeline
from mashang.conversations import conversation as conversations
from mashang.conversations.entry import PublicId
from mashang.customers import Session, continuation
from mashang.customers.continuation import Continued, LinkExpired, LinkUsed
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, own_origin, refusals
from mashang.kit.errors import NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.settings import Settings
from mashang.shops import site as sites

_offers = Limiter(0.05, 6)  # new links, by customer
_tries = Limiter(0.5, 20)  # links looked at and taken, by address


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """Which conversation the other browser is to open, or which code it is to begin with."""

    conversation: PublicId | None = None
    code: Annotated[str, Meta(max_length=40, pattern=r"^[0-9A-Za-z-]+$")] | None = None


class ContinueLink(msgspec.Struct):
    """Where to go on, once, until `expires_at`; `picture` is the same as a QR code (a data address of an SVG)."""

    url: str
    picture: str
    expires_at: datetime


class Followed(msgspec.Struct, forbid_unknown_fields=True):
    """The secret of a link, and the conversation it leads to."""

    secret: Annotated[str, Meta(min_length=20, max_length=100)]
    conversation: PublicId | None = None


class ContinuedAs(msgspec.Struct):
    """As whom one would go on, and where."""

    customer: CustomerView
    title: str
    expires_at: datetime


@post("/continuations", responses=refusals(NotSignedIn, TooMany))
async def offer_continuation(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    session: NamedDependency[Session],
    data: JSONBody[Wanted],
) -> ContinueLink:
    """A link by which another browser of this customer goes on: good once, for ten minutes; it ends the one before."""
    _offers.take(str(session.customer.id))
    async with db.transaction() as tx:
        site = await sites.by_id(tx, session.site_id)
        offered = await continuation.offer(tx, session)
    where = f"&c={data.conversation}" if data.conversation else ""
    where += f"&code={data.code}" if data.code else ""
    url = f"{own_origin(request, settings)}/?site={site.public_id}#continue={offered.secret}{where}"
    return ContinueLink(url, qr.data_address(qr.svg(url)), offered.expires_at)


@get("/continuations", responses=refusals(NotSignedIn))
async def list_continuations(db: NamedDependency[Database], session: NamedDependency[Session]) -> list[Continued]:
    """What was continued elsewhere from here, newest first."""
    async with db.transaction() as tx:
        return await continuation.continued(tx, session)


@delete("/continuations/{id:str}", status_code=204, responses=refusals(NotSignedIn, NotFound))
async def end_continuation(db: NamedDependency[Database], session: NamedDependency[Session], id: Id) -> None:
    """End what was continued elsewhere."""
    async with db.transaction() as tx:
        await continuation.end(tx, session, id)


@post("/continuations/look", status_code=200, responses=refusals(LinkUsed, LinkExpired, TooMany))
async def look_at_continuation(request: Asking, db: NamedDependency[Database], data: JSONBody[Followed]) -> ContinuedAs:
    """As whom the holder of a link would go on; it stays good."""
    _tries.take(door.address_of(request))
    async with db.transaction() as tx:
        found = await continuation.look(tx, data.secret)
        site = await sites.by_id(tx, found.site_id)
    return ContinuedAs(views.customer(found.customer), sites.look(site, locale_of(request)).title, found.expires_at)


@post("/continuations/take", responses=refusals(LinkUsed, LinkExpired, sites.OriginNotRegistered, TooMany))
async def take_continuation(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    notices: NamedDependency[Notices],
    data: JSONBody[Followed],
) -> SessionView:
    """Go on here; the first page is told in the conversation it led to."""
    _tries.take(door.address_of(request))
    locale, known = locale_of(request), await notices.known()
    async with db.transaction() as tx:
        secret, found = await continuation.take(tx, data.secret)
        site = await sites.by_id(tx, found.site_id)
        sites.check_origin(site, request.headers.get("origin"), own=own_origin(request, settings))
        if data.conversation:
            there = await conversations.find(tx, data.conversation, access.belonging_to(found.customer))
            await timeline.append(tx, timeline.event(there.id, "continued"))
        return await sessions.view(tx, secret, found.customer, site, known, locale=locale, settings=settings)


ROUTES = [offer_continuation, list_continuations, end_continuation]
PUBLIC_ROUTES = [look_at_continuation, take_continuation]
