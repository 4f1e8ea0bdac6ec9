"""Sites and shops over HTTP: their administration, and the door for what shops tell.

Secrets and keys are answered once, when they are made.  The test button runs the
checks of `mashang connector check` and leaves out those that need a customer or an
order to look at, unless they are given.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from mashang.kit.db import Database, Tx
from mashang.kit.edge import locale_of, refusals
from mashang.kit.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, TooLarge, TooMany
from mashang.kit.limits import Limiter, address_block
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import check, contract, events, shop, signing, site
from mashang.shops.events import RequestReplayed, RequestStale, SignatureWrong
from mashang.shops.http import Shops
from mashang.shops.looks import Looks
from mashang.shops.shop import NewSecret, Shop, ShopDraft
from mashang.shops.site import NewKey, Site
from mashang.staff import audit
from mashang.staff.agents import Agent
from mashang.staff.api import current_agent
from mashang.staff.permissions import require

Asking = Request[Any, Any, Any]
Id = Annotated[str, PathParameter(pattern=r"^[0-9A-Za-z]{1,32}$", description="public id")]
_EVENT_LIMIT = 64 * 1024
_STRANGERS = Limiter(rate=20, burst=100)  # by address: a flood is refused before the database is asked


class SiteDraft(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator writes about a site; `shop` by its public id."""

    name: shop.Name
    origins: Annotated[list[Annotated[str, Meta(max_length=300)]], Meta(max_length=50)] = []
    shop: Annotated[str, Meta(max_length=32, pattern=r"^[0-9A-Za-z]*$")] | None = None
    looks: Looks = msgspec.field(default_factory=Looks)


class SiteKeyView(msgspec.Struct):
    """A live signing key; its secret is not shown again."""

    kid: str
    created_at: datetime


class SiteView(msgspec.Struct):
    """A site as the administration shows it; `snippet` goes into the shop's pages."""

    id: str
    name: str
    origins: list[str]
    shop: str | None
    looks: Looks
    snippet: str
    keys: list[SiteKeyView]


class ShopView(msgspec.Struct):
    """A shop as the administration shows it."""

    id: str
    name: str
    base_url: str
    key_id: str
    capabilities: dict[str, Any] | None
    last_error: str | None
    last_answer_at: datetime | None
    down_until: datetime | None


class NewShop(ShopView):
    """A shop just connected; the secret is told this once."""

    secret: str


class ShopSubject(msgspec.Struct, forbid_unknown_fields=True):
    """A customer and an order that exist in the shop, for the checks that need them."""

    customer: Annotated[str, Meta(max_length=64)] = ""
    order: Annotated[str, Meta(max_length=64)] = ""


class CheckView(msgspec.Struct):
    """One check, in the reader's words."""

    name: str
    ok: bool
    detail: str


class ShopTest(msgspec.Struct):
    """All checks; `ok` when each is."""

    ok: bool
    checks: list[CheckView]


_READS = refusals(NotSignedIn, NotAllowed)
_MAKES = refusals(NotSignedIn, NotAllowed, Invalid)
_CHANGES = refusals(NotSignedIn, NotAllowed, NotFound, Invalid)
_ENDS = refusals(NotSignedIn, NotAllowed, NotFound, Conflict)


# ── sites ──


@get("/sites", responses=_READS)
async def list_sites(
    request: Asking, db: NamedDependency[Database], settings: NamedDependency[Settings], agent: NamedDependency[Agent]
) -> list[SiteView]:
    """All sites."""
    require(agent, "sites.read")
    async with db.transaction() as tx:
        return await _site_views(tx, _public_url(request, settings))


@post("/sites", responses=_MAKES)
async def create_site(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    data: JSONBody[SiteDraft],
) -> SiteView:
    """Register a site."""
    require(agent, "sites.edit")
    async with db.transaction() as tx:
        made = await site.create(
            tx, name=data.name.strip(), origins=data.origins, shop_id=await _shop_id(tx, data), looks=data.looks
        )
        await audit.record(tx, agent, "site.created", made.public_id, after=_shown(made))
        return await _site_view(tx, made.public_id, _public_url(request, settings))


