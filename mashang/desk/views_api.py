"""Saved views and exports over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Stream
from msgspec import Meta

from mashang.desk import conversation, export, views
from mashang.desk.board import Boards
from mashang.desk.board_export import of_board
from mashang.desk.export import EXPORTS, as_file
from mashang.desk.filters import Filters, Narrowed
from mashang.desk.views import SavedView, TooManyViews, ViewDraft
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from mashang.kit.text import printable
from mashang.staff import Agent, audit, installation
from mashang.staff.permissions import require


class NewView(msgspec.Struct, forbid_unknown_fields=True):
    """A list with its filters, to be kept."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    list: Narrowed = "open"
    filters: Filters = msgspec.field(default_factory=Filters)
    shared: bool = False


class Exported(msgspec.Struct, forbid_unknown_fields=True):
    """Which list is wanted as a file."""

    list: Narrowed = "open"
    filters: Filters = msgspec.field(default_factory=Filters)


@get("/views", responses=refusals(NotSignedIn))
async def list_views(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[SavedView]:
    """One's own views, then those shared with everybody."""
    async with db.transaction() as tx:
        return await views.of(tx, agent)


@post("/views", responses=refusals(NotSignedIn, NotAllowed, TooManyViews, Invalid))
async def save_view(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[NewView]
) -> list[SavedView]:
    """Keep a view; supervisors may share it."""
    name = printable(data.name).strip()
    if not name:
        raise Invalid(field="name", reason="empty")
    async with db.transaction() as tx:
        await views.save(tx, agent, ViewDraft(name, data.list, data.filters, data.shared))
        return await views.of(tx, agent)


@delete("/views/{id:str}", status_code=200, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def remove_view(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> list[SavedView]:
    """Forget one."""
    async with db.transaction() as tx:
        await views.remove(tx, agent, id)
        return await views.of(tx, agent)


@post("/export", status_code=200, responses=refusals(NotSignedIn, NotAllowed, TooMany, Invalid))
async def export_list(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[Exported]
) -> Stream:
    """The conversations of a list as CSV."""
    require(agent, "conversations.export")
    EXPORTS.take(str(agent.id))
    asked = {**msgspec.to_builtins(data.filters), "list": data.list}
    async with db.transaction() as tx:
        await audit.record(tx, agent, "conversation.list_exported", data.list, after=asked)
    return as_file(export.of_list(db, agent, data.list, data.filters, locale_of(request)), "conversations")


@post("/conversations/{id:str}/export", status_code=200, responses=refusals(NotSignedIn, NotAllowed, NotFound, TooMany))
async def export_conversation(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> Stream:
    """One conversation as CSV, notes included."""
    require(agent, "conversations.export")
    EXPORTS.take(str(agent.id))
    async with db.transaction() as tx:
        found = await conversation.find(tx, agent, id)
        await audit.record(tx, agent, "conversation.exported", id)
    return as_file(export.of_conversation(db, found.id, locale_of(request)), f"conversation-{id}")


@post("/board/export", status_code=200, responses=refusals(NotSignedIn, NotAllowed, TooMany))
async def export_board(
    request: Asking,
    db: NamedDependency[Database],
    boards: NamedDependency[Boards],
    agent: NamedDependency[Agent],
) -> Stream:
    """The live board at this moment as CSV."""
    require(agent, "conversations.export")
    require(agent, "board.read")
    EXPORTS.take(str(agent.id))
    locale = locale_of(request)
    seen = await boards.look(locale)
    async with db.transaction() as tx:
        zone = await installation.zone(tx)
        await audit.record(tx, agent, "board.exported", "board")
    return as_file(of_board(seen, zone, locale), "board")


ROUTES = [list_views, save_view, remove_view, export_list, export_conversation, export_board]
