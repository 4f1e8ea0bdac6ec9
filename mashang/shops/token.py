"""A shop's customer, recognised by the token their shop signed: nothing is typed.

A JWT (RFC 7519) whose algorithm is ours to choose, never the token's: HS256 with a
key of the site, named by `kid`.  It says for whom it is (`aud`, the site), who it
is about (`sub`, the shop's own customer id) and that it is fresh (`exp`, at most 15
minutes ahead).  A token is proof for the moment of asking; a session follows.

Does not: store anybody (`customers`), or ask the shop (`context`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import GuestProtocol, OctKey

from mashang.kit.errors import Refusal
from mashang.shops import contract

LONGEST_LIFE = timedelta(minutes=15)
CLOCKS_MAY_DIFFER = timedelta(seconds=30)
_LONGEST_TOKEN = 4096


class TokenInvalid(Refusal):
    """The token does not prove anything: `reason` for the integrator."""

    status, code = 401, "token_invalid"


class TokenExpired(Refusal):
    """It was right, and its time is over: the page must ask its shop for a new one."""

    status, code = 401, "token_expired"


class SiteKeys(msgspec.Struct, frozen=True):
    """The live signing keys of one site."""

    site: str  # its public id, the audience
    secrets: Mapping[str, str]  # kid → secret


class ShopCustomer(msgspec.Struct, frozen=True):
    """Who the shop says this is."""

    subject: str
    name: str
    tier: str


class _Claims(msgspec.Struct):
    aud: str | list[str]
    sub: contract.Id
    exp: float
    name: contract.Line = ""
    tier: contract.Short = ""
    iat: float = 0.0
    nbf: float = 0.0


def verify(keys: SiteKeys, token: str, now: datetime) -> ShopCustomer:
    """The customer this token proves; raises TokenInvalid or TokenExpired."""
    if len(token) > _LONGEST_TOKEN:
        raise TokenInvalid(reason="too_long")
    claims = _claims(_signed(keys, token))
    audience = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    if keys.site not in audience:
        raise TokenInvalid(reason="audience")
    _check_times(claims, now)
    return ShopCustomer(claims.sub, claims.name.strip(), claims.tier.strip())


def _signed(keys: SiteKeys, token: str) -> dict[str, Any]:
    def key_of(header: GuestProtocol) -> OctKey:
        secret = keys.secrets.get(str(header.headers().get("kid", "")))
        if secret is None:
            raise TokenInvalid(reason="key_unknown")
        return OctKey.import_key(secret)

    try:
        return jwt.decode(token, key_of, algorithms=["HS256"]).claims
    except UnsupportedAlgorithmError as error:
        raise TokenInvalid(reason="algorithm") from error
    except BadSignatureError as error:
        raise TokenInvalid(reason="signature") from error
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise TokenInvalid(reason="malformed") from error


def _claims(given: dict[str, Any]) -> _Claims:
    try:
        return msgspec.convert(given, _Claims)
    except msgspec.ValidationError as error:
        raise TokenInvalid(reason="claims") from error


def _check_times(claims: _Claims, now: datetime) -> None:
    leeway, instant = CLOCKS_MAY_DIFFER.total_seconds(), now.timestamp()
    if not all(math.isfinite(value) for value in (claims.exp, claims.iat, claims.nbf)):
        raise TokenInvalid(reason="claims")
    if claims.exp + leeway <= instant:
        raise TokenExpired
    if claims.exp > instant + LONGEST_LIFE.total_seconds() + leeway:
        raise TokenInvalid(reason="expiry_too_far")
    if max(claims.iat, claims.nbf) > instant + leeway:
        raise TokenInvalid(reason="not_yet")
