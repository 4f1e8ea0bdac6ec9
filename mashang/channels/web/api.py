"""What the widget and the phone page ask over HTTP.

The live socket carries the talk; this carries the rest: sessions, openings, files,
pages of the timeline, and everything again for pages whose sockets are blocked.
"""

from __future__ import annotations

from litestar.di import NamedDependency
from litestar.params import JSONBody, MultipartBody, PathParameter, QueryParameter

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, Router, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import Provide
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from msgspec import Meta

from mashang import codes, customers, intake, routing
from mashang.channels.web import socket, views
from mashang.channels.web.views import CustomerConversation
from mashang.codes import Ambiguous, Matched, TopicButton, declared
from mashang.conversations import access, attachments, reading, timeline
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import LONGEST_TEXT, EntryView, view
from mashang.conversations.attachments import UPLOAD_REFUSALS
from mashang.conversations.timeline import Posted, Writer
from mashang.customers import Session, customer
from mashang.intake import Inbound
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.edge import locale_of, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooLarge, TooMany
from mashang.kit.limits import Limiter, address_block
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.kit.pictures import Pictures
from mashang.kit.storage import Storage
from mashang.live.frames import AckFrame, ClientId, PublicId, Seq
from mashang.routing.handling import AlreadyClosed, AlreadyOpen
from mashang.shops import site as sites
from mashang.shops.site import SiteLook

Asking = Request[Any, Any, Any]
Id = Annotated[str, PathParameter(pattern=r"^[0-9A-Za-z]{1,32}$", description="public id")]
Line = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
_sessions = Limiter(1, 60)  # new sessions by address
_openings = Limiter(0.1, 10)  # new conversations by customer
_openings_here = Limiter(1, 200)  # … and by address: visitors are made as fast as they are asked for
_uploads = Limiter(0.5, 20)  # by customer
_asked = Limiter(5, 60)  # everything else, by customer


class CustomerView(msgspec.Struct, omit_defaults=True):
    """Who we take this customer to be: proved by the shop's token, or merely claimed."""

    id: str
    name: str
    proved: bool
    tier: str
    claim_kind: str | None = None
    claim_masked: str | None = None


class NewSession(msgspec.Struct, forbid_unknown_fields=True):
    """Begin (or go on with `session`) on a site; `token` is the shop's signed token."""

    site: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] = ""
    token: Annotated[str, Meta(max_length=5000)] | None = None
    session: Annotated[str, Meta(max_length=200)] | None = None


class SessionView(msgspec.Struct):
    """All a page needs to start with."""

    session: str
    customer: CustomerView
    site: SiteLook
    topics: list[TopicButton]
    entrances: list[str]
    upload_limit: int
    conversations: list[CustomerConversation]


class Claim(msgspec.Struct, forbid_unknown_fields=True):
    """The registered mobile number or user name, as typed."""

    value: Line


class Typed(msgspec.Struct, forbid_unknown_fields=True):
    """What was typed into the code box."""

    text: Annotated[str, Meta(max_length=20_000)]


class CodeAnswer(msgspec.Struct, omit_defaults=True):
    """What was recognised: one topic, a few to choose from, or none and all that are offered."""

    outcome: Literal["matched", "ambiguous", "unknown"]
    topic: TopicButton | None = None
    how: str | None = None
    topics: list[TopicButton] = []


class Page(msgspec.Struct, forbid_unknown_fields=True):
    """The page of the shop that the customer is looking at."""

    url: Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    title: Line = ""


class NewConversation(msgspec.Struct, forbid_unknown_fields=True):
    """Begin a consultation; the same `opening_key` again is the same one."""

    opening_key: ClientId
    entrance: Literal["code", "person"] = "person"
    code: Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*$")] | None = None
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    order_number: Line | None = None
    page: Page = msgspec.field(default_factory=Page)


