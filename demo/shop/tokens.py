"""The token that tells Mashang who is signed in here: a JWT, as docs/integrating/tokens.md shows it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

from demo.shop.config import Config

_GOOD_FOR = 600


def token(config: Config, customer: dict[str, str]) -> str:
    """A token about this customer, good for ten minutes."""
    header = {"alg": "HS256", "typ": "JWT", "kid": config.token_kid}
    claims = {
        "aud": config.site,
        "sub": customer["id"],
        "name": customer["name"],
        "tier": customer["tier"],
        "exp": int(time.time()) + _GOOD_FOR,
    }
    signed = f"{_encoded(json.dumps(header).encode())}.{_encoded(json.dumps(claims).encode())}"
    signature = hmac.new(config.token_secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_encoded(signature)}"


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
