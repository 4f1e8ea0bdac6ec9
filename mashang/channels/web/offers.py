"""What the loader asks once its button stands: is there something to offer on this page?

A page of the shop asks, with the token the shop made for it: no session begins.  Of a page that hears nothing
nothing is kept, unless there are rules: then that it was looked at, for a week.  Only pages of the site's
registered origins are answered and may read it.
The body is JSON under whatever type it comes: as `text/plain` browsers send it without asking first.

Does not: choose the offer (`codes.offering`).
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.channels.web import door
from mashang.codes import offering, ruling
from mashang.codes.offering import Offer
from mashang.kit import clock
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, own_origin, refusals
from mashang.kit.errors import Invalid, NotFound, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.sealing import Sealer
from mashang.kit.settings import Settings
from mashang.shops import site as sites
from mashang.shops.adapters import Shops

_here = Limiter(5, 200)  # by address: a whole office, or a telephone network, stands behind one
_who = Limiter(1, 60)  # by account: who leafs through a shop asks once a page
_answers = Limiter(2, 60)  # by address
_browsers = Limiter(1, 200)  # by address: numbers are made up as fast as they are asked with, and each is kept


class OfferWish(msgspec.Struct, forbid_unknown_fields=True):
    """A page that asks; `token` is the shop's signed token, `order` what the page says it is about.

    `browser` is a number the page made up and keeps, by which one who is not signed in hears no offer twice; without
    it, or a token, nothing of a rule is offered.
    """

    site: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")]
    token: Annotated[str, Meta(max_length=5000)] | None = None
    order: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")] | None = None
    url: Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    browser: Annotated[str, Meta(max_length=40, pattern=r"^[A-Za-z0-9_-]*$(?!\n)")] = ""


class OfferAnswer(msgspec.Struct):
    """At most one offer."""

    offer: Offer | None


class OfferOutcome(msgspec.Struct, forbid_unknown_fields=True):
    """What became of an offer."""

    outcome: offering.Outcome


@post(
    "/offers",
    status_code=200,
    exclude_from_csrf=True,
    responses=refusals(
        sites.SiteUnknown, sites.OriginNotRegistered, sites.TokenInvalid, sites.TokenExpired, TooMany, Invalid
    ),
)
async def ask_for_offer(
    request: Asking,
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    sealer: NamedDependency[Sealer],
    shops: NamedDependency[Shops],
    *,
    data: JSONBody[OfferWish],
) -> Response[OfferAnswer]:
    """The one thing to offer on this page of the shop, if there is any."""
    _here.take(door.address_of(request))
    async with db.transaction() as tx:
        site = await sites.by_public_id(tx, data.site)
        origin = request.headers.get("origin")
        sites.check_origin(site, origin, own=own_origin(request, settings))
        account = None
        if data.token is not None:
            account = sites.verify_token(await sites.keys(tx, sealer, site), data.token, clock.now())
            _who.take(f"{site.id} {account.subject}")
        asker = offering.Asker(site=site, account=account, order=data.order, locale=locale_of(request))
        offer = await offering.of_matters(tx, asker)
    if account or data.browser:
        if not account:
            _browsers.take(door.address_of(request))
        looker = ruling.Looker(asker=asker, visitor=ruling.visitor_of(asker, data.browser), path=_path(data.url))
        if offer:
            await ruling.looked(db, looker)
        else:
            offer = await ruling.best(db, shops, looker)
    headers = {"Cache-Control": "no-store", "Vary": "Origin, Accept-Language"}
    return Response(
        OfferAnswer(offer), headers={**headers, "Access-Control-Allow-Origin": origin} if origin else headers
    )


def _path(url: str) -> str:
    try:
        return (urlsplit(url).path or "/")[:300]
    except ValueError:
        return "/"


@post(
    "/offers/{id:str}",
    status_code=204,
    exclude_from_csrf=True,
    responses=refusals(NotFound, TooMany, Invalid),
)
async def answer_offer(
    request: Asking, db: NamedDependency[Database], id: Id, data: JSONBody[OfferOutcome]
) -> Response[None]:
    """An offer was taken or pressed away; told twice it is the same.  Its name is known to that page alone."""
    _answers.take(door.address_of(request))
    async with db.transaction() as tx:
        await offering.answer(tx, id, data.outcome)
    return Response(None, headers={"Access-Control-Allow-Origin": "*"})


ROUTES = [ask_for_offer, answer_offer]