class NewMessage(msgspec.Struct, forbid_unknown_fields=True):
    """A message, when the socket cannot carry it."""

    client_id: ClientId
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    file: PublicId | None = None


class Seen(msgspec.Struct, forbid_unknown_fields=True):
    """Everything up to `seq` was on the screen."""

    seq: Seq


class FilesWanted(msgspec.Struct, forbid_unknown_fields=True):
    """Attachments to look at."""

    files: Annotated[list[PublicId], Meta(max_length=100)]


class Addresses(msgspec.Struct):
    """Where they are for the next ten minutes; those one may not see are left out."""

    addresses: dict[str, attachments.Address]


class TimelinePage(msgspec.Struct):
    """Entries, oldest first; `more` says that there are others in the direction asked."""

    entries: list[EntryView]
    more: bool


async def current_session(request: Asking, db: NamedDependency[Database]) -> Session:
    """Who holds the bearer secret; raises NotSignedIn."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn
    async with db.transaction() as tx:
        session = await customers.resume(tx, secret.strip())
    _asked.take(str(session.customer.id))
    return session


def _customer(who: customers.Customer) -> CustomerView:
    return CustomerView(who.public_id, who.name, who.proved, who.tier, who.claim_kind, who.claim_masked)


async def _find(tx: Tx, session: Session, public_id: str) -> Conversation:
    return await conversations.find(tx, public_id, access.belonging_to(session.customer))


@post(
    "/sessions",
    responses=refusals(
        sites.SiteUnknown,
        sites.NoSiteYet,
        sites.OriginNotRegistered,
        sites.TokenInvalid,
        sites.TokenExpired,
        TooMany,
        Invalid,
    ),
)
async def begin_session(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    sealer: NamedDependency[Sealer],
    data: JSONBody[NewSession],
) -> SessionView:
    """Begin a session, or go on with one: as the account a token proves, else as a visitor."""
    _sessions.take(address_block(request.client.host if request.client else ""))
    locale = locale_of(request)
    async with db.transaction() as tx:
        site = await (sites.by_public_id(tx, data.site) if data.site else sites.first(tx))
        sites.check_origin(site, request.headers.get("origin"), own=own_origin(request, settings))
        secret, who = await _recognised(tx, sealer, site, data, locale)
        return SessionView(
            secret,
            _customer(who),
            sites.look(site, locale),
            await codes.buttons(tx, locale),
            ["code", "person"],
            settings.upload_limit,
            await views.of_customer(tx, who.id, locale),
        )


async def _recognised(
    tx: Tx, sealer: Sealer, site: sites.Site, data: NewSession, locale: str
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
    who = await customers.recognise(tx, site.id, site.shop_id, account, locale)
    return await customers.begin(tx, who, site.id), who


def _same_person(held: customers.Customer, account: sites.ShopCustomer | None, shop_id: int | None) -> bool:
    """Without a token the session speaks for itself; with one it must be of the same account."""
    return account is None or (held.subject == account.subject and held.shop_id == shop_id)


def own_origin(request: Asking, settings: Settings) -> str:
    """The origin of our own pages, as this request sees it."""
    return settings.public_url.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"


@delete("/sessions", status_code=204, responses=refusals(NotSignedIn))
async def end_session(db: NamedDependency[Database], session: NamedDependency[Session]) -> None:
    """Sign out here: the secret is worthless from now on."""
    async with db.transaction() as tx:
        await customers.end(tx, session)


@put("/claim", responses=refusals(NotSignedIn, Invalid))
async def put_claim(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
    data: JSONBody[Claim],
) -> CustomerView:
    """Say which account one is; it is kept as a claim and proves nothing."""
    async with db.transaction() as tx:
        return _customer(await customer.claim(tx, sealer, session.customer, data.value))


@post("/codes", status_code=200, responses=refusals(NotSignedIn, Invalid))
async def ask_code(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], data: JSONBody[Typed]
) -> CodeAnswer:
    """What a typed code means; opens nothing."""
    locale = locale_of(request)
    async with db.transaction() as tx:
        answer = (await codes.index(tx)).match(data.text)
        match answer:
            case Matched():
                return CodeAnswer("matched", codes.button(answer.topic, locale), answer.how)
            case Ambiguous():
                return CodeAnswer("ambiguous", topics=[codes.button(topic, locale) for topic in answer.topics])
        return CodeAnswer("unknown", topics=await codes.buttons(tx, locale))


@get("/conversations", responses=refusals(NotSignedIn))
async def list_conversations(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session]
) -> list[CustomerConversation]:
    """One's open conversations and the last closed ones, newest first."""
    async with db.transaction() as tx:
        return await views.of_customer(tx, session.customer.id, locale_of(request), closed=20)


