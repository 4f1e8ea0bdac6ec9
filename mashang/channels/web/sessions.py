"""Sessions of customers' pages: begun by a shop's token or as a visitor, gone on with, ended.

A page that begins is told all it needs to start with, its site's looks and topics included.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from mashang import codes, customers, intake
from mashang.channels.web import door, views
from mashang.channels.web.notices import IncidentNotice, Known, Notices
from mashang.channels.web.resting import Resting, resting
from mashang.channels.web.suggestions import Suggested, suggested
from mashang.channels.web.views import CustomerConversation, CustomerView
from mashang.codes import TopicButton, offering
from mashang.codes.offering import AskedOf
from mashang.customers import Session, blocks
from mashang.customers.blocks import CustomerBlocked
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, locale_of, own_origin, refusals
from mashang.kit.errors import Invalid, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.knowledge import reading
from mashang.routing import assistance
from mashang.shops import site as sites
from mashang.shops.site import SiteLook
from mashang.staff import assistant, voice

_sessions = Limiter(1, 60)  # new sessions by address


class NewSession(msgspec.Struct, forbid_unknown_fields=True):
    """Begin (or go on with `session`) on a site; `token` is the shop's signed token, `page` the page one stands on."""

    site: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] = ""
    token: Annotated[str, Meta(max_length=5000)] | None = None
    session: Annotated[str, Meta(max_length=200)] | None = None
    page: Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")] = ""


class AssistantName(msgspec.Struct, frozen=True):
    """The assistant, where there is one: what it is called."""

    name: str


class SessionView(msgspec.Struct):
    """All a page needs to start with; `help`: is there anything to be read in the help centre?"""

    session: str
    customer: CustomerView
    site: SiteLook
    topics: list[TopicButton]
    entrances: list[intake.Entrance]
    assistant: AssistantName | None
    upload_limit: int
    conversations: list[CustomerConversation]
    resting: Resting
    suggested: Suggested
    voice: list[voice.Way]
    incidents: list[IncidentNotice]
    help: bool


class ButtonLook(SiteLook, frozen=True, kw_only=True):
    """What the loader needs before anything else; `offers`: whose pages ask for an offer; `voice`: may one speak?"""

    offers: AskedOf
    voice: bool


@post(
    "/sessions",
    responses=refusals(
        sites.SiteUnknown,
        sites.NoSiteYet,
        sites.OriginNotRegistered,
        sites.TokenInvalid,
        sites.TokenExpired,
        CustomerBlocked,
        TooMany,
        Invalid,
    ),
)
async def begin_session(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    sealer: NamedDependency[Sealer],
    *,
    notices: NamedDependency[Notices],
    data: JSONBody[NewSession],
) -> SessionView:
    """Begin a session, or go on with one: as the account a token proves, else as a visitor."""
    _sessions.take(door.address_of(request))
    locale, known = locale_of(request), await notices.known()
    async with db.transaction() as tx:
        site = await (sites.by_public_id(tx, data.site) if data.site else sites.first(tx))
        sites.check_origin(site, request.headers.get("origin"), own=own_origin(request, settings))
        secret, who = await _recognised(tx, sealer, site, data, request)
        return await view(tx, secret, who, site, known, locale=locale, settings=settings, page=data.page)


async def view(
    tx: Tx,
    secret: str,
    who: customers.Customer,
    site: sites.Site,
    known: Known,
    *,
    locale: str,
    settings: Settings,
    page: str = "",
) -> SessionView:
    """All a page of this session needs to start with."""
    offered = await codes.buttons(tx, locale)
    away = await resting(tx, offered, locale)
    helper = await assistant.settings(tx) if await assistance.is_ready(tx) else None
    return SessionView(
        secret,
        views.customer(who),
        sites.look(site, locale),
        offered,
        ["assistant", "code", "person"] if helper else ["code", "person"],
        AssistantName(helper.called(locale)) if helper else None,
        settings.upload_limit,
        await views.of_customer(tx, who, locale),
        away,
        await suggested(tx, who, site.id, page, resting=away.topics, locale=locale),
        await voice.ways(tx, settings),
        known.of(site.shop_id, locale),
        await reading.is_any(tx),
    )


async def _recognised(
    tx: Tx, sealer: Sealer, site: sites.Site, data: NewSession, request: Asking
) -> tuple[str, customers.Customer]:
    """The session's secret and customer: the old session when it is still of this person and site."""
    account = None
    if data.token is not None:
        account = sites.verify_token(await sites.keys(tx, sealer, site), data.token, clock.now())
    if data.session:
        try:
            held = await customers.resume(tx, data.session)
        except NotSignedIn:
            held = None
        if held and held.site_id == site.id and _same_person(held.customer, account, site.shop_id):
            return data.session, held.customer
        if held and account is None:  # a blocked visitor is none the newer for another site
            blocks.demand_welcome(held.customer)
    who = await customers.recognise(tx, site.id, site.shop_id, account, locale_of(request))
    return await customers.begin(tx, who, site.id, address_block=door.address_of(request)), who


def _same_person(held: customers.Customer, account: sites.ShopCustomer | None, shop_id: int | None) -> bool:
    """Without a token the session speaks for itself; with one it must be of the same account."""
    return account is None or (held.signed_in and held.subject == account.subject and held.shop_id == shop_id)


@delete("/sessions", status_code=204, responses=refusals(NotSignedIn))
async def end_session(db: NamedDependency[Database], session: NamedDependency[Session]) -> None:
    """Sign out here: the secret is worthless from now on."""
    async with db.transaction() as tx:
        await customers.end(tx, session)


@get("/widget-look", responses=refusals(sites.SiteUnknown))
async def widget_look(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    site: Annotated[str, QueryParameter(max_length=64)] = "",
) -> Response[ButtonLook]:
    """How the button looks on a site; public, for any page to read."""
    async with db.transaction() as tx:
        found = await (sites.by_public_id(tx, site) if site else sites.first(tx))
        asked = await offering.asked_of(tx, found)
        await sites.sighted(tx, found, request.headers.get("origin", ""))
        speaking = bool(await voice.ways(tx, settings))
    look = sites.look(found, locale_of(request))
    return Response(
        ButtonLook(**msgspec.structs.asdict(look), offers=asked, voice=speaking),
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300", "Vary": "Accept-Language"},
    )
