"""Macros over HTTP: run at the desk, written in the administration."""

from __future__ import annotations

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from mashang.conversations import macros
from mashang.conversations.canned import ShortcutTaken
from mashang.conversations.entry import ClientId
from mashang.conversations.macros import Macro, MacroDraft, Steps
from mashang.conversations.writer import DifferentMessage, NotInConversation
from mashang.desk import running_macros
from mashang.desk.replies_api import initials
from mashang.desk.running_macros import MacroHasGaps, MacroOutdated
from mashang.kit.db import Database
from mashang.kit.edge import Id, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.storage import Storage
from mashang.routing.judging import AlreadyClosed, NotYours
from mashang.staff import Agent
from mashang.staff.permissions import require


class MacroView(msgspec.Struct):
    """A macro; `initials` are how the title is begun in pinyin."""

    id: str
    shortcut: str
    title: str
    steps: Steps
    initials: str


class MacroRun(msgspec.Struct, forbid_unknown_fields=True):
    """One press: the same `client_id` again is the same press."""

    client_id: ClientId


def _view(macro: Macro) -> MacroView:
    return MacroView(macro.public_id, macro.shortcut, macro.title, macro.steps, initials(macro.title))


@get("/macros", responses=refusals(NotSignedIn))
async def list_macros(
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],  # noqa: ARG001 — asked for, so that only the staff read it
) -> list[MacroView]:
    """What one can run."""
    async with db.transaction() as tx:
        return [_view(one) for one in await macros.present(tx)]


@post(
    "/conversations/{id:str}/macros/{macro:str}",
    status_code=204,
    responses=refusals(
        NotSignedIn,
        NotAllowed,
        NotFound,
        NotInConversation,
        MacroHasGaps,
        MacroOutdated,
        NotYours,
        AlreadyClosed,
        DifferentMessage,
        Invalid,
    ),
)
async def run_macro(
    *,
    db: NamedDependency[Database],
    storage: NamedDependency[Storage],
    agent: NamedDependency[Agent],
    id: Id,
    macro: Id,
    data: JSONBody[MacroRun],
) -> None:
    """Do all of its steps, or none; again with the same key does nothing."""
    await running_macros.run(db, storage, agent, id, macro, client_id=data.client_id)


@get("/macros", responses=refusals(NotSignedIn, NotAllowed))
async def list_macros_to_edit(db: NamedDependency[Database], agent: NamedDependency[Agent]) -> list[MacroView]:
    """All macros."""
    require(agent, "replies.edit")
    async with db.transaction() as tx:
        return [_view(one) for one in await macros.present(tx)]


@post("/macros", responses=refusals(NotSignedIn, NotAllowed, ShortcutTaken, Invalid))
async def create_macro(
    db: NamedDependency[Database], agent: NamedDependency[Agent], data: JSONBody[MacroDraft]
) -> MacroView:
    """Write a macro."""
    require(agent, "replies.edit")
    async with db.transaction() as tx:
        return _view(await macros.create(tx, agent, data))


@put("/macros/{id:str}", responses=refusals(NotSignedIn, NotAllowed, NotFound, ShortcutTaken, Invalid))
async def edit_macro(
    db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id, data: JSONBody[MacroDraft]
) -> MacroView:
    """Change a macro."""
    require(agent, "replies.edit")
    async with db.transaction() as tx:
        return _view(await macros.edit(tx, agent, id, data))


@delete("/macros/{id:str}", status_code=204, responses=refusals(NotSignedIn, NotAllowed, NotFound))
async def archive_macro(db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id) -> None:
    """Take a macro out of use."""
    require(agent, "replies.edit")
    async with db.transaction() as tx:
        await macros.archive(tx, agent, id)


ROUTES = [list_macros, run_macro]
ADMIN_ROUTES = [list_macros_to_edit, create_macro, edit_macro, archive_macro]
