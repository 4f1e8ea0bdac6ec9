"""What the pretended Alipay took, which the shop may not know yet.

While the fault `not_notified` is on, payments are made there and the shop is not told of
them, as it happens to real shops; switched off, the notifications arrive.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from demo.shop.store import CHINA, Store, now


def take(store: Store, number: str, fen: int) -> dict[str, Any]:
    """Take a payment, within the caller's block: the trade, as this side knows it."""
    store.run(
        "insert into trade (number, paid_at, total, reference) values (?, ?, ?, ?) on conflict do nothing",
        number,
        now(),
        fen,
        f"{datetime.now(CHINA):%Y%m%d}{secrets.randbelow(10**20):020d}",
    )
    return store.first("select * from trade where number = ?", number) or {}


def unnoticed(store: Store) -> list[dict[str, Any]]:
    """Payments that the shop was not told of."""
    return store.all(
        "select t.* from trade t join orders o on o.number = t.number"
        " where o.status = 'pending_payment' order by t.paid_at"
    )
