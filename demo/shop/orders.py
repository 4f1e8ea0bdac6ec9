"""Orders from the basket to the card: placed, paid, issued, opened.

Card keys are random, shown to their buyer only, and masked everywhere else.  Each
step leaves a line in the issue record; what customer service should hear of leaves
an event.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from demo.shop import faults, outbox, parcels, people, products, trades
from demo.shop.people import Customer
from demo.shop.products import Product
from demo.shop.store import CHINA, Store, now

Order = dict[str, Any]
METHODS = ("alipay", "wechat_pay", "balance")
_NO_GAME = ("game_maintenance", "phone")
_KEY_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
HOLDING_UP = ("maintenance", "game_maintenance", "wrong_account", "not_yet")  # faults that top-ups wait for
_USUALLY = {"game": 5, "phone": 10}  # minutes from the payment to the arrival of a top-up
_AT_MOST = 30  # the same while it takes longer than usual (fault `not_yet`)
_SOURCES = {"top_up": "系统直充", "card_key": "自动发卡", "parcel": "仓库发货"}
_ANOMALY_WORDS = {
    "paid_not_issued": "已付款，卡密未发放",
    "top_up_failed": "充值未到账",
    "wrong_account": "所选区服没有这个账号，充值被退回",
}


def new_number(at: str | None = None) -> str:
    """QN, the shop's day, six random digits: it does not tell how many orders there are."""
    day = datetime.fromisoformat(at or now()).astimezone(CHINA)
    return f"QN{day:%y%m%d}{secrets.randbelow(1_000_000):06d}"


def new_key() -> str:
    """A card key: XXXX-XXXX-XXXX-XXXX."""
    return "-".join("".join(secrets.choice(_KEY_LETTERS) for _ in range(4)) for _ in range(4))


def masked_key(key: str) -> str:
    """•••• 7Q2K."""
    return f"•••• {key[-4:]}"


