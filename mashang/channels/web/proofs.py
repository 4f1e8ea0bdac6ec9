"""Proving who one is, over HTTP: last four, look-up passwords, one-time codes, and joining a visitor to its account.

Every answer is the customer's standing, so that a page draws from one shape.  Limits that
must hold are rows (`customers.proof`); the one here only keeps a flood from the database.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import customers
from mashang.channels.web import door, views
from mashang.channels.web.views import CustomerView
from mashang.codes import proving, reminders
from mashang.codes.reminders import Due
from mashang.customers import Session, proof, same_as
from mashang.customers.proof import (
    Claimant,
    CodeOver,
    CodeSent,
    CodesOff,
    LastFourOff,
    LookUpPasswordOff,
    NoProofHere,
    ProofWrong,
)
from mashang.customers.same_as import Joined, NotProvedToBe
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, Id, refusals
from mashang.kit.errors import Invalid, NotFound, NotSignedIn, TooMany
from mashang.kit.limits import Limiter
from mashang.kit.sealing import Sealer
from mashang.shops import contract
from mashang.shops.adapters import Shops

_tries = Limiter(0.5, 30)  # by customer
_tries_here = Limiter(5, 150)  # by address

Typed = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*$")]


class LastFourTyped(msgspec.Struct, forbid_unknown_fields=True):
    """An order and the last four digits of the telephone behind it."""

    order_number: Typed
    last_four: Typed


class LookUpPasswordTyped(msgspec.Struct, forbid_unknown_fields=True):
    """An order and the password its buyer gave for looking it up; it is handed to the shop and kept nowhere."""

    order_number: Typed
    password: Typed


class AccountTyped(msgspec.Struct, forbid_unknown_fields=True):
    """The registered telephone or user name, as typed; it is handed to the shop and kept nowhere."""

    account: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]


class CodeTyped(msgspec.Struct, forbid_unknown_fields=True):
    """The one-time code, as typed."""

    code: Typed


class Join(msgspec.Struct, forbid_unknown_fields=True):
    """The secret of the session as a visitor; none: the visitor is oneself, and proved."""

    visitor: Annotated[str, Meta(max_length=200)] | None = None


class Standing(msgspec.Struct):
    """Who one is taken to be, and what can be done about it.

    `proved_by` is null for somebody who proved nothing, or single `orders` only; `may_join`: it can be
    asked whether what was said as a visitor belongs to the account; `due`: codes of the account to be
    reminded of now.
    """

    customer: CustomerView
    proved_by: Literal["token", "one_time_code"] | None
    until: datetime | None
    orders: list[str]
    ways: list[contract.Proof]
    may_join: bool
    joined: list[Joined]
    due: list[Due]


async def _standing(tx: Tx, sealer: Sealer, who: customers.Customer) -> Standing:
    return Standing(
        customer=views.customer(who),
        proved_by="token" if who.signed_in else "one_time_code" if who.proved else None,
        until=who.proved_until,
        orders=list(who.proved_orders),
        ways=[] if who.proved else await proof.ways(tx, who),
        may_join=same_as.may_join(who),
        joined=await same_as.joined_to(tx, who),
        due=await reminders.due(tx, sealer, who),
    )


async def claimant(
    request: Asking,
    db: NamedDependency[Database],
    shops: NamedDependency[Shops],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
) -> Claimant:
    """Who wants to prove something, within the limits of this process."""
    block = door.address_of(request)
    _tries.take(str(session.customer.id))
    _tries_here.take(block)
    return Claimant(db, shops, sealer, session.customer, block)


@get("/standing", responses=refusals(NotSignedIn))
async def show_standing(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], session: NamedDependency[Session]
) -> Standing:
    """What one has proved."""
    async with db.transaction() as tx:
        return await _standing(tx, sealer, session.customer)


@post(
    "/proofs/last-four",
    status_code=200,
    responses=refusals(NotSignedIn, ProofWrong, LastFourOff, NoProofHere, TooMany, Invalid),
)
async def prove_last_four(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    claimant: NamedDependency[Claimant],
    data: JSONBody[LastFourTyped],
) -> Standing:
    """Prove one order by the last four digits of the telephone behind it: its status may be told then."""
    number = data.order_number.strip()
    who = await proof.by_last_four(claimant, number=number, last_four=data.last_four.strip())
    async with db.transaction() as tx:
        await proving.proved(tx, sealer, claimant.who, who, method="last_four", order_number=number)
        return await _standing(tx, sealer, who)


@post(
    "/proofs/look-up-password",
    status_code=200,
    responses=refusals(NotSignedIn, ProofWrong, LookUpPasswordOff, NoProofHere, TooMany, Invalid),
)
async def prove_look_up_password(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    claimant: NamedDependency[Claimant],
    data: JSONBody[LookUpPasswordTyped],
) -> Standing:
    """Prove one order by the password its buyer gave for looking it up: all of that order may be told then."""
    number = data.order_number.strip()
    who = await proof.by_look_up_password(claimant, number=number, password=data.password.strip())
    async with db.transaction() as tx:
        await proving.proved(tx, sealer, claimant.who, who, method="look_up_password", order_number=number)
        return await _standing(tx, sealer, who)


@post(
    "/proofs/codes",
    status_code=201,
    responses=refusals(NotSignedIn, CodesOff, NoProofHere, TooMany, Invalid),
)
async def send_code(claimant: NamedDependency[Claimant], data: JSONBody[AccountTyped]) -> CodeSent:
    """Let the shop send a one-time code; the answer is the same whether there is such an account."""
    return await proof.send_code(claimant, account=data.account)


@post(
    "/proofs/codes/{id:str}",
    status_code=200,
    responses=refusals(NotSignedIn, NotFound, ProofWrong, CodeOver, NoProofHere, TooMany, Invalid),
)
async def prove_code(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    claimant: NamedDependency[Claimant],
    id: Id,
    data: JSONBody[CodeTyped],
) -> Standing:
    """Prove to be the account by the code the shop sent."""
    who = await proof.by_one_time_code(claimant, sent=id, code=data.code.strip())
    async with db.transaction() as tx:
        await proving.proved(tx, sealer, claimant.who, who, method="one_time_code")
        return await _standing(tx, sealer, who)


@delete("/proofs", status_code=200, responses=refusals(NotSignedIn))
async def end_proofs(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], session: NamedDependency[Session]
) -> Standing:
    """Be nobody in particular again.

    Where the visitor was joined to an account this session ends with it, for whoever sits here next must not
    write as somebody the account reads: the next session is another visitor's.
    """
    async with db.transaction() as tx:
        if await same_as.is_joined(tx, session.customer):
            await customers.end(tx, session)
        return await _standing(tx, sealer, await proof.end(tx, session.customer))


@post("/joins", status_code=200, responses=refusals(NotSignedIn, NotProvedToBe, Invalid))
async def join(
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    session: NamedDependency[Session],
    data: JSONBody[Join],
) -> Standing:
    """Say that what was said as a visitor belongs to this account; it can be undone."""
    async with db.transaction() as tx:
        visitor = (await customers.resume(tx, data.visitor)).customer if data.visitor else session.customer
        who = await same_as.join(tx, visitor, session.customer)
        await proving.joined(tx, sealer, who, visitor)
        return await _standing(tx, sealer, who)


@delete("/joins/{id:str}", status_code=200, responses=refusals(NotSignedIn, NotFound))
async def part(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], session: NamedDependency[Session], id: Id
) -> Standing:
    """Undo it: the visitor is somebody else again."""
    async with db.transaction() as tx:
        return await _standing(tx, sealer, await same_as.part(tx, session.customer, id))


ROUTES = [show_standing, prove_last_four, prove_look_up_password, send_code, prove_code, end_proofs, join, part]