@put("/sites/{id:str}", responses=_CHANGES)
async def edit_site(
    request: Asking,
    *,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[SiteDraft],
) -> SiteView:
    """Change a site."""
    require(agent, "sites.edit")
    async with db.transaction() as tx:
        before = await site.find(tx, id)
        changed = await site.change(
            tx, id, name=data.name.strip(), origins=data.origins, shop_id=await _shop_id(tx, data), looks=data.looks
        )
        await audit.record(tx, agent, "site.edited", id, before=_shown(before), after=_shown(changed))
        return await _site_view(tx, id, _public_url(request, settings))


@delete("/sites/{id:str}", responses=_ENDS)
async def archive_site(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a site out of use: its widget no longer starts."""
    require(agent, "sites.edit")
    async with db.transaction() as tx:
        before = await site.archive(tx, id)
        await audit.record(tx, agent, "site.archived", id, before=_shown(before))


@post("/sites/{id:str}/keys", responses=_CHANGES)
async def create_site_key(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], agent: NamedDependency[Agent], id: Id
) -> NewKey:
    """Make a key that signs customers' tokens; the secret is told this once."""
    require(agent, "sites.edit")
    async with db.transaction() as tx:
        key = await site.add_key(tx, sealer, (await site.find(tx, id)).id)
        await audit.record(tx, agent, "site.key_created", id, after={"kid": key.kid})
    return key


@delete("/sites/{id:str}/keys/{kid:str}", responses=_ENDS)
async def revoke_site_key(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, kid: Id) -> None:
    """Accept no token of this key any more."""
    require(agent, "sites.edit")
    async with db.transaction() as tx:
        await site.revoke_key(tx, (await site.find(tx, id)).id, kid)
        await audit.record(tx, agent, "site.key_revoked", id, before={"kid": kid})


# ── shops ──


@get("/shops", responses=_READS)
async def list_shops(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[ShopView]:
    """All shops."""
    require(agent, "shops.read")
    async with db.transaction() as tx:
        return [_shop_view(one) for one in await shop.present(tx)]


@post("/shops", responses=_MAKES)
async def create_shop(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    data: JSONBody[ShopDraft],
) -> NewShop:
    """Connect a shop; key and secret are told this once."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        made, key = await shop.create(tx, sealer, data)
        await audit.record(tx, agent, "shop.created", made.public_id, after=msgspec.to_builtins(data))
    return NewShop(**msgspec.structs.asdict(_shop_view(made)), secret=key.secret)


@put("/shops/{id:str}", responses=_CHANGES)
async def edit_shop(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[ShopDraft]
) -> ShopView:
    """Change a shop's name or address."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        before = await shop.find(tx, id)
        changed = await shop.edit(tx, id, data)
        await audit.record(tx, agent, "shop.edited", id, before=_address(before), after=_address(changed))
    return _shop_view(changed)


@delete("/shops/{id:str}", responses=_ENDS)
async def archive_shop(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a shop out of use; refused while a site belongs to it."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        before = await shop.find(tx, id)
        await shop.archive(tx, id)
        await audit.record(tx, agent, "shop.archived", id, before=_address(before))


@post("/shops/{id:str}/secret", responses=_CHANGES)
async def replace_shop_secret(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], agent: NamedDependency[Agent], id: Id
) -> NewSecret:
    """Replace the shared secret; the new one is told this once, the old one is worthless at once."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        key = await shop.new_secret(tx, sealer, id)
        await audit.record(tx, agent, "shop.secret_replaced", id)
    return key


@post("/shops/{id:str}/test", status_code=200, responses=_CHANGES)
async def try_shop(
    request: Asking,
    *,
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[ShopSubject | None] = None,
) -> ShopTest:
    """Try the connection, one thing at a time."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        tested = await shop.find(tx, id)
    given = data or ShopSubject()
    visit = check.Visit(
        shops.connector(tested.base_url, tested.key_id, tested.secret_sealed),
        check.Subject(given.customer, given.order),
    )
    tried = [one async for one in visit.checks() if one.ok is not None]
    await _note(db, tested, tried, visit)
    locale = locale_of(request)
    views = [CheckView(check.title(one, locale), bool(one.ok), check.detail(one, locale)) for one in tried]
    return ShopTest(all(one.ok for one in tried), views)


async def _note(db: Database, tested: Shop, tried: list[check.Check], visit: check.Visit) -> None:
    failed = next((one for one in tried if not one.ok), None)
    async with db.transaction() as tx:
        if visit.capabilities is not None:
            await shop.note_capabilities(tx, tested.id, visit.capabilities)
        if failed is None:
            await shop.note_answer(tx, tested.id, error=None)
        else:
            error = str(failed.facts.get("reason", failed.name))
            await shop.note_down(tx, tested.id, error=error, seconds=0)


# ── what shops tell ──


@post(
    "/shop-events",
    status_code=202,
    tags=["Shops"],
    exclude_from_csrf=True,
    responses=refusals(SignatureWrong, RequestStale, RequestReplayed, Invalid, TooLarge, TooMany),
)
async def take_shop_event(
    request: Asking, db: NamedDependency[Database], sealer: NamedDependency[Sealer]
) -> contract.EventTaken:
    """Take a signed event of a shop (see the connector contract); a repeat is acknowledged."""
    _STRANGERS.take(address_block(request.client.host if request.client else ""))
    body = await _body(request)
    target = request.scope["raw_path"].decode("latin-1")
    if request.scope["query_string"]:
        target += "?" + request.scope["query_string"].decode("latin-1")
    async with db.transaction() as tx:
        sender = await events.authenticate(tx, sealer, signing.read(request.headers), target, body)
        return await events.take(tx, sender, events.read(body))


async def _body(request: Asking) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _EVENT_LIMIT:
            raise TooLarge(limit=_EVENT_LIMIT)
    return body


# ── shapes ──


async def _shop_id(tx: Tx, data: SiteDraft) -> int | None:
    if not data.shop:
        return None
    try:
        return (await shop.find(tx, data.shop)).id
    except NotFound:
        raise Invalid(field="shop", reason="unknown") from None


async def _site_view(tx: Tx, public_id: str, public_url: str) -> SiteView:
    return next(one for one in await _site_views(tx, public_url) if one.id == public_id)


async def _site_views(tx: Tx, public_url: str) -> list[SiteView]:
    rows = await tx.all(
        """
        select s.public_id as id, s.name, s.origins, shop.public_id as shop, s.looks,
               coalesce((select jsonb_agg(jsonb_build_object('kid', k.kid, 'created_at', k.created_at) order by k.id)
                         from site_key k where k.site_id = s.id and k.revoked_at is null), '[]') as keys
        from site s left join shop on shop.id = s.shop_id
        where s.archived_at is null order by s.id
        """
    )
    return [msgspec.convert({**row, "snippet": site.snippet(row["id"], public_url)}, SiteView) for row in rows]


def _public_url(request: Asking, settings: Settings) -> str:
    return settings.public_url or f"{request.url.scheme}://{request.url.netloc}"


def _shop_view(one: Shop) -> ShopView:
    told = msgspec.structs.asdict(one)
    return ShopView(one.public_id, *(told[name] for name in ShopView.__struct_fields__ if name != "id"))


def _shown(one: Site) -> dict[str, Any]:
    return {"name": one.name, "origins": one.origins, "shop_id": one.shop_id, "looks": msgspec.to_builtins(one.looks)}


def _address(one: Shop) -> dict[str, Any]:
    return {"name": one.name, "base_url": one.base_url}


router = Router(
    "/",
    route_handlers=[
        Router(
            "/admin",
            tags=["Administration"],
            dependencies={"agent": Provide(current_agent)},
            route_handlers=[
                list_sites,
                create_site,
                edit_site,
                archive_site,
                create_site_key,
                revoke_site_key,
                list_shops,
                create_shop,
                edit_shop,
                archive_shop,
                replace_shop_secret,
                try_shop,
            ],
        ),
        take_shop_event,
    ],
)
