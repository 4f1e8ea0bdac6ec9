"""An order that stands proved beside a conversation: what was pressed for it, and what this agent may press.

Who serves the conversation may have things sent again and ask for a refund; what costs the shop another key needs
a right.  A number that somebody only claimed is not an order here.
"""

from __future__ import annotations

from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.kit.db import Tx
from mashang.kit.errors import NotAllowed
from mashang.routing.judging import NotYours
from mashang.shops import context, pressing
from mashang.shops.actions import ActionView, WhyNot
from mashang.shops.contract import Action
from mashang.shops.offered import Offer
from mashang.staff import Agent
from mashang.staff.permissions import permitted

RIGHT_TO: dict[Action, str | None] = {"resend": None, "reissue": "orders.reissue", "refund": None}


async def beside(tx: Tx, agent: Agent, found: Conversation) -> tuple[list[ActionView], list[Offer]]:
    """What was pressed for the conversation's proved order, oldest first, and what this agent may press."""
    owned = await context.owned(tx, found.id)
    if owned is None:
        return [], []
    barred = await barred_to(tx, agent, found)
    return await pressing.beside(tx, owned.shop_id, owned.order, "agent", subject=owned.subject, barred=barred)


async def barred_to(tx: Tx, agent: Agent, found: Conversation) -> dict[Action, WhyNot]:
    """What this agent may not press here, and why."""
    if not await serves(tx, agent, found):
        return dict.fromkeys(RIGHT_TO, "not_serving")
    return {action: "not_permitted" for action, right in RIGHT_TO.items() if right and not permitted(agent, right)}


async def demand(tx: Tx, agent: Agent, found: Conversation, action: Action) -> None:
    """Raise NotYours or NotAllowed for what is barred."""
    why_not = (await barred_to(tx, agent, found)).get(action)
    if why_not == "not_serving":
        raise NotYours
    if why_not:
        raise NotAllowed(permission=RIGHT_TO[action])


async def serves(tx: Tx, agent: Agent, found: Conversation) -> bool:
    """Does this agent serve it now, beside a colleague perhaps, or manage every conversation?"""
    if permitted(agent, "conversations.manage"):
        return True
    is_in_it = found.agent_id == agent.id or await conversations.has_joined(tx, found.id, agent.id)
    return found.status == "active" and is_in_it
