"""What may be pressed for an order now, and why something may not: one table of rules, no clock, no memory.

The page asks it for its buttons and the ledger before it writes, so a button never promises what is refused.

Does not: know who somebody is (`Presser.barred` says what is not theirs to press), or write (`actions`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from mashang.shops.actions import OPEN, Action, WhyNot
from mashang.shops.contract import Action as ActionName
from mashang.shops.contract import Order, OrderLine
from mashang.shops.questions import OwnOrder

_UNDELIVERED = ("waiting", "failed")


class Offer(msgspec.Struct, frozen=True):
    """Something to press, with the round it carries; `why_not`: it would be refused now, and for what.

    `line` null is the whole order.  What this shop cannot do at all, and what makes no sense for a line, is not there.
    """

    action: ActionName
    line: str | None
    round: int
    why_not: WhyNot | None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop can do, what is not this person's to press, and how many presses are left (null: no limit)."""

    can: Collection[ActionName]
    barred: dict[ActionName, WhyNot] = {}
    left: int | None = None


def offers(order: Order | OwnOrder, policy: Policy, pressed: Sequence[Action]) -> list[Offer]:
    """Everything that can be pressed for this order, line by line; then what concerns the whole of it."""
    if isinstance(order, OwnOrder) and order.status_only:
        return []
    found = [_offer(order, policy, pressed, action, line) for line in order.lines for action in _of_line(line)]
    return [one for one in (*found, _offer(order, policy, pressed, "refund", None)) if one.action in policy.can]


def next_round(pressed: Sequence[Action], action: ActionName, line: str) -> int:
    """The round that a press carries now; what was not done is sent again under its own."""
    last = _last(pressed, action, line)
    if last is None:
        return 1
    return last.round if last.state == "not_done" else last.round + 1


def _last(pressed: Sequence[Action], action: ActionName, line: str) -> Action | None:
    return next((one for one in reversed(pressed) if (one.action, one.line) == (action, line)), None)


def _of_line(line: OrderLine) -> tuple[ActionName, ...]:
    match line.delivery.kind:
        case "card_key":
            return ("resend", "reissue")
        case "top_up" if line.delivery.state in _UNDELIVERED:
            return ("resend",)
    return ()


def _offer(
    order: Order | OwnOrder, policy: Policy, pressed: Sequence[Action], action: ActionName, line: OrderLine | None
) -> Offer:
    of_line = line.id if line else ""
    last = _last(pressed, action, of_line)
    why_not = (
        policy.barred.get(action)
        or _of_order(order, action, line)
        or _of_ledger(action, of_line, pressed, last)
        or ("limit" if policy.left is not None and policy.left <= 0 else None)
    )
    return Offer(action, of_line or None, next_round(pressed, action, of_line), why_not)


def _of_order(order: Order | OwnOrder, action: ActionName, line: OrderLine | None) -> WhyNot | None:
    if order.status == "pending_payment":
        return "unpaid"
    if order.status in ("cancelled", "refunded"):
        return "cancelled" if order.status == "cancelled" else "refunded"
    if action == "reissue" and line and line.delivery.state in _UNDELIVERED:
        return "not_issued"
    return None


def _of_ledger(action: ActionName, line: str, pressed: Sequence[Action], last: Action | None) -> WhyNot | None:
    """While nobody knows whether something happened, nothing is added to it: of two requests, both might."""
    if action == "refund" and last and last.state in ("done", "accepted"):
        return "already_asked"
    touching = (one for one in pressed if not line or one.line in ("", line))
    if any(one.state in OPEN for one in touching) or (last and last.state == "accepted"):
        return "under_way"
    return None
