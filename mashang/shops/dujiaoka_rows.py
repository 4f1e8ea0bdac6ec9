"""What the rows of a dujiaoka shop's tables mean, in the words of the connector contract.

Its forks are many and its data old: what does not fit the contract's shapes is an outage
of the shop, never a half-read order.  There are no accounts; an order belongs to nobody
but itself, and the buyer's e-mail address is shown masked and identifies nobody.

Delivered keys stand in one text, one to a line, and only where the shop delivers by
itself; what stands there of an order handled by hand are the buyer's own answers.

Does not: read the database (`dujiaoka`).
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from mashang.kit.i18n import sentence
from mashang.kit.text import printable
from mashang.shops import contract
from mashang.shops.connector import ShopFailed
from mashang.shops.mysql import Row

T = TypeVar("T")
LINE = "1"  # an order has one line
LONGEST_INFO = 20_000  # characters that are read of the delivered text
BY_ITSELF, BY_HAND, COMPLETED = 1, 2, 4
_MOST_ENTRIES = 200
_DOTS = "••••"
_SUBJECT = "order:"
_STATUS = {
    -1: ("cancelled", "expired", "waiting"),
    1: ("pending_payment", "unpaid", "waiting"),
    2: ("paid", "waiting", "waiting"),
    3: ("paid", "in_hand", "waiting"),
    COMPLETED: (
        "delivered",
        "completed",
        "delivered",
    ),  # what is delivered by itself is issued: nobody knows it was seen
    5: ("failed", "failed", "failed"),
    6: ("paid", "abnormal", "failed"),
}
_ABNORMAL, _UNPAID, _EXPIRED = 6, 1, -1
_METHODS = {
    "alipay": re.compile(r"支付宝|alipay|zfb", re.IGNORECASE),
    "wechat_pay": re.compile(r"微信|wechat|weixin|wx", re.IGNORECASE),
}
_KEY = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")
_HIDDEN_ENOUGH = 12  # letters and digits of a key whose last four may be read


def subject_of(number: str) -> str:
    """Whose an order is: its own, for what is proved here is one order."""
    return _SUBJECT + number


def order(row: Row, zone: ZoneInfo, page: str) -> contract.Order:
    """One order with its card-issue record; raises ShopFailed."""
    status, status_text, state = _status(row)
    placed_at = _instant(row["created_at"], zone) or _instant(row["updated_at"], zone)
    changed_at = _instant(row["updated_at"], zone) or placed_at
    by_itself = _whole(row["type"]) == BY_ITSELF
    if by_itself and state == "delivered":
        state = "issued"
    quantity = _whole(row["buy_amount"])
    line = {
        "id": LINE,
        "product": _text(row["title"], 200).removesuffix(f" x {quantity}"),  # which it says by itself
        "quantity": quantity,
        "price": _money(row["goods_price"]),
        "delivery": {"kind": "card_key" if by_itself else "top_up", "state": state}
        | ({"at": changed_at} if state in ("issued", "delivered") else {}),
        "issue_record": [_entry(key, row, changed_at) for key in _delivered(row)[:_MOST_ENTRIES]],
    }
    told = {
        "number": row["order_sn"],
        "subject": subject_of(row["order_sn"]),
        "placed_at": placed_at,
        "status": status,
        "status_text": status_text,
        "total": _money(row["actual_price"]),
        "payment": _payment(row),
        "lines": [line],
        "anomaly": _anomaly(row, changed_at),
        "url": f"{page}/detail-order-sn/{row['order_sn']}",
    }
    return shaped(told, contract.Order)


def keys(row: Row) -> list[str]:
    """The readable keys that an order delivered; raises ShopFailed when there are more than are read."""
    if _whole(row["size"] or 0) > LONGEST_INFO:
        raise ShopFailed("too_large", f"more than {LONGEST_INFO} characters were delivered")
    return _delivered(row)


def product(row: Row, page: str) -> dict[str, Any]:
    """Something on sale, not shaped yet."""
    by_itself = _whole(row["type"]) == BY_ITSELF
    return {
        "id": str(row["id"]),
        "name": _text(row["gd_name"], 200),
        "price": _money(row["actual_price"]),
        "url": f"{page}/buy/{row['id']}",
        "kind": "card_key" if by_itself else "top_up",
        "in_stock": bool(_whole(row["unsold"] or 0) if by_itself else _whole(row["in_stock"] or 0) > 0),
        "summary": _text(row["gp_name"], 200),
        "delivery_time": _said("by_itself" if by_itself else "by_hand"),
    }


def shaped(told: Any, into: type[T]) -> T:
    """As the contract has it; raises ShopFailed, which names the field and not what stood in it."""
    try:
        return msgspec.convert(told, into)
    except msgspec.ValidationError as error:
        raise ShopFailed("malformed", str(error)) from None


def _status(row: Row) -> tuple[str, str, str]:
    known = _STATUS.get(_whole(row["status"]))
    if known is None:
        raise ShopFailed("malformed", "orders.status")
    status, word, state = known
    return status, _said(word), state


def _said(word: str) -> str:
    """In the language in which every shop is asked."""
    return sentence(f"dujiaoka.{word}", "zh-CN")


def _payment(row: Row) -> dict[str, Any] | None:
    status = _whole(row["status"])
    if status == _EXPIRED:
        return None
    name, handle = _text(row["pay_name"], 64), str(row["pay_check"] or "")
    known = next((method for method, told in _METHODS.items() if told.search(name) or told.search(handle)), None)
    reference = _text(row["trade_no"], 200)
    return {
        "method": known or name or "-",
        "status": "pending" if status == _UNPAID else "paid",
        "reference_masked": _DOTS + _tail(reference, 4) if len(reference) >= 8 else None,
    }


def _anomaly(row: Row, since: datetime | None) -> dict[str, Any] | None:
    if _whole(row["status"]) != _ABNORMAL:
        return None
    return {"kind": "paid_not_issued", "text": _said("not_issued"), "since": since}


def _entry(key: str, row: Row, at: datetime | None) -> dict[str, Any]:
    to = masked_contact(_text(row["email"], 200))
    return {
        "at": at,
        "action": "issued",
        "source": _said("issued"),
        "key_masked": masked_key(key),
        "to_masked": to or None,
    }


def _delivered(row: Row) -> list[str]:
    """The lines of what was delivered; one that the limit cut in two is left out."""
    info = row["info"]
    if info is None or _whole(row["type"]) != BY_ITSELF or _whole(row["status"]) != COMPLETED:
        return []
    text = info.decode("utf-8", "replace") if isinstance(info, bytes) else str(info)
    lines = re.split(r"\r\n|\r|\n|<br ?/?>", text)
    if len(text) >= LONGEST_INFO and len(lines) > 1:
        lines.pop()
    return [line for one in lines if (line := printable(one).strip())]


def masked_key(key: str) -> str:
    """At most the last four are readable, and only of what looks like one key: “account----password” shows nothing."""
    if _KEY.fullmatch(key) is None:
        return _DOTS
    plain = "".join(filter(str.isalnum, key))
    return f"{_DOTS} {plain[-4:]}" if len(plain) >= _HIDDEN_ENOUGH else _DOTS


def masked_contact(contact: str) -> str:
    """An e-mail address with its first letter and its domain; anything else with less."""
    name, at, domain = contact.partition("@")
    if not name:
        return ""
    return f"{name[0]}{_DOTS}@{domain[:40]}" if at else f"{name[0]}{_DOTS}"


def _tail(text: str, count: int) -> str:
    return "".join(filter(str.isalnum, text))[-count:]


def _text(value: Any, most: int) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
    return printable(text).strip()[:most]


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ShopFailed("malformed", "a number is none") from None


def _money(value: Any) -> dict[str, str]:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise ShopFailed("malformed", "an amount is none") from None
    if not amount.is_finite() or amount < 0 or amount >= 10**12:
        raise ShopFailed("malformed", "an amount is out of range")
    return {"amount": f"{amount:.2f}", "currency": "CNY"}


def _instant(value: Any, zone: ZoneInfo) -> datetime | None:
    """A time as the shop wrote it, which is without its zone; NULL and 0000-00-00 are none."""
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=zone) if value.tzinfo is None else value
