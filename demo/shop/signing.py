r"""Signatures of the connector contract, written from its document alone.

    METHOD \n path?query \n hex SHA-256 of the body \n timestamp \n nonce

Answers are signed over ANSWER, the status, the body, a timestamp and the nonce of
their request.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from demo.shop.store import Store

TOLERANCE = 300


def sign(secret: str, method: str, target: str, body: bytes, *, timestamp: str, nonce: str) -> str:
    """The value of X-Mashang-Signature."""
    text = "\n".join((method, target, hashlib.sha256(body).hexdigest(), timestamp, nonce))
    return "v1=" + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def request_headers(key_id: str, secret: str, method: str, target: str, body: bytes) -> dict[str, str]:
    """The headers of a request of ours."""
    timestamp, nonce = str(int(time.time())), secrets.token_urlsafe(18)
    value = sign(secret, method, target, body, timestamp=timestamp, nonce=nonce)
    return {
        "X-Mashang-Key": key_id,
        "X-Mashang-Timestamp": timestamp,
        "X-Mashang-Nonce": nonce,
        "X-Mashang-Signature": value,
    }


def answer_headers(secret: str, status: int, body: bytes, nonce: str) -> dict[str, str]:
    """The headers of an answer to the request that carried `nonce`."""
    timestamp = str(int(time.time()))
    value = sign(secret, "ANSWER", str(status), body, timestamp=timestamp, nonce=nonce)
    return {"X-Mashang-Timestamp": timestamp, "X-Mashang-Signature": value}


def problem(
    store: Store, key_id: str, secret: str, *, method: str, target: str, body: bytes, headers: Mapping[str, str]
) -> str | None:
    """Why this request is not Mashang's, or None; its nonce is used up when it is."""
    timestamp, nonce = headers.get("x-mashang-timestamp", ""), headers.get("x-mashang-nonce", "")
    if headers.get("x-mashang-key") != key_id or not timestamp.isdecimal() or not 16 <= len(nonce) <= 64:
        return "signature_wrong"
    expected = sign(secret, method, target, body, timestamp=timestamp, nonce=nonce)
    if not hmac.compare_digest(expected.encode(), headers.get("x-mashang-signature", "").encode()):
        return "signature_wrong"
    if abs(time.time() - int(timestamp)) > TOLERANCE:
        return "request_stale"
    long_ago = datetime.now(UTC) - timedelta(seconds=2 * TOLERANCE)
    with store:
        store.run("delete from nonce where at < ?", long_ago.isoformat(timespec="seconds"))
        taken = store.run(
            "insert into nonce (nonce, at) values (?, ?) on conflict do nothing",
            nonce,
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
    return None if taken else "request_replayed"
