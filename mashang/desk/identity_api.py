"""Who the customer is, and the codes of their order, over HTTP for the desk."""

from __future__ import annotations

from litestar import delete, get, post
from litestar.di import NamedDependency

from mashang.codes import links
from mashang.codes.links import LinkSheet
from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.desk import identity
from mashang.desk.identity import Identity, OrderNotProved
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import NotAllowed, NotFound, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import site as sites
from mashang.staff import Agent


@get("/conversations/{id:str}/identity", responses=refusals(NotSignedIn, NotFound))
async def show_identity(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], agent: NamedDependency[Agent], id: Id
) -> Identity:
    """What the customer proved, what was claimed, and the codes of the proved order."""
    async with db.transaction() as tx:
        return await identity.identity(tx, sealer, agent, id)


@post(
    "/conversations/{id:str}/codes",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound, OrderNotProved),
)
async def mint_order_code(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], agent: NamedDependency[Agent], id: Id
) -> Identity:
    """The service code of the proved order: the one there is, or a new one."""
    async with db.transaction() as tx:
        return await identity.mint(tx, sealer, agent, id)


@delete(
    "/conversations/{id:str}/codes/{code_id:str}",
    status_code=200,
    responses=refusals(NotSignedIn, NotAllowed, NotFound),
)
async def revoke_order_code(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], agent: NamedDependency[Agent], id: Id, code_id: Id
) -> Identity:
    """Let a code of the proved order mean nothing from now on."""
    async with db.transaction() as tx:
        return await identity.revoke(tx, sealer, agent, id, code_id)


@get("/conversations/{id:str}/codes/{code_id:str}/link", responses=refusals(NotSignedIn, NotFound))
async def link_order_code(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    sealer: NamedDependency[Sealer],
    *,
    agent: NamedDependency[Agent],
    id: Id,
    code_id: Id,
) -> LinkSheet:
    """Link and QR code of a code of the proved order."""
    async with db.transaction() as tx:
        one = await identity.order_code(tx, sealer, agent, id, code_id)
        site = await sites.by_id(tx, (await conversations.find(tx, id, access.visible_to(agent))).site_id)
        there = await links.place(tx, request, settings, site)
        labels = await links.labels_of(tx, [one], locale_of(request))
    return await links.sheet(there, labels)


ROUTES = [show_identity, mint_order_code, revoke_order_code, link_order_code]
