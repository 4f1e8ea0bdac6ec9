"""What the owner of an order may have the shop do, over HTTP: resend, and what else the operator lets customers press.

Only who is proved to own the account (or the very order, where its shop proves that) presses anything; for all
others the order does not exist.  Four digits of a telephone are never enough.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.customers import Customer, Session, covering
from mashang.kit.db import Database, Tx
from mashang.kit.edge import refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.shops import actions, contract, pressing
from mashang.shops.actions import ActionView, Presser, Wanted
from mashang.shops.adapters import Shops

_presses = Limiter(0.2, 10)  # by customer: each asks somebody else's server
Round = Annotated[int, Meta(ge=1, le=1000)]
LineId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
Number = Annotated[str, PathParameter(max_length=100, description="order number")]


class Press(msgspec.Struct, forbid_unknown_fields=True):
    """A button: the action, its line (null: the whole order), and the round that stood beside it in `offers`."""

    action: contract.Action
    round: Round
    line: LineId | None = None


@post(
    "/orders/{number:str}/actions",
    status_code=200,
    responses=refusals(NotSignedIn, NotFound, *pressing.REFUSALS, TooMany, Invalid),
)
async def press(
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    session: NamedDependency[Session],
    number: Number,
    data: JSONBody[Press],
) -> ActionView:
    """Have the shop do something for one's own order; the same round again is the same press, with the same answer."""
    who = session.customer
    if not contract.is_id(number):
        raise NotFound
    _presses.take(str(who.id))
    async with db.transaction() as tx:
        owner = await covering.acting_for(tx, who, number)
        told_in = await _talked_about_in(tx, who, number)
    if owner is None:
        raise NotFound
    shop_id, subject = owner
    wanted = Wanted(shop_id=shop_id, order_number=number, line=data.line or "", action=data.action, round=data.round)
    by = Presser(subject=subject, side="customer", customer_id=who.id, conversation_id=told_in)
    return actions.view(await pressing.press(db, shops, by, wanted), "customer")


async def _talked_about_in(tx: Tx, who: Customer, number: str) -> int | None:
    """The open conversation about this order, where the press is told."""
    public_id = await conversations.open_about(tx, who.family, number)
    return (await conversations.find(tx, public_id, access.belonging_to(who))).id if public_id else None


ROUTES = [press]
