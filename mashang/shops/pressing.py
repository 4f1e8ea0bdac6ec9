"""Pressing a button that makes a shop do something: once for each press that somebody meant, whatever breaks.

`press` writes the row and commits, asks the shop outside any transaction, and writes down the answer.  Between
any two of these steps a process may die, the shop may be late, its answer lost or forged: then the row stays
`unknown`, and nothing is repeated.  `settle` asks by the request's key what became of it, at growing intervals,
until there is an answer.  "It never came" counts only when the signed request could not be accepted any more:
after `OVER_AFTER`, which is the life of a signature on a clock that is as slow as a shop's may be.  Such a press
may be sent again, under the same key (docs/decisions/0026).

Does not: say who may press (`channels.web.orders`, `desk.orders_api`), or tell anybody (`conversations.acted`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound, Refusal
from mashang.shops import actions, asking, offered, signing
from mashang.shops.acting import ActionAnswer, ActionRequest
from mashang.shops.actions import Action, ActionView, Look, Presser, Side, Wanted, WhyNot
from mashang.shops.adapters import Shops
from mashang.shops.connector import Connector, ShopFailed
from mashang.shops.contract import Action as ActionName
from mashang.shops.contract import Order
from mashang.shops.offered import Offer, Policy
from mashang.shops.questions import OwnOrder

# A request is accepted for TOLERANCE after its timestamp by the shop's clock, which may be TOLERANCE behind ours (a
# shop further off cannot answer us), and it was signed at most a moment after the row was written.
OVER_AFTER = 2 * signing.TOLERANCE + timedelta(minutes=1)
# Of these it is certain that the shop did nothing: it was not asked, or said so, signed, before it looked.
_NOT_ASKED = ("secret_unreadable", "private_address", "not_offered", "too_many")


class ActionNotOffered(Refusal):
    """This shop cannot do that, or it makes no sense for this line."""

    status, code = 409, "action_not_offered"


class ActionNotNow(Refusal):
    """It may not be pressed now: `why_not` as in the offers."""

    status, code = 409, "action_not_now"


class ActionLimit(Refusal):
    """This customer has pressed `most` times in a day."""

    status, code = 429, "action_limit"


class ActionOutdated(Refusal):
    """Somebody pressed since the page was drawn: `round` is what comes next."""

    status, code = 409, "action_outdated"


REFUSALS = (ActionNotOffered, ActionNotNow, ActionLimit, ActionOutdated)


async def press(db: Database, shops: Shops, by: Presser, wanted: Wanted) -> Action:
    """The row of this press, as it stands when the shop has answered or was given up on.

    Raises REFUSALS; NotFound for an order that is not this owner's; ShopFailed when the shop does not even say what
    the order is: then nothing was done.
    """
    async with db.transaction() as tx:
        known = _own(await actions.pressed(tx, wanted), by)
    if known and known.state != "not_done":
        return known
    order = await asking.ask(db, shops, wanted.shop_id, lambda shop: shop.order(wanted.order_number), insist=True)
    if order is None or order.subject != by.subject:
        raise NotFound
    async with db.transaction() as tx:
        action, is_ours = await _write(tx, by, wanted, order)
    return await _send(db, shops, action) if is_ours else action


async def settle(db: Database, shops: Shops) -> int:
    """Ask what became of the requests without an answer whose time has come; how many were asked about."""
    async with db.transaction() as tx:
        due = await actions.to_look_at(tx, OVER_AFTER)
    await asyncio.gather(*(_look(db, shops, one) for one in due))
    return len(due)


async def beside(
    tx: Tx, shop_id: int, order: Order | OwnOrder, side: Side, *, subject: str, barred: dict[ActionName, WhyNot]
) -> tuple[list[ActionView], list[Offer]]:
    """What was pressed for this order, oldest first, and what may be pressed now, by this person."""
    pressed = await actions.of_order(tx, shop_id, order.number)
    policy, _ = await _policy(tx, shop_id, Presser(subject=subject, side=side, barred=barred))
    return [actions.view(one, side) for one in pressed], offered.offers(order, policy, pressed)


def _own(action: Action | None, by: Presser) -> Action | None:
    if action is not None and action.subject != by.subject:
        raise NotFound
    return action


async def _write(tx: Tx, by: Presser, wanted: Wanted, order: Order) -> tuple[Action, bool]:
    """The row, and whether this press is the one that sends it."""
    await actions.hold(tx, wanted.shop_id, by.subject, wanted.order_number)
    known = _own(await actions.pressed(tx, wanted), by)
    if known and known.state != "not_done":
        return known, False
    policy, most = await _policy(tx, wanted.shop_id, by)
    pressed = await actions.of_order(tx, wanted.shop_id, wanted.order_number)
    offers = offered.offers(order, policy, pressed)
    may = next((one for one in offers if (one.action, one.line or "") == (wanted.action, wanted.line)), None)
    _demand(may, wanted, most)
    return await actions.write(tx, wanted, by), True


def _demand(may: Offer | None, wanted: Wanted, most: int) -> None:
    if may is None:
        raise ActionNotOffered
    if may.why_not == "limit":
        raise ActionLimit(most=most)
    if may.why_not:
        raise ActionNotNow(why_not=may.why_not)
    if may.round != wanted.round:
        raise ActionOutdated(round=may.round)


async def _policy(tx: Tx, shop_id: int, by: Presser) -> tuple[Policy, int]:
    """What may be pressed at this shop, and the day's limit of one customer."""
    shop = await tx.one(
        "select coalesce(capabilities->'actions', '[]') as can, customer_actions as theirs, actions_a_day as most"
        " from shop where id = %s",
        (shop_id,),
    )
    if by.side == "agent":
        return Policy(can=shop["can"], barred=by.barred), shop["most"]
    theirs = shop["theirs"] if shop["most"] else ()
    barred: dict[ActionName, WhyNot] = {name: "only_by_agent" for name in shop["can"] if name not in theirs}
    left = shop["most"] - await actions.pressed_today(tx, shop_id, by.subject)
    return Policy(can=shop["can"], barred={**barred, **by.barred}, left=left), shop["most"]


