"""What a proof changes in the conversations that are open: the claims become facts, and the shop is asked.

Before it the order was a claim and nothing of it was shown; now it is the customer's own.
The timeline says so, once, to both sides; codes that were noted are verified; the shop is
asked for what this proof allows, and no more.

Does not: compare anything (`customers.proof`), or move anybody ahead in a queue (`routing`,
which hears `StandingProved`).
"""

from __future__ import annotations

from typing import Any, Literal

from mashang.codes import claims
from mashang.codes.minting import MintedCode
from mashang.codes.topics import index
from mashang.conversations import conversation as conversations
from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.customers import Customer, covering
from mashang.kit.db import Tx
from mashang.kit.events import Event
from mashang.kit.sealing import Sealer
from mashang.shops import context

Method = Literal["last_four", "look_up_password", "one_time_code"]
_ALWAYS = ("account", "order", "orders")  # what a proved customer's matter is about, whatever the topic asks for


class StandingProved(Event, frozen=True):
    """The customer of an open conversation was proved: the shop is to be asked again, and its place may be another."""

    conversation_id: int
    customer_id: int


async def proved(
    tx: Tx, sealer: Sealer, before: Customer, who: Customer, *, method: Method, order_number: str | None = None
) -> list[int]:
    """`who`, until now `before`, proved an order, or without one to be an account; the conversations that learn it.

    Not those of visitors joined to it: the visitors read them too, and proved nothing.  Of several, one that is
    about another order stays about that.  What was known already is not told again.
    """
    known = before.whole_orders if method == "look_up_password" else before.proved_orders
    is_news = who.subject != before.subject if order_number is None else order_number not in known
    open_now, told = await conversations.still_open_of(tx, [who.id]), []
    for conversation_id in open_now:
        found = await conversations.lock(tx, conversation_id)
        if order_number and found.order_number not in (None, order_number) and len(open_now) > 1:
            continue
        if not is_news and order_number in (None, found.order_number):
            continue
        facts: dict[str, Any] = {"order_number": order_number} if order_number else {}
        await timeline.append(tx, timeline.event(found.id, "proved", method=method, **facts))
        await _begin_again(tx, sealer, found, who, order_number)
        tx.emit(StandingProved(found.id, who.id))
        told.append(found.id)
    return told


async def joined(tx: Tx, sealer: Sealer, account: Customer, visitor: Customer) -> None:
    """The customer said that this visitor is the account: what the visitor has open is the account's matter now."""
    for conversation_id in await conversations.still_open_of(tx, [visitor.id]):
        found = await conversations.lock(tx, conversation_id)
        await timeline.append(tx, timeline.event(found.id, "joined", account=account.name))
        verified = await claims.verify(tx, sealer, found.id, account)
        # What a code tells of the account's orders is for the staff: the visitor's own session reads this too.
        await ask_again(tx, found, account, found.order_number or _order_of(verified))
        tx.emit(StandingProved(found.id, account.id))


async def concerns(tx: Tx, found: Conversation, who: Customer, order_number: str) -> None:
    """It is about this order of theirs, as was found out in it: the shop is asked for what stands beside it, too."""
    await conversations.concern(tx, found.id, order_number)
    await ask_again(tx, found, who, order_number)


async def _begin_again(tx: Tx, sealer: Sealer, found: Conversation, who: Customer, order_number: str | None) -> None:
    """Verify what was claimed in this conversation and ask the shop for what is proved now."""
    verified = await claims.verify(tx, sealer, found.id, who)
    number = order_number or found.order_number or _order_of(verified)
    if number and number != found.order_number:
        await conversations.concern(tx, found.id, number)
    await ask_again(tx, found, who, number)


def _order_of(verified: list[MintedCode]) -> str | None:
    return next((one.order_number for one in verified if one.order_number), None)


async def ask_again(tx: Tx, found: Conversation, who: Customer, number: str | None) -> None:
    """The shop is to be asked for what stands beside this conversation now, about this order or none."""
    owner = await covering.owner_of(tx, who, number)
    await context.begin(tx, found.id, who, number, await _parts(tx, found), owner=owner)


async def _parts(tx: Tx, found: Conversation) -> tuple[str, ...]:
    topic = next((one for one in (await index(tx)).topics if one.code == found.topic_code), None)
    return tuple(dict.fromkeys((*_ALWAYS, *(topic.context if topic else ()))))
