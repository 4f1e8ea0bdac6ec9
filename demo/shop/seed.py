"""Two customers with a history: 小林, a VIP whose card is late, and 阿珍, whose top-up failed.

阿珍's balance is low, too, and a parcel of hers is under way.

The shop reports 小林's by itself, so that his pages show at once what a report leads to; 阿珍's it tells who asks, as
for every top-up, so that hers show what a rule recommends.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from demo.shop import orders, parcels, people, products
from demo.shop.config import Config
from demo.shop.store import Store


class Past(msgspec.Struct):
    """One order of the past; `steps` are (minutes after payment, action, source)."""

    ago: timedelta
    product: str
    quantity: int
    method: str
    status: str
    state: str
    steps: tuple[tuple[int, str, str], ...] = ()
    target: str = ""
    anomaly: str = ""
    is_reported: bool = False


_ISSUED = (0, "issued", "自动发卡")
_OPENED = (3, "opened", "本人在订单页查看")
_CUSTOMERS: tuple[dict[str, Any], ...] = (
    {
        "id": "c-100001",
        "login": "xiaolin",
        "name": "小林",
        "phone": "13800138567",
        "tier": "VIP",
        "balance": 26850,
        "since": "2024-03-18T02:12:00+00:00",
    },
    {
        "id": "c-100002",
        "login": "azhen",
        "name": "阿珍",
        "phone": "13922224321",
        "tier": "",
        "balance": 1200,
        "since": "2026-06-01T11:40:00+00:00",
    },
)
_HISTORY: dict[str, tuple[Past, ...]] = {
    "c-100001": (
        Past(
            timedelta(minutes=25),
            "yunpan-year",
            1,
            "alipay",
            "paid",
            "waiting",
            anomaly="paid_not_issued",
            is_reported=True,
        ),
        Past(
            timedelta(hours=20),
            "xinghai-6480",
            1,
            "wechat_pay",
            "delivered",
            "delivered",
            ((1, "delivered", "系统直充"),),
            "104857623",
        ),
        Past(timedelta(days=3), "feiyu-30", 2, "alipay", "delivered", "delivered", (_ISSUED, _OPENED)),
        Past(
            timedelta(days=9),
            "phone-100",
            1,
            "balance",
            "delivered",
            "delivered",
            ((4, "delivered", "系统直充"),),
            "13800138567",
        ),
        Past(timedelta(days=20), "coffee-latte", 3, "wechat_pay", "refunded", "issued", (_ISSUED,)),
        Past(
            timedelta(days=41),
            "guangying-month",
            1,
            "alipay",
            "delivered",
            "delivered",
            (_ISSUED, (35, "resent", "客服补发"), (38, "opened", "本人在订单页查看")),
        ),
    ),
    "c-100002": (
        Past(
            timedelta(hours=2),
            "phone-50",
            1,
            "alipay",
            "paid",
            "failed",
            ((10, "failed", "运营商退回：号码已停机"),),
            "13922224321",
            "top_up_failed",
        ),
        Past(timedelta(hours=26), "books-box", 1, "alipay", "paid", "issued", ((60, "issued", "仓库发货"),)),
        Past(timedelta(days=15), "yueting-season", 1, "wechat_pay", "delivered", "delivered", (_ISSUED, _OPENED)),
    ),
}


def seed(store: Store, config: Config) -> None:
    """Make the demo customers once; set their passwords to the installation's, each time."""
    is_new = store.first("select 1 from customer") is None
    with store:
        for customer in _CUSTOMERS if is_new else ():
            store.add("customer", **customer, password="")
            store.add(
                "ledger", customer_id=customer["id"], at=customer["since"], amount=customer["balance"], reason="opening"
            )
            for past in _HISTORY[customer["id"]]:
                _remember(store, customer["id"], past)
        for login, password in config.passwords.items():
            store.run("update customer set password = ? where login = ?", people.hashed(password), login)


def _remember(store: Store, customer_id: str, past: Past) -> None:
    product = products.by_id(past.product)
    if product is None:
        raise LookupError(past.product)
    placed = datetime.now(UTC) - past.ago
    paid = placed + timedelta(minutes=1)
    since = _told(paid + timedelta(minutes=5))
    number, total = orders.new_number(_told(placed)), product.price * past.quantity
    store.add(
        "orders",
        number=number,
        customer_id=customer_id,
        placed_at=_told(placed),
        total=total,
        status=past.status,
        method=past.method,
        paid_at=_told(paid),
        reference=f"2026{abs(hash(number)) % 10**12:012d}",
        anomaly=past.anomaly or None,
        anomaly_since=since if past.anomaly else None,
    )
    if past.is_reported:
        orders.report_anomaly(store, number, customer_id, past.anomaly, since)
    line_id = f"{number}-1"
    last = _told(paid + timedelta(minutes=past.steps[-1][0])) if past.steps else None
    store.add(
        "line",
        id=line_id,
        order_number=number,
        product_id=product.id,
        quantity=past.quantity,
        price=product.price,
        target=past.target,
        state=past.state,
        state_at=last,
    )
    keys = [orders.new_key() for _ in range(past.quantity)] if past.steps and product.kind == "card_key" else []
    for key in keys:
        store.add("card", line_id=line_id, key=key)
    if product.kind == "parcel" and last:
        parcels.send(store, number, line_id, last)
    for minutes, action, source in past.steps:
        at, to = _told(paid + timedelta(minutes=minutes)), orders.masked_target(past.target) if past.target else None
        for key in (keys if action == "issued" else keys[:1]) or [""]:
            masked = orders.masked_key(key) if key else None
            store.add("record", line_id=line_id, at=at, action=action, source=source, key_masked=masked, to_masked=to)


def _told(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
