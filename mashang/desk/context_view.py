"""What stands beside the conversation: what the shop knows, and what was asked before.

Does not: ask the shop (`shops.context` does) or show what this agent may not see: an earlier
conversation in somebody else's department is not even named.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.conversations.naming import Named, TopicName, name_of
from mashang.desk import orders
from mashang.desk.incidents_view import Beside, beside
from mashang.kit.db import Tx
from mashang.shops import context
from mashang.shops.actions import ActionView
from mashang.shops.offered import Offer
from mashang.shops.snapshot import View
from mashang.staff import Agent

_MOST_EARLIER = 20


class Earlier(msgspec.Struct, frozen=True):
    """A conversation of the same customer before or beside this one."""

    id: str
    topic: TopicName | None
    status: conversations.Status
    opened_at: datetime
    closed_at: datetime | None
    agent: Named | None


class ContextView(View, kw_only=True):
    """The shop's snapshot as it was taken, incidents as they are now, and earlier conversations, newest first.

    `actions`: what was pressed for the proved order, oldest first; `offers`: what this agent may press, or why not.
    """

    incidents: list[Beside]
    earlier: list[Earlier]
    actions: list[ActionView]
    offers: list[Offer]


async def context_view(tx: Tx, agent: Agent, public_id: str, locale: str) -> ContextView:
    """The context of a conversation; raises NotFound when this agent may not see it."""
    found = await conversations.find(tx, public_id, access.visible_to(agent))
    snapshot = await context.view(tx, found.id)
    if snapshot is None:
        snapshot = View(status="nothing_to_ask", asked_at=found.opened_at)
    actions, offers = await orders.beside(tx, agent, found)
    return ContextView(
        **msgspec.structs.asdict(snapshot),
        incidents=await beside(tx, found.id, found.site_id, found.topic_code, locale),
        earlier=await _earlier(tx, agent, found.customer_id, found.id, locale),
        actions=actions,
        offers=offers,
    )


async def _earlier(tx: Tx, agent: Agent, customer_id: int, but: int, locale: str) -> list[Earlier]:
    visible, params = access.visible_to(agent)
    rows = await tx.all(
        f"""
        select c.public_id as id, c.topic_code, c.status, c.opened_at, c.closed_at,
               coalesce({name_of("t")}, c.topic_code) as topic_name,
               a.public_id as agent, a.name as agent_name
        from conversation c
        left join topic t on t.code = c.topic_code
        left join agent a on a.id = c.agent_id
        where c.customer_id = %(customer)s and c.id <> %(but)s and {visible}
        order by c.id desc limit %(limit)s
        """,
        {**params, "customer": customer_id, "but": but, "limit": _MOST_EARLIER, "en": locale == "en"},
    )
    return [_one_earlier(row) for row in rows]


def _one_earlier(row: dict[str, Any]) -> Earlier:
    return Earlier(
        id=row["id"],
        topic=TopicName(row["topic_code"], row["topic_name"]) if row["topic_code"] else None,
        status=row["status"],
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        agent=Named(row["agent"], row["agent_name"]) if row["agent"] else None,
    )