@post("/conversations", responses=refusals(NotSignedIn, intake.CodeUnknown, intake.NoDepartment, TooMany, Invalid))
async def open_conversation(
    request: Asking,
    db: NamedDependency[Database],
    writer: NamedDependency[Writer],
    session: NamedDependency[Session],
    data: JSONBody[NewConversation],
) -> CustomerConversation:
    """Begin a consultation and take a place in the queue."""
    _openings.take(str(session.customer.id))
    _openings_here.take(address_block(request.client.host if request.client else ""))
    locale = locale_of(request)
    opened = await intake.receive(
        db,
        writer,
        Inbound(
            customer=session.customer,
            site_id=session.site_id,
            key=data.opening_key,
            text=data.text,
            code=data.code,
            order_number=data.order_number,
            page_url=data.page.url,
            page_title=data.page.title,
            locale=locale,
        ),
    )
    assert isinstance(opened, Conversation)
    async with db.transaction() as tx:
        return await views.one(tx, opened.id, locale)


@get("/conversations/{id:str}", responses=refusals(NotSignedIn, NotFound))
async def show_conversation(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """One conversation."""
    async with db.transaction() as tx:
        return await views.one(tx, (await _find(tx, session, id)).id, locale_of(request))


@get("/conversations/{id:str}/entries", responses=refusals(NotSignedIn, NotFound, Invalid))
async def list_entries(
    db: NamedDependency[Database],
    session: NamedDependency[Session],
    id: Id,
    after: Annotated[int | None, QueryParameter(ge=0, le=2_000_000_000)] = None,
    before: Annotated[int | None, QueryParameter(ge=0, le=2_000_000_000)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=reading.LARGEST_PAGE)] = 50,
) -> TimelinePage:
    """A page of the timeline: behind `after`, or in front of `before` (default: the last ones)."""
    async with db.transaction() as tx:
        found = await _find(tx, session, id)
        entries, more = await reading.page(tx, found.id, "everyone", behind=after, front=before, limit=limit)
    return TimelinePage([view(entry, "everyone") for entry in entries], more)


@post(
    "/conversations/{id:str}/entries",
    responses=refusals(
        NotSignedIn,
        NotFound,
        timeline.ConversationClosed,
        timeline.DifferentMessage,
        timeline.NotStored,
        TooMany,
        Invalid,
    ),
)
async def post_entry(
    db: NamedDependency[Database],
    writer: NamedDependency[Writer],
    customer_door: NamedDependency[socket.CustomerDoor],
    session: NamedDependency[Session],
    id: Id,
    data: JSONBody[NewMessage],
) -> AckFrame:
    """Say something, as the socket's `send` does."""
    customer_door.messages.take(str(session.customer.id))
    if not data.text.strip() and not data.file:
        raise Invalid(field="text", reason="empty")
    async with db.transaction() as tx:
        found = await _find(tx, session, id)
        file = (
            await attachments.for_posting(tx, data.file, found.id, "customer", session.customer.id)
            if data.file
            else None
        )
    posted = await intake.receive(
        db,
        writer,
        Inbound(
            customer=session.customer,
            site_id=session.site_id,
            key=data.client_id,
            conversation=(found.id, found.public_id),
            text=data.text,
            file=file,
        ),
    )
    assert isinstance(posted, Posted)
    return socket.ack(data.client_id, posted, data.text)


