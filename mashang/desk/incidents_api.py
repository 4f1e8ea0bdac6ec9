"""Incidents over HTTP: opened, changed and ended by who watches, marked on a conversation by who sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang import codes
from mashang.conversations import affected
from mashang.desk import conversation, incidents_view
from mashang.desk.incidents_view import IncidentView
from mashang.kit.db import Database, Tx
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.shops import incidents, shop
from mashang.shops.incident import Ending, Said
from mashang.shops.incidents import IncidentMoved, IncidentOver, ShopsOwn
from mashang.staff import Agent
from mashang.staff.permissions import require

_LINE = r"^[^\x00-\x1f\x7f]*$"
_PARAGRAPH = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Title = Annotated[str, Meta(max_length=80, pattern=_LINE)]
Words = Annotated[str, Meta(max_length=1000, pattern=_PARAGRAPH)]
Moment = Annotated[datetime, Meta(tz=True)]


class IncidentWords(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What an operator writes of one."""

    title: Annotated[Title, Meta(min_length=1)]
    title_en: Title = ""
    text: Words = ""
    text_en: Words = ""
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    codes: Annotated[list[Annotated[str, Meta(max_length=8, pattern=_LINE)]], Meta(max_length=50)] = []


class IncidentDraft(IncidentWords, kw_only=True):
    """A new one; without `starts_at` it is on from now, without `shop` on every site."""

    shop: Annotated[str, Meta(max_length=40, pattern=_LINE)] | None = None


class IncidentEdit(IncidentWords, kw_only=True):
    """A change, on the sites it was opened for; `version` is of the incident as it was read."""

    version: int


class IncidentEnding(msgspec.Struct, forbid_unknown_fields=True):
    """What everybody affected is told; an empty text is the prepared sentence, `quiet` tells nobody."""

    text: Words = ""
    text_en: Words = ""
    quiet: bool = False


async def _said(tx: Tx, data: IncidentWords, began: datetime | None = None) -> Said:
    known = (await codes.index(tx)).by_code
    wanted = sorted({code.strip().upper() for code in data.codes})
    for code in wanted:
        if code not in known:
            raise Invalid(field="codes", reason="unknown", code=code)
    return Said(
        title=data.title.strip(),
        title_en=data.title_en.strip(),
        text=data.text.strip(),
        text_en=data.text_en.strip(),
        starts_at=data.starts_at or began or await tx.value("select app_now()"),
        ends_at=data.ends_at,
        codes=wanted,
    )


@get("/incidents", responses=refusals(NotSignedIn, NotAllowed))
async def list_incidents(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[IncidentView]:
    """All that are on or announced, and the last that are over."""
    require(agent, "incidents.edit")
    async with db.transaction() as tx:
        return await incidents_view.everything(tx)


@post("/incidents", responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def open_incident(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[IncidentDraft]
) -> IncidentView:
    """Open one, now or later; whoever waits with its codes is told when it is on."""
    require(agent, "incidents.edit")
    async with db.transaction() as tx:
        shop_id = (await shop.find(tx, data.shop)).id if data.shop else None
        return await incidents_view.one(tx, await incidents.open_(tx, agent, await _said(tx, data), shop_id))


@put(
    "/incidents/{id:str}",
    responses=refusals(NotSignedIn, NotAllowed, NotFound, ShopsOwn, IncidentOver, IncidentMoved, Invalid),
)
async def change_incident(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[IncidentEdit]
) -> IncidentView:
    """Change words, times or codes; nobody is told a second time."""
    require(agent, "incidents.edit")
    async with db.transaction() as tx:
        before = await incidents.find(tx, id)
        said = await _said(tx, data, before.starts_at)
        return await incidents_view.one(tx, await incidents.change(tx, agent, id, said, version=data.version))


@post("/incidents/{id:str}/end", status_code=200, responses=refusals(NotSignedIn, NotAllowed, NotFound, Invalid))
async def end_incident(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[IncidentEnding]
) -> IncidentView:
    """It is over: everybody affected is told, once.  Ended again it stays as it was ended."""
    require(agent, "incidents.edit")
    ending = Ending(data.text.strip(), data.text_en.strip(), data.quiet)
    async with db.transaction() as tx:
        return await incidents_view.one(tx, await incidents.end(tx, agent, id, ending))


@get("/incidents", responses=refusals(NotSignedIn))
async def list_named_incidents(
    request: Asking,
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],  # noqa: ARG001 — asked for, so that only the staff read it
) -> list[incidents_view.Named]:
    """What lists of conversations can be narrowed by."""
    async with db.transaction() as tx:
        return await incidents_view.named(tx, locale_of(request))


@put(
    "/conversations/{id:str}/incidents/{incident:str}",
    status_code=204,
    responses=refusals(NotSignedIn, NotFound, IncidentOver),
)
async def mark_affected(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, incident: Id) -> None:
    """This conversation is affected, too: its customer hears when it is over."""
    async with db.transaction() as tx:
        await affected.mark(tx, agent, await conversation.find(tx, agent, id), incident)


@delete(
    "/conversations/{id:str}/incidents/{incident:str}",
    status_code=204,
    responses=refusals(NotSignedIn, NotFound, IncidentOver),
)
async def unmark_affected(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, incident: Id) -> None:
    """This conversation has nothing to do with it."""
    async with db.transaction() as tx:
        await affected.unmark(tx, await conversation.find(tx, agent, id), incident)


ROUTES = [list_named_incidents, mark_affected, unmark_affected]
ADMIN_ROUTES = [list_incidents, open_incident, change_incident, end_incident]
