"""Orders from the basket to the card: placed, paid, issued, opened.

Card keys are random, shown to their buyer only, and masked everywhere else.  Each
step leaves a line in the issue record; what customer service should hear of leaves
an event.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from demo.shop import faults, outbox, people, products
from demo.shop.people import Customer
from demo.shop.products import Product
from demo.shop.store import CHINA, Store, now

Order = dict[str, Any]
METHODS = ("alipay", "wechat_pay", "balance")
_KEY_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_ANOMALY_WORDS = {"paid_not_issued": "已付款，卡密未发放", "top_up_failed": "充值未到账"}


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
    """Pretend a payment, then issue; False when the balance is too small."""
    with store:
        reference = f"{secrets.randbelow(10**16):016d}"
        if method == "balance" and not people.move_balance(
            store, order["customer_id"], -order["total"], "order", order["number"]
        ):
            return False
        at = now()
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


def issue_waiting(store: Store) -> int:
    """Issue everything that was paid and not issued; how many orders."""
    waiting = store.all("select * from orders where status = 'paid'")
    with store:
        for order in waiting:
            for line in store.all("select * from line where order_number = ? and state = 'waiting'", order["number"]):
                _issue(store, order, line, "客服补发")
            _settle(store, order["number"])
    return len(waiting)


def open_keys(store: Store, line: dict[str, Any]) -> list[str]:
    """The card keys of a line, for their buyer; noted in the issue record."""
    keys = [row["key"] for row in store.all("select key from card where line_id = ? order by id", line["id"])]
    if keys:
        with store:
            store.run("update line set state = 'delivered' where id = ?", line["id"])
            _note(store, line["id"], "opened", "本人在订单页查看", key_masked=masked_key(keys[0]))
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
    return {**order, "lines": lines}


def _deliver(store: Store, order: Order) -> None:
    broken = faults.switched_on(store)
    for line in store.all("select * from line where order_number = ?", order["number"]):
        is_top_up = _kind(line) == "top_up"
        if "not_issued" in broken or ("maintenance" in broken and is_top_up):
            continue
        _issue(store, order, line, "系统直充" if is_top_up else "自动发卡")
    _settle(store, order["number"])
    if "not_issued" in broken:
        kind, at = "paid_not_issued", now()
        store.run("update orders set anomaly = ?, anomaly_since = ? where number = ?", kind, at, order["number"])
        report_anomaly(store, order["number"], order["customer_id"], kind, at)


def _issue(store: Store, order: Order, line: dict[str, Any], source: str) -> None:
    if _kind(line) == "top_up":
        store.run("update line set state = 'delivered', state_at = ? where id = ?", now(), line["id"])
        _note(store, line["id"], "delivered", source, to_masked=masked_target(line["target"]))
    else:
        keys = [new_key() for _ in range(line["quantity"])]
        for key in keys:
            store.add("card", line_id=line["id"], key=key)
            _note(store, line["id"], "issued", source, key_masked=masked_key(key))
        store.run("update line set state = 'issued', state_at = ? where id = ?", now(), line["id"])
    last = store.first("select * from record where line_id = ? order by id desc limit 1", line["id"]) or {}
    entry = {name: last[name] for name in ("at", "action", "source", "key_masked", "to_masked") if last.get(name)}
    outbox.put(store, "issue", order_number=order["number"], subject=order["customer_id"], line=line["id"], entry=entry)


def _note(store: Store, line_id: str, action: str, source: str, **masked: str) -> None:
    store.add("record", line_id=line_id, at=now(), action=action, source=source, **masked)


def _settle(store: Store, number: str) -> None:
    """The order's status follows from its lines."""
    waiting = store.first("select 1 from line where order_number = ? and state in ('waiting', 'failed')", number)
    if waiting is None:
        store.run(
            "update orders set status = 'delivered', anomaly = null, anomaly_since = null where number = ?", number
        )


def _kind(line: dict[str, Any]) -> str:
    product = products.by_id(line["product_id"])
    return product.kind if product else "card_key"
