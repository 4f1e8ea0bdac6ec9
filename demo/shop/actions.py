"""What customer service may have done for an order's owner: sent again, issued anew, a refund noted.

The request's key is the row's name: whoever sends the same key again is answered as before, and
the whole of it is one transaction.
"""

from __future__ import annotations

import json
from typing import Any

from demo.shop import faults, orders
from demo.shop.orders import Order
from demo.shop.store import Store, now
from demo.shop.words import word

ACTIONS = ("resend", "reissue", "refund")
Answer = dict[str, Any]


def outcome(store: Store, key: str) -> Answer | None:
    """How this key was answered; None when it never came."""
    found = store.first("select answer from action where key = ? and answer <> ''", key)
    return json.loads(found["answer"]) if found else None


def act(store: Store, number: str, key: str, action: str, line_id: str | None, *, by: str = "客服") -> Answer | None:
    """Do it, once for each key; None when there is no such order."""
    with store:
        if known := outcome(store, key):
            return known
        order = orders.by_number(store, number)
        if order is None:
            return None
        answer = _refused(store, order, action) or _done(store, order, action, line_id, by)
        told = json.dumps(answer, ensure_ascii=False)
        store.add("action", key=key, at=now(), order_number=number, line_id=line_id or "", action=action, answer=told)
    return answer


def _refused(store: Store, order: Order, action: str) -> Answer | None:
    if order["status"] in ("pending_payment", "cancelled"):
        return _refusal("not_paid")
    if order["status"] == "refunded":
        return _refusal("refunded")
    has_none = action != "refund" and "action_refused" in faults.switched_on(store)
    return _refusal("out_of_stock") if has_none else None


def _done(store: Store, order: Order, action: str, line_id: str | None, by: str) -> Answer:
    if action == "refund":
        return {"outcome": "accepted", "at": now(), "text": word("asked.refund", "zh")}
    line = next((one for one in order["lines"] if one["id"] == line_id), None)
    is_due = line is not None and line["state"] in ("waiting", "failed")
    if line is None or (line["product"].kind != "card_key" and not (is_due and action == "resend")):
        return _refusal("not_possible")
    if action == "reissue":
        if is_due:
            return _refusal("not_possible")
        return _sent(store, order, action, orders.reissue(store, order, line, by))
    if is_due and "wrong_account" in faults.switched_on(store) and line["product"].kind == "top_up":
        return _refusal("not_possible")
    if is_due:
        return _sent(store, order, "issue", orders.issue_due(store, order, line, by))
    return _sent(store, order, action, orders.send_again(store, order, line, by))


def _sent(store: Store, order: Order, what: str, masked: dict[str, str]) -> Answer:
    """The owner has a message about it, to the telephone the shop has on file."""
    text = word(f"message.{what}", "zh", number=order["number"])
    store.add("message", at=now(), to_masked=orders.owner_masked(store, order), text=text)
    return {"outcome": "done", "at": now(), "text": word(f"asked.{what}", "zh"), **masked}


def _refusal(reason: str) -> Answer:
    return {"outcome": "refused", "reason": reason, "text": word(f"asked.{reason}", "zh")}
