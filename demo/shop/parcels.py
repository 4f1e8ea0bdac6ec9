"""Parcels under way: every one goes the same road from the warehouse to the door, and each step comes in its time.

Nothing moves by itself: where a parcel is follows from when it was sent.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.shop.store import Store
from demo.shop.words import word

# (after it was sent, the contract's state, key of the words)
_ROAD = (
    (timedelta(0), "collected", "collected"),
    (timedelta(hours=5), "in_transit", "left"),
    (timedelta(hours=20), "in_transit", "arrived"),
    (timedelta(hours=29), "delivering", "carried"),
    (timedelta(hours=34), "delivered", "signed"),
)


def send(store: Store, order_number: str, line_id: str, at: str) -> str:
    """Hand a line's parcel to the carrier, within the caller's block; its number."""
    number = f"QNX{secrets.randbelow(10**10):010d}"
    store.add("parcel", number=number, order_number=order_number, line_id=line_id, sent_at=at)
    return number


def of_order(store: Store, order_number: str, lang: str) -> list[dict[str, Any]]:
    """The parcels of an order as the contract writes them, each with the steps behind it, newest first."""
    return [
        {
            "number": parcel["number"],
            "carrier": word("carrier", lang),
            "state": _steps(parcel)[0][1],
            "lines": [parcel["line_id"]],
            "events": [
                {
                    "at": at.isoformat(timespec="seconds"),
                    "text": word(f"step.{name}", lang),
                    "place": word(f"step.{name}.place", lang),
                }
                for at, _state, name in _steps(parcel)
            ],
        }
        for parcel in store.all("select * from parcel where order_number = ? order by sent_at", order_number)
    ]


def has_arrived(store: Store, line_id: str) -> bool:
    """Is the parcel of this line at its door?"""
    sent = store.all("select * from parcel where line_id = ?", line_id)
    return bool(sent) and all(_steps(parcel)[0][1] == "delivered" for parcel in sent)


def _steps(parcel: dict[str, Any]) -> list[tuple[datetime, str, str]]:
    sent, now = datetime.fromisoformat(parcel["sent_at"]), datetime.now(UTC)
    return [
        (sent + after, state, name)
        for after, state, name in reversed(_ROAD)
        if after == _ROAD[0][0] or sent + after <= now
    ]
