"""A customer's page over HTTP: shown, noted on, blocked and let in again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import routing
from mashang.codes import declared
from mashang.conversations import conversation as conversations
from mashang.customers import blocks, notes
from mashang.customers.blocks import HOLDS, AlreadyBlocked, Blocking
from mashang.customers.notes import TooManyNotes
from mashang.desk import customer_view, lists
from mashang.desk.customer_view import CustomerAtDesk
from mashang.guard import masking
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.text import storable, undirected
from mashang.staff import Agent
from mashang.staff.permissions import require

Words = Annotated[str, Meta(min_length=1, max_length=500)]
_MOST_LISTED = 500


class NewNote(msgspec.Struct, forbid_unknown_fields=True):
    """What colleagues should know."""

    text: Words


class NewBlock(msgspec.Struct, forbid_unknown_fields=True):
    """Why, and for how many hours (null: until it is lifted); with `address` new visitors from there, too."""

    reason: Words
    hours: Annotated[int, Meta(ge=1, le=24 * 365)] | None = None
    address: bool = False


class ListedBlock(msgspec.Struct, frozen=True):
    """A block that holds, and on whom."""

    id: str
    customer: str
    label: str
    account: str | None
    reason: str
    by: str
    at: datetime
    until: datetime | None
    address: bool


_REFUSALS = (NotSignedIn, NotAllowed, NotFound)


@get("/customers/{id:str}", responses=refusals(NotSignedIn, NotFound))
async def show_customer(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> CustomerAtDesk:
    """Who somebody is, and what they came with before."""
    async with db.transaction() as tx:
        return await customer_view.customer_view(tx, agent, id, locale_of(request))


@post("/customers/{id:str}/notes", responses=refusals(*_REFUSALS, TooManyNotes, Invalid))
async def add_note(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[NewNote]
) -> CustomerAtDesk:
    """Write down what colleagues should know next time; secrets in it are masked."""
    text = await _written(db, data.text, "text")
    async with db.transaction() as tx:
        known = await customer_view.find(tx, agent, id)
        await notes.add(tx, agent, known.id, known.public_id, text)
        return await customer_view.customer_view(tx, agent, id, locale_of(request))


@delete("/customers/{id:str}/notes/{note:str}", status_code=200, responses=refusals(*_REFUSALS))
async def remove_note(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, note: Id
) -> CustomerAtDesk:
    """Take away one's own note; supervisors any."""
    async with db.transaction() as tx:
        known = await customer_view.find(tx, agent, id)
        await notes.remove(tx, agent, known.family, known.public_id, note)
        return await customer_view.customer_view(tx, agent, id, locale_of(request))


@post("/customers/{id:str}/block", responses=refusals(*_REFUSALS, AlreadyBlocked, Invalid))
async def block_customer(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[NewBlock]
) -> CustomerAtDesk:
    """Let somebody open and write nothing for now, for a reason; what is open is ended."""
    reason = await _written(db, data.reason, "reason")
    lasts = None if data.hours is None else timedelta(hours=data.hours)
    async with db.transaction() as tx:
        known = await customer_view.find(tx, agent, id)
        await blocks.block(tx, agent, known.id, known.public_id, Blocking(reason, lasts, data.address))
        await _end_all(tx, known.family)
        return await customer_view.customer_view(tx, agent, id, locale_of(request))


@delete("/customers/{id:str}/block", status_code=200, responses=refusals(*_REFUSALS))
async def unblock_customer(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> CustomerAtDesk:
    """Let them write again."""
    require(agent, "customers.unblock")
    async with db.transaction() as tx:
        known = await customer_view.find(tx, agent, id)
        for one in await blocks.of(tx, [known.id]):
            await blocks.lift(tx, agent, one.id)
        return await customer_view.customer_view(tx, agent, id, locale_of(request))


async def _end_all(tx: Tx, family: list[int]) -> None:
    for conversation_id in await conversations.still_open_of(tx, family):
        await routing.close(tx, None, conversation_id)


async def _written(db: Database, typed: str, field: str) -> str:
    """What was typed, without secrets and direction overrides; raises Invalid when nothing is left."""
    text = masking.mask(undirected(typed).strip(), await declared.rules(db)).text
    if not text or not storable(text):
        raise Invalid(field=field, reason="empty" if not text else "characters")
    return text


@get("/blocks", responses=refusals(NotSignedIn, NotAllowed))
async def list_blocks(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent]
) -> list[ListedBlock]:
    """Everybody who may not write now, the newest first."""
    require(agent, "customers.unblock")
    async with db.transaction() as tx:
        rows = await tx.all(
            f"""
            select b.public_id as id, u.public_id as customer, u.name, u.subject as account, b.reason, a.name as by,
                b.at, b.until, b.address_block is not null as address
            from customer_block b join customer u on u.id = b.customer_id join agent a on a.id = b.agent_id
            where {HOLDS} order by b.id desc limit {_MOST_LISTED}
            """
        )
    locale = locale_of(request)
    return [ListedBlock(label=lists.label(row["customer"], row.pop("name"), locale), **row) for row in rows]


@delete("/blocks/{id:str}", status_code=204, responses=refusals(*_REFUSALS))
async def lift_block(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Let somebody write again."""
    require(agent, "customers.unblock")
    async with db.transaction() as tx:
        await blocks.lift(tx, agent, id)


ROUTES = [show_customer, add_note, remove_note, block_customer, unblock_customer]
ADMIN_ROUTES = [list_blocks, lift_block]
