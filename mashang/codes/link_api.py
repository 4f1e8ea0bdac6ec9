"""Links and QR codes for the administration: of every topic, and of a campaign's codes.

Drawn into the answer, asked for by public id: no address that holds a minted code draws one (`links`).
"""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from mashang.codes import links, minting, topics
from mashang.codes.links import Label, LinkSheet, Place
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, locale_of, refusals
from mashang.kit.errors import NotAllowed, NotFound, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import site as sites
from mashang.staff import Agent
from mashang.staff.api import current_agent
from mashang.staff.permissions import require

_MOST_DRAWN = 200  # as many as are minted at once
SiteId = Annotated[str, QueryParameter(max_length=64, description="public id of the site; empty: the first one")]


async def _place(tx: Tx, request: Asking, settings: Settings, site: str) -> Place:
    return await links.place(tx, request, settings, await sites.find(tx, site) if site else None)


@get("/topics", responses=refusals(NotSignedIn, NotAllowed, NotFound, sites.NoSiteYet))
async def link_topics(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    agent: NamedDependency[Agent],
    site: SiteId = "",
) -> LinkSheet:
    """Link and QR code of every topic in use, in the operator's order."""
    require(agent, "codes.read")
    locale = locale_of(request)
    async with db.transaction() as tx:
        there, now = await _place(tx, request, settings, site), clock.now()
        current = [topic for topic in await topics.present(tx) if not topic.has_expired(now)]
    return await links.sheet(there, [Label(topic.code, topic.called(locale)) for topic in current])


@get("/campaigns", responses=refusals(NotSignedIn, NotAllowed, NotFound, sites.NoSiteYet))
async def link_campaign(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    sealer: NamedDependency[Sealer],
    *,
    agent: NamedDependency[Agent],
    code: Annotated[str, QueryParameter(max_length=32, description="public id of one of its codes")],
    site: SiteId = "",
) -> LinkSheet:
    """Link and QR code of the campaign's codes that are good now, the asked one first, two hundred at most."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        there, asked = await _place(tx, request, settings, site), await minting.find(tx, sealer, code)
        if asked.campaign is None:
            raise NotFound
        others = await minting.of_campaigns(tx, sealer, limit=_MOST_DRAWN, campaign=asked.campaign)
        good = [one for one in [asked, *(one for one in others if one.id != asked.id)] if one.state == "live"]
        labels = await links.labels_of(tx, good, locale_of(request))
    return await links.sheet(there, labels)


router = Router(
    "/admin/code-links",
    tags=["Administration"],
    dependencies={"agent": Provide(current_agent)},
    route_handlers=[link_topics, link_campaign],
)
