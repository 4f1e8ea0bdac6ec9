"""Codes that end soon, on their owner's own pages: that they were shown, no more of them, and renewal in one tap.

What is due comes with the standing (`proofs`), so that a page that starts asks once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.channels.web import minted
from mashang.codes import minting, reminders, renewal
from mashang.codes.renewal import NotRenewable
from mashang.conversations.entry import PublicId
from mashang.customers import Customer, Session
from mashang.kit.db import Database
from mashang.kit.edge import refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.sealing import Sealer
from mashang.shops.adapters import Shops
from mashang.shops.connector import ShopFailed

Codes = Annotated[list[PublicId], Meta(min_length=1, max_length=reminders.MOST)]


class Reminded(msgspec.Struct, forbid_unknown_fields=True):
    """These reminders were shown, or their owner wants no more of them."""

    codes: Codes
    said: Literal["shown", "declined"]


class RenewalWish(msgspec.Struct, forbid_unknown_fields=True):
    """Let these codes of one's own live on."""

    codes: Codes


class Renewal(msgspec.Struct):
    """What became of one: when it ends now, or why it does not live longer."""

    id: str
    outcome: Literal["renewed", "revoked", "used_up", "oldest", "endless", "settled", "unanswered", "unknown"]
    expires_at: datetime | None = None


@post("/code-reminders", status_code=204, responses=refusals(NotSignedIn, Invalid))
async def note_reminders(
    db: NamedDependency[Database], session: NamedDependency[Session], data: JSONBody[Reminded]
) -> None:
    """Say what became of reminders; of codes that are not one's own nothing is kept."""
    say = reminders.told if data.said == "shown" else reminders.declined
    async with db.transaction() as tx:
        if session.customer.proved:
            await say(tx, session.customer, data.codes, "web")


@post("/code-renewals", status_code=200, responses=refusals(NotSignedIn, TooMany, Invalid))
async def renew_codes(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    sealer: NamedDependency[Sealer],
    *,
    session: NamedDependency[Session],
    data: JSONBody[RenewalWish],
) -> list[Renewal]:
    """Renew codes of the account one is proved to be; each for itself, whatever becomes of the others."""
    return [await _renewed(db, shops, sealer, session.customer, one) for one in dict.fromkeys(data.codes)]


async def _renewed(db: Database, shops: Shops, sealer: Sealer, who: Customer, public_id: str) -> Renewal:
    async with db.transaction() as tx:
        own = await minting.of_account(tx, sealer, who, public_id)
    if own is None:
        return Renewal(public_id, "unknown")
    try:
        if own.order_number:
            order, _ = await minted.own_order(db, shops, who, own.order_number)
            minted.demand_unsettled(order)
        async with db.transaction() as tx:
            renewed = await renewal.renew(tx, sealer, own)
    except NotRenewable as refused:
        return Renewal(public_id, refused.facts["reason"])
    except NotFound:
        return Renewal(public_id, "settled")
    except (ShopFailed, TooMany):
        return Renewal(public_id, "unanswered")
    return Renewal(public_id, "renewed", renewed.expires_at)


ROUTES = [note_reminders, renew_codes]
