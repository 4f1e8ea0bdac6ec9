"""Keeping secrets at rest, and signatures of our own, from one master key.

Each purpose has a key of its own (HKDF-SHA256, RFC 5869), so that a value sealed
for one purpose cannot be passed off as another's.
"""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class Unreadable(Exception):
    """A sealed value was made with another key or purpose, or was altered."""


class Sealer:
    """Seals, opens and signs with keys derived from a 32-byte master key."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != 32:
            raise ValueError("the master key has 32 bytes")
        self._key = lru_cache(maxsize=64)(lambda purpose: _derive(master_key, purpose))

    def seal(self, value: bytes, purpose: str) -> bytes:
        """Encrypt (AES-256-GCM); the answer starts with its nonce."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._key(purpose)).encrypt(nonce, value, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt what `seal` made; raises Unreadable."""
        nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return AESGCM(self._key(purpose)).decrypt(nonce, body, purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable(purpose) from error

    def sign(self, value: bytes, purpose: str) -> bytes:
        """HMAC-SHA256, 32 bytes; compare with `hmac.compare_digest`."""
        return hmac.digest(self._key(purpose), value, "sha256")


def _derive(master_key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master_key)
