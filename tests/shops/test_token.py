"""A shop's customer is who the shop's signed token says, and nobody without one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from demo.shop import tokens
from demo.shop.config import Config
from mashang.kit import clock, ids
from mashang.shops.site import ShopCustomer, SiteKeys, TokenExpired, TokenInvalid, verify_token

NOW = clock.now()
SECRET = ids.secret()
KEYS = SiteKeys("SITE", {"k1": SECRET, "k2": ids.secret()})


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def token(header: dict[str, Any] | None = None, secret: str = SECRET, **claims: Any) -> str:
    """A token that is right but for what the test changes; a claim of None is left out."""
    whole = {"aud": "SITE", "sub": "c-1", "name": "小林", "tier": "VIP", "exp": int(NOW.timestamp()) + 600, **claims}
    parts = [
        {"alg": "HS256", "typ": "JWT", "kid": "k1"} | (header or {}),
        {k: v for k, v in whole.items() if v is not None},
    ]
    signed = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{encoded(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def reason(of: str) -> str:
    with pytest.raises(TokenInvalid) as refused:
        verify_token(KEYS, of, NOW)
    return str(refused.value.facts["reason"])


def test_a_right_token_proves_the_customer() -> None:
    assert verify_token(KEYS, token(), NOW) == ShopCustomer("c-1", "小林", "VIP")


def test_the_demo_shop_signs_tokens_that_prove_its_customers() -> None:
    config = Config(
        product_url="", site="SITE", token_kid="k1", token_secret=SECRET, connector_key_id="", connector_secret="",
        event_url="",
    )  # fmt: skip
    made = tokens.token(config, {"id": "c-100001", "name": "小林", "tier": "VIP"})
    assert verify_token(KEYS, made, clock.now()).subject == "c-100001"


def test_an_audience_may_be_a_list_that_holds_the_site() -> None:
    assert verify_token(KEYS, token(aud=["OTHER", "SITE"]), NOW).subject == "c-1"


def test_an_unsigned_token_proves_nothing() -> None:
    unsigned = ".".join([encoded(b'{"alg":"none","kid":"k1"}'), token().split(".")[1], ""])
    assert reason(unsigned) == "algorithm"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS384", "HS512", "RS256"])
def test_the_token_does_not_choose_its_algorithm(algorithm: str) -> None:
    assert reason(token({"alg": algorithm})) == "algorithm"


@pytest.mark.parametrize("kid", ["k3", "", None, 7, ["k1"]])
def test_a_key_that_is_not_the_sites_is_refused(kid: Any) -> None:
    assert reason(token({"kid": kid})) in ("key_unknown", "malformed")


def test_a_signature_of_another_key_is_refused() -> None:
    assert reason(token(secret=ids.secret())) == "signature"
    assert reason(token({"kid": "k2"})) == "signature"


@pytest.mark.parametrize("audience", ["OTHER", "", ["OTHER"], []])
def test_a_token_for_another_site_is_refused(audience: Any) -> None:
    assert reason(token(aud=audience)) == "audience"


@pytest.mark.parametrize("missing", ["aud", "sub", "exp"])
def test_a_token_that_leaves_out_what_counts_is_refused(missing: str) -> None:
    assert reason(token(**{missing: None})) == "claims"


@pytest.mark.parametrize("subject", ["", "a b", "x" * 65, "c\x001", 7, "../c-1"])
def test_a_subject_has_the_form_of_an_id(subject: Any) -> None:
    assert reason(token(sub=subject)) == "claims"


def test_an_expired_token_is_said_to_be_expired() -> None:
    with pytest.raises(TokenExpired):
        verify_token(KEYS, token(exp=int(NOW.timestamp()) - 31), NOW)


def test_clocks_may_differ_by_half_a_minute() -> None:
    assert verify_token(KEYS, token(exp=int(NOW.timestamp()) - 20), NOW).subject == "c-1"
    assert verify_token(KEYS, token(iat=int(NOW.timestamp()) + 20), NOW).subject == "c-1"


def test_a_token_that_lasts_longer_than_a_quarter_of_an_hour_is_refused() -> None:
    far = int((NOW + timedelta(minutes=16)).timestamp())
    assert reason(token(exp=far)) == "expiry_too_far"


@pytest.mark.parametrize("exp", [float("inf"), float("nan"), "soon", True, 10**400])
def test_an_expiry_that_is_no_instant_is_refused(exp: Any) -> None:
    assert reason(token(exp=exp)) in ("claims", "malformed")


def test_a_token_of_the_future_is_refused() -> None:
    assert reason(token(nbf=int(NOW.timestamp()) + 120)) == "not_yet"


def test_one_changed_letter_breaks_the_signature() -> None:
    header, claims, signature = token().split(".")
    changed = encoded(json.dumps({"aud": "SITE", "sub": "c-2", "exp": int(NOW.timestamp()) + 60}).encode())
    assert claims != changed
    assert reason(f"{header}.{changed}.{signature}") == "signature"


def test_a_token_without_end_is_not_read() -> None:
    assert reason("x" * 5000) == "too_long"


@given(some.text(max_size=200) | some.builds(".".join, some.lists(some.text(max_size=40), min_size=3, max_size=3)))
def test_anything_else_is_refused_and_never_an_error(text: str) -> None:
    assert reason(text)
