"""Sites over HTTP: registered, changed, taken out of use, and the keys that sign their customers' tokens.

A key's secret is answered once, when it is made.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, Id, own_origin, refusals
from mashang.kit.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import shop, site
from mashang.shops.looks import Looks
from mashang.shops.site import NewKey, Site
from mashang.staff import audit
from mashang.staff.agents import Agent
from mashang.staff.permissions import require

_READS = refusals(NotSignedIn, NotAllowed)
_MAKES = refusals(NotSignedIn, NotAllowed, Invalid)
_CHANGES = refusals(NotSignedIn, NotAllowed, NotFound, Invalid)
_ENDS = refusals(NotSignedIn, NotAllowed, NotFound, Conflict)


Tier = Annotated[
    str, Meta(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]


class SiteDraft(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator writes about a site; `shop` by its public id.

    `vip_tiers` are tiers of proved customers as the shop names them: they come earlier, those of the first one most.
    """

    name: shop.Name
    origins: Annotated[list[Annotated[str, Meta(max_length=300)]], Meta(max_length=50)] = []
    shop: Annotated[str, Meta(max_length=32, pattern=r"^[0-9A-Za-z]*$")] | None = None
    looks: Looks = msgspec.field(default_factory=Looks)
    vip_tiers: Annotated[list[Tier], Meta(max_length=3)] = []


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
    vip_tiers: list[str]
    snippet: str
    keys: list[SiteKeyView]


@get("/sites", responses=_READS)
async def list_sites(
    request: Asking, db: NamedDependency[Database], settings: NamedDependency[Settings], agent: NamedDependency[Agent]
) -> list[SiteView]:
    """All sites."""
    require(agent, "sites.read")
    async with db.transaction() as tx:
        return await _site_views(tx, own_origin(request, settings))


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
        made = await site.create(tx, **await _values(tx, data))
        await audit.record(tx, agent, "site.created", made.public_id, after=_shown(made))
        return await _site_view(tx, made.public_id, own_origin(request, settings))


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
        changed = await site.change(tx, id, **await _values(tx, data))
        await audit.record(tx, agent, "site.edited", id, before=_shown(before), after=_shown(changed))
        return await _site_view(tx, id, own_origin(request, settings))


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


async def _values(tx: Tx, data: SiteDraft) -> dict[str, Any]:
    return {
        "name": data.name.strip(),
        "origins": data.origins,
        "shop_id": await _shop_id(tx, data),
        "looks": data.looks,
        "vip_tiers": list(dict.fromkeys(tier.strip() for tier in data.vip_tiers)),
    }


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
        select s.public_id as id, s.name, s.origins, shop.public_id as shop, s.looks, s.vip_tiers,
               coalesce((select jsonb_agg(jsonb_build_object('kid', k.kid, 'created_at', k.created_at) order by k.id)
                         from site_key k where k.site_id = s.id and k.revoked_at is null), '[]') as keys
        from site s left join shop on shop.id = s.shop_id
        where s.archived_at is null order by s.id
        """
    )
    return [msgspec.convert({**row, "snippet": site.snippet(row["id"], public_url)}, SiteView) for row in rows]


def _shown(one: Site) -> dict[str, Any]:
    return {
        "name": one.name,
        "origins": one.origins,
        "shop_id": one.shop_id,
        "looks": msgspec.to_builtins(one.looks),
        "vip_tiers": one.vip_tiers,
    }


ROUTES = [list_sites, create_site, edit_site, archive_site, create_site_key, revoke_site_key]
