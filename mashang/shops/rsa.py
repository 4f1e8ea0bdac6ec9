"""Signatures of payment providers: RSA with SHA-256 (PKCS #1 v1.5), with keys as merchants hold them.

A key may come as PEM, as the bare base64 that the providers' tools write, or, for
the other side's, inside a certificate.

Does not: know what is signed (`alipay`, `wechat_pay`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

from mashang.kit.errors import Invalid

SHORTEST = 2048  # bits


class NoKey(ValueError):
    """This text is no RSA key of at least 2048 bits."""


def private_key(text: str) -> RSAPrivateKey:
    """Our own key, checked whole; raises NoKey.  Slow: for what somebody has just entered."""
    return _private(text, known=False)


@lru_cache(maxsize=64)
def known_private_key(text: str) -> RSAPrivateKey:
    """Our own key, which was checked when it was entered."""
    return _private(text, known=True)


@lru_cache(maxsize=64)
def public_key(text: str) -> RSAPublicKey:
    """The other side's key, or that of its certificate; raises NoKey."""
    try:
        if "-----BEGIN CERTIFICATE" in text:
            found: object = load_pem_x509_certificate(text.encode()).public_key()
        elif "-----BEGIN" in text:
            found = load_pem_public_key(text.encode())
        else:
            found = load_der_public_key(_bytes(text))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NoKey from error
    if not isinstance(found, RSAPublicKey) or found.key_size < SHORTEST:
        raise NoKey
    return found


def certificate_serial(text: str) -> str | None:
    """The serial number of a certificate, hexadecimal in capitals; None for a bare key."""
    if "-----BEGIN CERTIFICATE" not in text:
        return None
    return f"{load_pem_x509_certificate(text.encode()).serial_number:X}"


def check(values: Mapping[str, str], *, private: str, public: str) -> None:
    """What was entered as keys are keys; raises Invalid with the field that holds none."""
    for name, load in ((private, private_key), (public, public_key)):
        try:
            load(values[name])
        except NoKey:
            raise Invalid(field=name, reason="key") from None


def sign(key: RSAPrivateKey, text: str) -> str:
    """The signature in base64."""
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()


def fits(key: RSAPublicKey, text: bytes, signature: str) -> bool:
    """Did the holder of this key sign exactly this?"""
    try:
        key.verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _private(text: str, *, known: bool) -> RSAPrivateKey:
    try:
        if "-----BEGIN" in text:
            found: object = load_pem_private_key(text.encode(), None, unsafe_skip_rsa_key_validation=known)
        else:
            found = load_der_private_key(_bytes(text), None, unsafe_skip_rsa_key_validation=known)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: it has a password
        raise NoKey from error
    if not isinstance(found, RSAPrivateKey) or found.key_size < SHORTEST:
        raise NoKey
    return found


def _bytes(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)
