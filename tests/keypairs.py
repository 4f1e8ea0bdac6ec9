"""RSA keys of merchants and payment providers, made once a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@dataclass(frozen=True)
class Pair:
    """An RSA key as its owner holds it, and as it is given to the other side."""

    key: rsa.RSAPrivateKey

    @property
    def private(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def public(self) -> str:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@cache
def pair(owner: str) -> Pair:
    """The pair of this owner; the same for the whole run."""
    return Pair(rsa.generate_private_key(65537, 2048))
