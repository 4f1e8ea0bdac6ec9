"""Saved views: a list with its filters under a name, one's own or shared by a supervisor with everybody.

A view only narrows: whoever opens it sees in it what they may see anyway.
"""

from __future__ import annotations

import msgspec

from mashang.desk.filters import Filters, Narrowed
from mashang.kit import ids
from mashang.kit.db import Json, Tx
from mashang.kit.errors import Conflict, NotFound
from mashang.staff import Agent, audit
from mashang.staff.permissions import permitted, require

MOST = 30  # of one agent


class TooManyViews(Conflict):
    """The agent has `most` views already."""

    code = "too_many_views"


class ViewDraft(msgspec.Struct, frozen=True):
    """What is kept under a name; `shared` with everybody."""

    name: str
    list: Narrowed
    filters: Filters
    shared: bool = False


class SavedView(msgspec.Struct, frozen=True):
    """A view; `own`: this agent may remove it; `by` made it."""

    id: str
    name: str
    list: Narrowed
    filters: Filters
    shared: bool
    own: bool
    by: str


async def of(tx: Tx, agent: Agent) -> list[SavedView]:
    """One's own and those shared, by name."""
    rows = await tx.all(
        """
        select v.public_id as id, v.name, v.filters, v.shared, v.agent_id = %(me)s or %(shares)s as own, a.name as by
        from saved_view v join agent a on a.id = v.agent_id
        where v.agent_id = %(me)s or v.shared order by v.shared, v.name, v.id
        """,
        {"me": agent.id, "shares": permitted(agent, "views.share")},
    )
    kept = [(row, row.pop("filters")) for row in rows]
    return [
        SavedView(list=filters.pop("list"), filters=msgspec.convert(filters, Filters), **row) for row, filters in kept
    ]


async def save(tx: Tx, agent: Agent, draft: ViewDraft) -> None:
    """Keep one, in place of one's own of that name; sharing needs a right.  Raises NotAllowed, TooManyViews."""
    if draft.shared:
        require(agent, "views.share")
    await tx.run("select 1 from agent where id = %s for no key update", (agent.id,))
    await tx.run(
        "delete from saved_view where agent_id = %s and name = %s and shared = %s", (agent.id, draft.name, draft.shared)
    )
    if await tx.value("select count(*) from saved_view where agent_id = %s", (agent.id,)) >= MOST:
        raise TooManyViews(reason="too_many", most=MOST)
    filters = {**msgspec.to_builtins(draft.filters), "list": draft.list}
    await tx.run(
        "insert into saved_view (public_id, agent_id, name, shared, filters) values (%s, %s, %s, %s, %s)",
        (ids.public_id(), agent.id, draft.name, draft.shared, Json(filters)),
    )
    if draft.shared:
        await audit.record(tx, agent, "view.shared", draft.name, after=filters)


async def remove(tx: Tx, agent: Agent, view_id: str) -> None:
    """Forget one's own, or as somebody who shares any shared one; raises NotFound."""
    row = await tx.first(
        """
        delete from saved_view where public_id = %(id)s and (agent_id = %(me)s or shared and %(shares)s)
        returning name, shared
        """,
        {"id": view_id, "me": agent.id, "shares": permitted(agent, "views.share")},
    )
    if row is None:
        raise NotFound
    if row["shared"]:
        await audit.record(tx, agent, "view.removed", row["name"])
