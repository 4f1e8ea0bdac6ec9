"""The live board over HTTP, for supervisors and operators."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from mashang.desk import board, lists
from mashang.desk.board import Board, Boards
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Invalid, NotAllowed, NotSignedIn
from mashang.staff import Agent
from mashang.staff.permissions import require


@get("/board", responses=refusals(NotSignedIn, NotAllowed))
async def show_board(request: Asking, boards: NamedDependency[Boards], agent: NamedDependency[Agent]) -> Board:
    """Every queue and everybody at this moment; ask again when the socket says `board`."""
    require(agent, "board.read")
    return await boards.look(locale_of(request))


@get("/board/people/{id:str}", responses=refusals(NotSignedIn, NotAllowed))
async def list_serving(
    request: Asking, db: NamedDependency[Database], agent: NamedDependency[Agent], id: Id
) -> list[lists.Row]:
    """What one of the staff serves or is offered."""
    require(agent, "board.read")
    async with db.transaction() as tx:
        return await board.serving(tx, agent, id, locale_of(request))


@get("/board/waiting", responses=refusals(NotSignedIn, NotAllowed, Invalid))
async def list_waiting(
    request: Asking,
    db: NamedDependency[Database],
    agent: NamedDependency[Agent],
    department: Annotated[str, QueryParameter(pattern=r"^[0-9A-Za-z]{1,32}$")],
    tier: Annotated[int, QueryParameter(ge=1, le=3)] = 1,
) -> list[lists.Row]:
    """The first who wait in one queue, in the order of service."""
    require(agent, "board.read")
    async with db.transaction() as tx:
        return await board.waiting(tx, agent, department, tier, locale_of(request))


ROUTES = [show_board, list_serving, list_waiting]
