r"""Signatures of the connector contract, the same in both directions.

    METHOD \n path?query \n hex SHA-256 of the body \n timestamp \n nonce

under HMAC-SHA256 with the shared secret.  An answer is signed too, with `ANSWER`
for the method, the status for the path, and the nonce of its request: so it can
neither be altered, nor played back for another question.  The leading `v1=` names
this scheme, that another can stand beside it one day.

Pure: no clock, no memory.  Whoever verifies keeps the nonces it has seen (for ten
minutes: twice the tolerance) and refuses a second use.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

TOLERANCE = timedelta(minutes=5)
NONCES_ARE_KEPT_FOR = 2 * TOLERANCE
KEY, TIMESTAMP, NONCE, SIGNATURE = "X-Mashang-Key", "X-Mashang-Timestamp", "X-Mashang-Nonce", "X-Mashang-Signature"
_NONCE_FORM = re.compile(r"[A-Za-z0-9_-]{16,64}")
_TIMESTAMP_FORM = re.compile(r"[0-9]{9,11}")


class Signed(msgspec.Struct, frozen=True):
    """The four headers of a signed message."""

    key_id: str
    timestamp: str
    nonce: str
    signature: str


def signature(secret: str, method: str, target: str, body: bytes, *, timestamp: str, nonce: str) -> str:
    """The value of X-Mashang-Signature."""
    text = "\n".join((method.upper(), target, hashlib.sha256(body).hexdigest(), timestamp, nonce))
    return "v1=" + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def headers(key_id: str, secret: str, method: str, target: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """The headers that sign this request, with a nonce of their own."""
    timestamp, nonce = str(int(now.timestamp())), secrets.token_urlsafe(18)
    value = signature(secret, method, target, body, timestamp=timestamp, nonce=nonce)
    return {KEY: key_id, TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: value}


def read(given: Mapping[str, str]) -> Signed | None:
    """The four headers, or None when one is missing or has not its form."""
    found = Signed(*(given.get(name, "") for name in (KEY, TIMESTAMP, NONCE, SIGNATURE)))
    well_formed = _NONCE_FORM.fullmatch(found.nonce) and _TIMESTAMP_FORM.fullmatch(found.timestamp)
    return found if well_formed and found.key_id else None


def read_answer(given: Mapping[str, str], nonce: str) -> Signed | None:
    """The signature of an answer to the request that carried `nonce`."""
    return read({KEY: "answer", NONCE: nonce, TIMESTAMP: given.get(TIMESTAMP, ""), SIGNATURE: given.get(SIGNATURE, "")})


def is_timely(timestamp: str, now: datetime) -> bool:
    """Within five minutes of now, before or after."""
    return abs(datetime.fromtimestamp(int(timestamp), UTC) - now) <= TOLERANCE


def fits(secret: str, method: str, target: str, body: bytes, signed: Signed) -> bool:
    """Was this signed with `secret`?  Compared in constant time."""
    expected = signature(secret, method, target, body, timestamp=signed.timestamp, nonce=signed.nonce)
    return hmac.compare_digest(expected.encode(), signed.signature.encode())
