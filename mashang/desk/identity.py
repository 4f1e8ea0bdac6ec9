"""Who the customer of a conversation is, and what was claimed: beside the talk, through every transfer.

Nothing is shown as proved that is not: a code somebody gave is "claimed, not verified" until
its owner is proved, and the staff cannot tell one that exists from one that does not.

Does not: change anything but the codes of the conversation's own order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from mashang.codes import claims, minting
from mashang.codes.minting import Draft, MintedCode
from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.conversations.conversation import Conversation
from mashang.customers import Customer, covering, customer
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict, NotFound
from mashang.kit.sealing import Sealer
from mashang.shops.questions import OrderOwner
from mashang.staff import Agent, audit

_SCENE = "desk"


class OrderNotProved(Conflict):
    """The order of this conversation is only claimed: there is nobody a code could be minted for."""

    code = "order_not_proved"


class ClaimedCode(msgspec.Struct, frozen=True):
    """A code the customer gave; `verified_at` null: claimed, not verified."""

    code: str
    claimed_at: datetime
    verified_at: datetime | None


class OrderCode(msgspec.Struct, frozen=True):
    """A code of the proved order."""

    id: str
    code: str
    state: minting.State
    scene: str
    minted_by: minting.By
    expires_at: datetime | None


class Identity(msgspec.Struct, frozen=True):
    """How the customer stands, in this conversation.

    `proved_by`: by the shop's token, a one-time code, by having been joined to an account, by the look-up password
    of this very order, by its last four digits (its status may be told, no more), or null: everything is claimed.
    """

    proved_by: Literal["token", "one_time_code", "joined", "last_four", "look_up_password"] | None
    proved_until: datetime | None
    account: str | None
    order_number: str | None
    order_proved: bool
    claimed_codes: list[ClaimedCode]
    order_codes: list[OrderCode]
    joined_visitor: bool


async def identity(tx: Tx, sealer: Sealer, agent: Agent, public_id: str) -> Identity:
    """Of a conversation this agent may see; raises NotFound."""
    found = await conversations.find(tx, public_id, access.visible_to(agent))
    who = await known_as(tx, found)
    standing = await tx.one(
        "select proved_by, proved_until, coalesce(joined_to = account_id, false) as is_joined"
        " from customer_standing where id = %s",
        (found.customer_id,),
    )
    own = await _own_order(tx, found, who)
    codes = await minting.of_order(tx, sealer, who, found.order_number) if own and found.order_number else []
    given = await claims.of_conversation(tx, sealer, found.id)
    return Identity(
        proved_by=standing["proved_by"] or _way_of(own),
        proved_until=standing["proved_until"],
        account=who.name or who.subject,
        order_number=found.order_number,
        order_proved=bool(own),
        claimed_codes=[ClaimedCode(one.code, one.claimed_at, one.verified_at) for one in given],
        order_codes=[_view(one) for one in codes],
        joined_visitor=standing["is_joined"],
    )


async def known_as(tx: Tx, found: Conversation) -> Customer:
    """The customer of a conversation; the account, where the visitor who opened it was joined to one.

    What the visitor proved since counts more: it may be somebody else by now.
    """
    account_id = await tx.value(
        "select account_id from customer_standing where id = %s and proved_by = 'joined'", (found.customer_id,)
    )
    return await customer.by_id(tx, account_id or found.customer_id)


async def mint(tx: Tx, sealer: Sealer, agent: Agent, public_id: str) -> Identity:
    """The code of the conversation's proved order, minted or found; raises NotFound, OrderNotProved."""
    found = await conversations.find(tx, public_id, access.visible_to(agent))
    who = await known_as(tx, found)
    own = await _own_order(tx, found, who)
    if own is None:
        raise OrderNotProved(reason="claimed")
    draft = Draft(
        shop_id=who.shop_id or who.orders_shop_id,
        subject=own.subject,
        order_number=found.order_number,
        topic_id=await tx.value("select id from topic where code = %s", (found.topic_code,)),
        scene=_SCENE,
        expires_at=clock.now() + minting.LASTS,
    )
    made, is_new = await minting.mint(tx, sealer, draft, "agent")
    if is_new:
        await audit.record(tx, agent, "code.minted", found.order_number or "", after=_ends(made))
    return await identity(tx, sealer, agent, public_id)


async def revoke(tx: Tx, sealer: Sealer, agent: Agent, public_id: str, code_id: str) -> Identity:
    """Let a code of the conversation's proved order mean nothing from now on; raises NotFound."""
    one = await order_code(tx, sealer, agent, public_id, code_id)
    await minting.revoke(tx, sealer, one)
    await audit.record(tx, agent, "code.revoked", one.order_number or "", after=_ends(one))
    return await identity(tx, sealer, agent, public_id)


async def order_code(tx: Tx, sealer: Sealer, agent: Agent, public_id: str, code_id: str) -> MintedCode:
    """A code of the conversation's proved order; raises NotFound."""
    found = await conversations.find(tx, public_id, access.visible_to(agent))
    who = await known_as(tx, found)
    theirs = await minting.of_order(tx, sealer, who, found.order_number) if found.order_number else []
    one = next((code for code in theirs if code.public_id == code_id), None)
    if one is None:
        raise NotFound
    return one


async def _own_order(tx: Tx, found: Conversation, who: Customer) -> OrderOwner | None:
    """Whose the conversation's order is, when that is proved: the shop showed it as this customer's own."""
    if found.order_number is None:
        return None
    owner = await covering.owner_of(tx, who, found.order_number)
    if owner or who.subject is None:
        return owner
    shown = await tx.value(
        "select data->'seen'->'order'->>'number' from context_snapshot where conversation_id = %s", (found.id,)
    )
    return OrderOwner(who.subject, whole=True) if shown == found.order_number else None


def _way_of(own: OrderOwner | None) -> Literal["look_up_password", "last_four"] | None:
    if own is None:
        return None
    return "look_up_password" if own.whole else "last_four"


def _view(one: MintedCode) -> OrderCode:
    return OrderCode(one.public_id, one.code, one.state, one.scene, one.minted_by, one.expires_at)


def _ends(one: MintedCode) -> dict[str, Any]:
    return {"code_ends_in": one.code[-4:], "scene": one.scene}
