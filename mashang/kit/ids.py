"""Names that tell nothing: public ids, secrets and their digests.

Row numbers never leave the database: they tell how many there are and invite
counting.  Secrets are stored as digests only; a plain SHA-256 is enough because
they carry 256 random bits (passwords go through `staff.passwords`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def public_id() -> str:
    """16 characters of base58, 93 random bits."""
    return "".join(secrets.choice(_BASE58) for _ in range(16))


def secret() -> str:
    """43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> bytes:
    """What is stored instead of a secret of `secret()`."""
    return hashlib.sha256(value.encode()).digest()


def same(given: str, expected: str) -> bool:
    """Equal, compared in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())