def masked_target(target: str) -> str:
    """A phone number or game account with its middle hidden."""
    if people.PHONE.fullmatch(target):
        return people.masked_phone(target)
    shown = max(1, min(3, len(target) // 3))
    return f"{target[:shown]}****{target[-shown:] if len(target) > 2 else ''}"


def money(fen: int) -> dict[str, str]:
    """An amount as the contract writes it."""
    return {"amount": f"{fen / 100:.2f}", "currency": "CNY"}


def place(store: Store, customer: Customer, product: Product, quantity: int, target: str) -> str:
    """A new order that waits for payment; its number."""
    number = new_number()
    with store:
        store.add(
            "orders",
            number=number,
            customer_id=customer["id"],
            placed_at=now(),
            total=product.price * quantity - products.discount(product, quantity),
            status="pending_payment",
        )
        store.add(
            "line",
            id=f"{number}-1",
            order_number=number,
            product_id=product.id,
            quantity=quantity,
            price=product.price,
            target=target,
        )
    return number


def pay(store: Store, order: Order, method: str) -> bool:
    """Pretend a payment, then issue; False when the balance is too small.

    What Alipay took it may keep to itself (fault `not_notified`): the order then waits on.
    """
    with store:
        at, reference = now(), f"{secrets.randbelow(10**16):016d}"
        if method == "alipay":
            trade = trades.take(store, order["number"], order["total"])
            at, reference = trade["paid_at"], trade["reference"]
            if "not_notified" in faults.switched_on(store):
                return True
        if method == "balance" and not people.move_balance(
            store, order["customer_id"], -order["total"], "order", order["number"]
        ):
            store.run("insert or replace into try (number, method) values (?, ?)", order["number"], method)
            return False
        store.run(
            "update orders set status = 'paid', method = ?, paid_at = ?, reference = ?"
            " where number = ? and status = 'pending_payment'",
            method,
            at,
            reference,
            order["number"],
        )
        paid = {
            "method": method,
            "status": "paid",
            "paid_at": at,
            "reference_masked": f"{reference[:4]}****{reference[-4:]}",
        }
        outbox.put(store, "payment", order_number=order["number"], subject=order["customer_id"], payment=paid)
        _deliver(store, order)
    return True


def notify(store: Store) -> None:
    """The notifications of Alipay that were kept back arrive."""
    for trade in trades.unnoticed(store):
        order = by_number(store, trade["number"])
        if order:
            pay(store, order, "alipay")


def make_up(store: Store) -> None:
    """Top-ups that a fault kept from going through go through, as far as no other fault does."""
    broken = faults.switched_on(store)
    with store:
        for order in store.all("select * from orders where status = 'paid'"):
            for line in store.all("select * from line where order_number = ?", order["number"]):
                came_back = line["state"] == "failed" and order["anomaly"] == "wrong_account"
                is_held = _kind(line) == "top_up" and (line["state"] == "waiting" or came_back)
                if is_held and not _held_up_by(line, broken):
                    _issue(store, order, line, _SOURCES["top_up"])
            _settle(store, order["number"])


def issue_waiting(store: Store) -> int:
    """Issue everything that was paid and not issued; how many orders."""
    waiting = store.all("select * from orders where status = 'paid'")
    with store:
        for order in waiting:
            for line in store.all("select * from line where order_number = ? and state = 'waiting'", order["number"]):
                _issue(store, order, line, "客服补发")
            _settle(store, order["number"])
    return len(waiting)


def issue_due(store: Store, order: Order, line: dict[str, Any], by: str) -> dict[str, str]:
    """Issue a line that was not, within the caller's block; what its record says now, masked."""
    _issue(store, order, line, f"{by}补发")
    _settle(store, order["number"])
    last = store.first("select key_masked, to_masked from record where line_id = ? order by id desc", line["id"]) or {}
    return {name: value for name, value in last.items() if value}


def send_again(store: Store, order: Order, line: dict[str, Any], by: str) -> dict[str, str]:
    """Send a line's keys to their owner once more, within the caller's block; key and telephone, masked."""
    masked = {"key_masked": masked_key(keys_of(store, line)[-1]), "to_masked": owner_masked(store, order)}
    _tell_issue(store, order, line, "resent", f"{by}补发", **masked)
    return masked


def reissue(store: Store, order: Order, line: dict[str, Any], by: str) -> dict[str, str]:
    """Void a line's keys and issue others, within the caller's block; the last of them and the telephone, masked."""
    store.run("delete from card where line_id = ?", line["id"])
    keys = [new_key() for _ in range(line["quantity"])]
    for key in keys:
        store.add("card", line_id=line["id"], key=key)
    store.run("update line set state = 'issued', state_at = ? where id = ?", now(), line["id"])
    _settle(store, order["number"])
    masked = {"key_masked": masked_key(keys[-1]), "to_masked": owner_masked(store, order)}
    _tell_issue(store, order, line, "reissued", f"{by}换发", **masked)
    return masked


def show_keys(store: Store, order: Order, line: dict[str, Any]) -> list[str]:
    """The keys of a line, for somebody of customer service; noted in its record."""
    keys = keys_of(store, line)
    if keys:
        with store:
            _tell_issue(store, order, line, "opened", "客服查看", key_masked=masked_key(keys[-1]))
    return keys


def owner_masked(store: Store, order: Order) -> str:
    """The telephone of the order's owner."""
    return people.masked_phone((people.by_id(store, order["customer_id"]) or {"phone": ""})["phone"])


def open_keys(store: Store, order: Order, line: dict[str, Any]) -> list[str]:
    """The card keys of a line, for their buyer; noted in the issue record and told."""
    keys = keys_of(store, line)
    if keys:
        with store:
            store.run("update line set state = 'delivered' where id = ?", line["id"])
            _tell_issue(store, order, line, "opened", "本人在订单页查看", key_masked=masked_key(keys[0]))
            _settle(store, line["order_number"])
    return keys


def cancel(store: Store, order: Order) -> None:
    """Cancel what was not paid."""
    with store:
        store.run(
            "update orders set status = 'cancelled' where number = ? and status = 'pending_payment'", order["number"]
        )


def of_customer(store: Store, customer_id: str, *, limit: int = 50, before: str = "") -> list[Order]:
    """A customer's orders with their lines, newest first."""
    found = store.all(
        "select * from orders where customer_id = ? and placed_at < ? order by placed_at desc, number limit ?",
        customer_id,
        before or "9999",
        limit,
    )
    return [_whole(store, order) for order in found]


def by_number(store: Store, number: str) -> Order | None:
    """One order with lines and issue records."""
    found = store.first("select * from orders where number = ?", number)
    return _whole(store, found) if found else None


def anomaly_text(kind: str) -> str:
    """What the shop says is wrong."""
    return _ANOMALY_WORDS.get(kind, kind)


def report_anomaly(store: Store, number: str, customer_id: str, kind: str, since: str) -> None:
    """Tell customer service, within the caller's block, that something is wrong with an order."""
    anomaly = {"kind": kind, "text": anomaly_text(kind), "since": since}
    outbox.put(store, "order.anomaly", order_number=number, subject=customer_id, anomaly=anomaly)


def _whole(store: Store, order: Order) -> Order:
    lines = store.all("select * from line where order_number = ? order by id", order["number"])
    for line in lines:
        line["product"] = products.by_id(line["product_id"])
        line["record"] = store.all("select * from record where line_id = ? order by id", line["id"])
        line["expected_at"] = _expected_at(store, order, line)
        if _is_under_way(line) and parcels.has_arrived(store, line["id"]):
            line["state"] = "delivered"
    tried = store.first("select method from try where number = ?", order["number"])
    sent = order["status"] == "paid" and all(line["state"] not in ("waiting", "failed") for line in lines)
    if sent and not any(_is_under_way(line) for line in lines):
        order["status"] = "delivered"
    shown = "sent" if sent and order["status"] == "paid" else order["status"]
    return {**order, "lines": lines, "tried": tried and tried["method"], "shown": shown}


def _deliver(store: Store, order: Order) -> None:
    broken = faults.switched_on(store)
    for line in store.all("select * from line where order_number = ?", order["number"]):
        held_up_by = _held_up_by(line, broken)
        if held_up_by == "wrong_account":
            _send_back(store, order, line)
        elif not held_up_by:
            _issue(store, order, line, _SOURCES[_kind(line)])
    _settle(store, order["number"])
    if "not_issued" in broken:
        _is_wrong(store, order, "paid_not_issued")


def _held_up_by(line: dict[str, Any], broken: dict[str, str]) -> str:
    """The fault that keeps this line from its buyer; empty: none."""
    product = products.by_id(line["product_id"])
    if "not_issued" in broken:
        return "not_issued"
    if product is None or product.kind != "top_up":
        return ""
    return next((one for one in HOLDING_UP if one in broken and (one, product.category) != _NO_GAME), "")


def _send_back(store: Store, order: Order, line: dict[str, Any]) -> None:
    """There is no such account: the top-up came back."""
    store.run("update line set state = 'failed', state_at = ? where id = ?", now(), line["id"])
    _tell_issue(store, order, line, "failed", "充值渠道退回：账号不存在", to_masked=masked_target(line["target"]))
    _is_wrong(store, order, "wrong_account")


def _is_wrong(store: Store, order: Order, kind: str) -> None:
    at = now()
    store.run("update orders set anomaly = ?, anomaly_since = ? where number = ?", kind, at, order["number"])
    report_anomaly(store, order["number"], order["customer_id"], kind, at)


def _expected_at(store: Store, order: Order, line: dict[str, Any]) -> str | None:
    """When a top-up that is under way is there at the latest, as a rule."""
    if order["status"] != "paid" or line["state"] != "waiting" or line["product"].kind != "top_up":
        return None
    is_slow = "not_yet" in faults.switched_on(store)
    minutes = _AT_MOST if is_slow else _USUALLY[line["product"].category]
    return (datetime.fromisoformat(order["paid_at"]) + timedelta(minutes=minutes)).isoformat()


def _issue(store: Store, order: Order, line: dict[str, Any], source: str) -> None:
    if _kind(line) == "top_up":
        store.run("update line set state = 'delivered', state_at = ? where id = ?", now(), line["id"])
        _note(store, line["id"], "delivered", source, to_masked=masked_target(line["target"]))
    elif _kind(line) == "parcel":
        parcels.send(store, order["number"], line["id"], now())
        store.run("update line set state = 'issued', state_at = ? where id = ?", now(), line["id"])
        _note(store, line["id"], "issued", source)
    else:
        keys = [new_key() for _ in range(line["quantity"])]
        for key in keys:
            store.add("card", line_id=line["id"], key=key)
            _note(store, line["id"], "issued", source, key_masked=masked_key(key))
        store.run("update line set state = 'issued', state_at = ? where id = ?", now(), line["id"])
    _tell_last(store, order, line)


def keys_of(store: Store, line: dict[str, Any]) -> list[str]:
    """The keys of a line, as they are."""
    return [row["key"] for row in store.all("select key from card where line_id = ? order by id", line["id"])]


def _tell_issue(store: Store, order: Order, line: dict[str, Any], action: str, source: str, **masked: str) -> None:
    """A line of the issue record, told at once."""
    _note(store, line["id"], action, source, **masked)
    _tell_last(store, order, line)


def _tell_last(store: Store, order: Order, line: dict[str, Any]) -> None:
    """The newest line of the issue record, word for word."""
    last = store.first("select * from record where line_id = ? order by id desc limit 1", line["id"]) or {}
    entry = {name: last[name] for name in ("at", "action", "source", "key_masked", "to_masked") if last.get(name)}
    outbox.put(store, "issue", order_number=order["number"], subject=order["customer_id"], line=line["id"], entry=entry)


def _note(store: Store, line_id: str, action: str, source: str, **masked: str) -> None:
    store.add("record", line_id=line_id, at=now(), action=action, source=source, **masked)


def _settle(store: Store, number: str) -> None:
    """The order's status follows from its lines; a parcel is under way until it has arrived."""
    lines = store.all("select * from line where order_number = ?", number)
    if not any(line["state"] in ("waiting", "failed") or _is_under_way(line) for line in lines):
        store.run(
            "update orders set status = 'delivered', anomaly = null, anomaly_since = null where number = ?", number
        )


def _is_under_way(line: dict[str, Any]) -> bool:
    return _kind(line) == "parcel" and line["state"] == "issued"


def _kind(line: dict[str, Any]) -> str:
    product = products.by_id(line["product_id"])
    return product.kind if product else "card_key"