async def _send(db: Database, shops: Shops, action: Action) -> Action:
    request = ActionRequest(
        key=action.key,
        action=action.action,
        line=action.line or None,
        asked_by=action.asked_by,
        reason=action.reason,
    )

    def question(shop: Connector) -> Awaitable[ActionAnswer | None]:
        return shop.act(action.order_number, request)

    record: Callable[[Tx], Awaitable[None]]
    try:
        answer = await asking.ask(db, shops, action.shop_id, question, insist=True)
    except ShopFailed as failure:
        certain = failure.reason in _NOT_ASKED
        record = _nothing(action) if certain else lambda tx: actions.lost(tx, action.id, action.asked_at)
    else:
        record = _kept(action.id, answer) if answer else _nothing(action)
    async with db.transaction() as tx:
        await record(tx)
        return await actions.by_id(tx, action.id)


async def _look(db: Database, shops: Shops, look: Look) -> None:
    def question(shop: Connector) -> Awaitable[ActionAnswer | None]:
        return shop.outcome(look.key)

    try:
        answer = await asking.ask(db, shops, look.shop_id, question, insist=True)
    except ShopFailed:
        answer, never_came = None, False
    else:
        never_came = answer is None and look.is_over
    async with db.transaction() as tx:
        if answer:
            await actions.answered(tx, look.id, answer)
        elif never_came:
            await actions.came_to_nothing(tx, look.id, look.asked_at)
        else:
            await actions.lost(tx, look.id, look.asked_at)


def _kept(action_id: int, answer: ActionAnswer) -> Callable[[Tx], Awaitable[None]]:
    return lambda tx: actions.answered(tx, action_id, answer)


def _nothing(action: Action) -> Callable[[Tx], Awaitable[None]]:
    return lambda tx: actions.came_to_nothing(tx, action.id, action.asked_at)