@post(
    "/conversations/{id:str}/files",
    responses=refusals(NotSignedIn, NotFound, TooLarge, *UPLOAD_REFUSALS, TooMany, Invalid),
)
async def upload(
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    pictures: NamedDependency[Pictures],
    session: NamedDependency[Session],
    id: Id,
    data: MultipartBody[dict[str, UploadFile]],
) -> attachments.Attachment:
    """Store a file for a message of this conversation; it is not said until it is sent."""
    _uploads.take(str(session.customer.id))
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise Invalid(field="file", reason="missing")
    async with db.transaction() as tx:
        found = await _find(tx, session, id)
    by = attachments.Uploader(found.id, "customer", session.customer.id)
    return await attachments.store(db, storage, pictures, by, file, rules=await declared.rules(db))


@post("/files/addresses", status_code=200, responses=refusals(NotSignedIn, Invalid))
async def file_addresses(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
    data: JSONBody[FilesWanted],
) -> Addresses:
    """Addresses of attachments that this customer may see."""
    async with db.transaction() as tx:
        return Addresses(await attachments.addresses_for_customer(tx, sealer, session.customer, data.files))


@post("/conversations/{id:str}/close", status_code=200, responses=refusals(NotSignedIn, NotFound, AlreadyClosed))
async def close(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """End the consultation, or leave the queue."""
    async with db.transaction() as tx:
        found = await _find(tx, session, id)
        await routing.close(tx, session.customer, found.id)
        return await views.one(tx, found.id, locale_of(request))


@post(
    "/conversations/{id:str}/reopen", status_code=200, responses=refusals(NotSignedIn, NotFound, AlreadyOpen, TooMany)
)
async def reopen(
    request: Asking, db: NamedDependency[Database], session: NamedDependency[Session], id: Id
) -> CustomerConversation:
    """Go on with a closed consultation."""
    _openings.take(str(session.customer.id))
    async with db.transaction() as tx:
        found = await _find(tx, session, id)
        await routing.reopen(tx, session.customer, found.id)
        return await views.one(tx, found.id, locale_of(request))


@put("/conversations/{id:str}/read", status_code=204, responses=refusals(NotSignedIn, NotFound, Invalid))
async def mark_read(
    db: NamedDependency[Database], session: NamedDependency[Session], id: Id, data: JSONBody[Seen]
) -> None:
    """Everything up to `seq` was on the screen."""
    async with db.transaction() as tx:
        await reading.mark_read(tx, await _find(tx, session, id), "customer", data.seq)


@get("/widget-look", responses=refusals(sites.SiteUnknown))
async def widget_look(
    request: Asking, db: NamedDependency[Database], site: Annotated[str, QueryParameter(max_length=64)] = ""
) -> Response[SiteLook]:
    """How the button looks on a site; public, for any page to read."""
    async with db.transaction() as tx:
        found = await (sites.by_public_id(tx, site) if site else sites.first(tx))
    return Response(
        sites.look(found, locale_of(request)),
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300", "Vary": "Accept-Language"},
    )


upload_router = Router(
    "/customer",
    tags=["Customer"],
    dependencies={"session": Provide(current_session)},
    security=[{"customer": []}],
    route_handlers=[upload],
)
router = Router(
    "/customer",
    tags=["Customer"],
    dependencies={"session": Provide(current_session)},
    security=[{"customer": []}],
    route_handlers=[
        end_session,
        put_claim,
        ask_code,
        list_conversations,
        open_conversation,
        show_conversation,
        list_entries,
        post_entry,
        file_addresses,
        close,
        reopen,
        mark_read,
    ],
)
public_router = Router("/customer", tags=["Customer"], route_handlers=[begin_session])
