"""Looking at the card keys of a line: for a named reason, by those who have the right, and never unseen.

The line of the audit, the row, and the entry among colleagues are committed before the shop is asked, so that
no key was ever shown without them.  The keys go to the one page that asked and are kept nowhere.
"""

from __future__ import annotations

import msgspec

from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import Author
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound, TooMany
from mashang.shops import asking, context
from mashang.shops.acting import RevealRequest
from mashang.shops.adapters import Shops
from mashang.shops.context import Owned
from mashang.shops.pressing import ActionNotOffered
from mashang.staff import Agent, audit

HIDE_AFTER_SECONDS = 60
MOST_AN_HOUR = 20  # of one agent: to help, not to copy the stock


class Revealed(msgspec.Struct, frozen=True):
    """The keys of a line, to be hidden again after so many seconds."""

    keys: list[str]
    hide_after_seconds: int = HIDE_AFTER_SECONDS


async def reveal(db: Database, shops: Shops, agent: Agent, found: Conversation, *, line: str, reason: str) -> Revealed:
    """The keys; raises NotFound without a proved order or such a line, ActionNotOffered, TooMany.

    ShopFailed, where the shop gave none: that one asked stands written all the same.
    """
    async with db.transaction() as tx:
        owned = await context.owned(tx, found.id)
        if owned is None or line not in {one.id for one in owned.order.lines}:
            raise NotFound
        reveal_id = await _write(tx, agent, found, owned, line=line, reason=reason)
    request = RevealRequest(line=line, reason=reason, asked_by=agent.name)
    order = await asking.ask(db, shops, owned.shop_id, lambda shop: shop.order(owned.order.number))
    if order is None or order.subject != owned.subject:
        raise NotFound
    told = await asking.ask(db, shops, owned.shop_id, lambda shop: shop.keys(owned.order.number, request))
    if told is None:
        raise NotFound
    async with db.transaction() as tx:
        await tx.run("update card_reveal set shown_at = app_now() where id = %s", (reveal_id,))
    return Revealed(told.keys)


async def _write(tx: Tx, agent: Agent, found: Conversation, owned: Owned, **told: str) -> int:
    """Say who looks, whose `line`, and for which `reason`: to the audit, to colleagues, and to whoever counts."""
    can = await tx.value("select capabilities->>'reveals' = 'true' from shop where id = %s", (owned.shop_id,))
    if not can:
        raise ActionNotOffered
    await _demand_few(tx, agent)
    order = owned.order.number
    await audit.record(tx, agent, "card.revealed", order, after=told)
    author = Author("agent", agent.public_id, agent.name)
    facts = {"agent": agent.name, "order_number": order, "reason": told["reason"]}
    entry = timeline.event(found.id, "card_revealed", author=author, author_id=agent.id, staff_only=True, **facts)
    await timeline.append(tx, entry)
    reveal_id: int = await tx.value(
        """
        insert into card_reveal (shop_id, order_number, line, agent_id, conversation_id, reason)
        values (%(shop)s, %(order)s, %(line)s, %(agent)s, %(conversation)s, %(reason)s) returning id
        """,
        {"shop": owned.shop_id, "order": order, "agent": agent.id, "conversation": found.id, **told},
    )
    return reveal_id


async def _demand_few(tx: Tx, agent: Agent) -> None:
    """Raise TooMany past the hour's limit; one at a time for one agent."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"card_reveal.{agent.id}",))
    lately = await tx.value(
        "select count(*) from card_reveal where agent_id = %s and at > app_now() - interval '1 hour'", (agent.id,)
    )
    if lately >= MOST_AN_HOUR:
        raise TooMany(retry_after=3600)
