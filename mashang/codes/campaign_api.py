"""Minted codes for campaigns: made, listed and revoked by the operator.

Codes of orders are not listed here: they belong to customers, and the desk shows them
beside the conversation they are about.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from msgspec import Meta

from mashang.codes import minting
from mashang.codes.minting import Draft, MintedCode
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.shops.shop import Name
from mashang.staff import Agent, audit
from mashang.staff.api import current_agent
from mashang.staff.permissions import require

_LISTED = 1000


class CampaignDraft(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`count` codes for a campaign; `uses` is how often each may be used, null without a limit."""

    campaign: Name
    topic: Annotated[str, Meta(max_length=8)] = ""
    count: Annotated[int, Meta(ge=1, le=200)] = 1
    uses: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class CampaignEnd(msgspec.Struct, forbid_unknown_fields=True):
    """When all codes of the campaign end, those that have ended too; null: they are revoked now."""

    campaign: Name
    expires_at: Annotated[datetime, Meta(tz=True)] | None


class CampaignChanged(msgspec.Struct):
    """How many codes it was."""

    count: int


class CampaignCode(msgspec.Struct):
    """One code of a campaign; `uses_left` null: without a limit."""

    id: str
    code: str
    campaign: str
    topic: str | None
    state: minting.State
    minted_at: datetime
    expires_at: datetime | None
    uses: int
    uses_left: int | None


def _view(one: MintedCode) -> CampaignCode:
    return CampaignCode(
        one.public_id,
        one.code,
        one.campaign or "",
        one.topic_code,
        one.state,
        one.minted_at,
        one.expires_at,
        one.uses,
        one.uses_left,
    )


@get("/", responses=refusals(NotSignedIn, NotAllowed))
async def list_campaign_codes(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], agent: NamedDependency[Agent]
) -> list[CampaignCode]:
    """The newest codes of campaigns, a thousand at most."""
    require(agent, "codes.read")
    async with db.transaction() as tx:
        return [_view(one) for one in await minting.of_campaigns(tx, sealer, limit=_LISTED)]


@post("/", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def mint_campaign_codes(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    data: JSONBody[CampaignDraft],
) -> list[CampaignCode]:
    """Mint codes for a campaign."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        draft = Draft(
            campaign=data.campaign.strip(),
            topic_id=await minting.topic_id_of(tx, data.topic),
            expires_at=data.expires_at,
            uses_left=data.uses,
        )
        made = [(await minting.mint(tx, sealer, draft, "operator"))[0] for _ in range(data.count)]
        told = {"count": data.count, "uses": data.uses, "topic": data.topic, "expires_at": data.expires_at}
        await audit.record(tx, agent, "campaign.minted", draft.campaign or "", after=told)
    return [_view(one) for one in made]


@post("/end", status_code=200, responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def end_campaign(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[CampaignEnd]
) -> CampaignChanged:
    """Extend a campaign, or end it: for all of its codes at once."""
    require(agent, "codes.edit")
    campaign = data.campaign.strip()
    async with db.transaction() as tx:
        count = await minting.end_campaign(tx, campaign, data.expires_at)
        if not count:
            raise NotFound
        did = "campaign.extended" if data.expires_at else "campaign.ended"
        await audit.record(tx, agent, did, campaign, after={"count": count, "expires_at": data.expires_at})
    return CampaignChanged(count)


@delete("/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def revoke_campaign_code(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], agent: NamedDependency[Agent], id: Id
) -> None:
    """Let a code of a campaign mean nothing from now on."""
    require(agent, "codes.edit")
    async with db.transaction() as tx:
        found = await minting.find(tx, sealer, id)
        if found.campaign is None:
            raise NotFound
        await minting.revoke(tx, sealer, found)
        await audit.record(tx, agent, "campaign.revoked", found.campaign, after={"code_ends_in": found.code[-4:]})


router = Router(
    "/admin/campaign-codes",
    tags=["Administration"],
    dependencies={"agent": Provide(current_agent)},
    route_handlers=[list_campaign_codes, mint_campaign_codes, end_campaign, revoke_campaign_code],
)
