"""Shops over HTTP: connected, changed, taken out of use, tried; and the list of this package's routes.

A shop's secret is answered once, when it is made.  The test button runs the checks of
`mashang connector check` and leaves out those that need a customer or an order to look
at, unless they are given.  Sites: `site_api`.  What shops tell: `event_api`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from msgspec import Meta

from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.shops import check, contract, event_api, provider_api, reach, shop, site_api
from mashang.shops.adapters import KINDS, Ability, KindName, Shops, abilities
from mashang.shops.fields import Field
from mashang.shops.shop import NewSecret, Shop, ShopDraft
from mashang.staff import audit
from mashang.staff.agents import Agent
from mashang.staff.api import current_agent
from mashang.staff.permissions import require


class ShopView(msgspec.Struct):
    """A shop as the administration shows it."""

    id: str
    name: str
    kind: KindName
    base_url: str
    settings: dict[str, Any]
    customer_actions: list[contract.Action]
    actions_a_day: int
    key_id: str
    abilities: list[Ability]
    capabilities: dict[str, Any] | None
    last_error: str | None
    last_answer_at: datetime | None
    down_until: datetime | None


class NewShop(ShopView):
    """A shop just connected; the secret is told this once, and empty where the operator typed it."""

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
_REPLACES = refusals(NotSignedIn, NotAllowed, NotFound, Conflict, Invalid)
_ENDS = refusals(NotSignedIn, NotAllowed, NotFound, Conflict)


@get("/shops", responses=_READS)
async def list_shops(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[ShopView]:
    """All shops."""
    require(agent, "shops.read")
    async with db.transaction() as tx:
        return [_shop_view(one) for one in await shop.present(tx)]


class ShopKind(msgspec.Struct):
    """A kind of shop that can be connected, and what it asks for beside a name and an address."""

    name: KindName
    fields: list[Field]
    makes_secret: bool


@get("/shop-kinds", responses=_READS, sync_to_thread=False)
def list_shop_kinds(agent: NamedDependency[Agent]) -> list[ShopKind]:
    """The kinds of shops that can be connected."""
    require(agent, "shops.read")
    return [ShopKind(kind.name, kind.fields, kind.makes_secret) for kind in KINDS.values()]


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
        await audit.record(tx, agent, "shop.created", made.public_id, after=_shown(made))
    return NewShop(**msgspec.structs.asdict(_shop_view(made)), secret=key.secret)


@put("/shops/{id:str}", responses=_CHANGES)
async def edit_shop(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[ShopDraft],
) -> ShopView:
    """Change a shop; a secret field left empty keeps what is there."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        before = await shop.find(tx, id)
        changed = await shop.edit(tx, sealer, id, data)
        await audit.record(tx, agent, "shop.edited", id, before=_shown(before), after=_shown(changed))
    return _shop_view(changed)


@delete("/shops/{id:str}", responses=_ENDS)
async def archive_shop(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a shop out of use; refused while a site belongs to it."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        before = await shop.find(tx, id)
        await shop.archive(tx, id)
        await audit.record(tx, agent, "shop.archived", id, before=_shown(before))


@post("/shops/{id:str}/secret", responses=_REPLACES)
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
        to = await reach.of(tx, tested.id)
    given = data or ShopSubject()
    visit = shops.visit(to, check.Subject(given.customer, given.order))
    tried = [one async for one in visit.checks() if one.ok is not None]
    await _note(db, tested, tried, visit.capabilities)
    locale = locale_of(request)
    views = [CheckView(check.title(one, locale), bool(one.ok), check.detail(one, locale)) for one in tried]
    return ShopTest(all(one.ok for one in tried), views)


async def _note(db: Database, tested: Shop, tried: list[check.Check], said: contract.Capabilities | None) -> None:
    failed = next((one for one in tried if not one.ok), None)
    async with db.transaction() as tx:
        if said is not None:
            await shop.note_capabilities(tx, tested.id, said)
        if failed is None:
            await shop.note_answer(tx, tested.id, error=None)
        else:
            error = str(failed.facts.get("reason", failed.name))
            await shop.note_failure(tx, tested.id, error, looks_down=False)


def _shop_view(one: Shop) -> ShopView:
    said = msgspec.convert(one.capabilities, contract.Capabilities) if one.capabilities else None
    told = {**msgspec.structs.asdict(one), "id": one.public_id, "abilities": abilities(one.kind, said)}
    return ShopView(**{name: told[name] for name in ShopView.__struct_fields__})


def _shown(one: Shop) -> dict[str, Any]:
    return {
        name: getattr(one, name)
        for name in ("name", "kind", "base_url", "settings", "customer_actions", "actions_a_day")
    }


router = Router(
    "/",
    route_handlers=[
        Router(
            "/admin",
            tags=["Administration"],
            dependencies={"agent": Provide(current_agent)},
            route_handlers=[
                *provider_api.ROUTES,
                *site_api.ROUTES,
                list_shops,
                list_shop_kinds,
                create_shop,
                edit_shop,
                archive_shop,
                replace_shop_secret,
                try_shop,
            ],
        ),
        event_api.take_shop_event,
    ],
)
