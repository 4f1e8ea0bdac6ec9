"""A shop's token at the door: who signs it is told, whose it is not is told clearly, and nothing is stored of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from mashang.kit import clock, ids
from mashang.kit.sealing import Sealer
from mashang.shops import site as sites
from mashang.shops.site import NewKey
from tests.channels.conftest import Page, Served


def token(served: Served, key: NewKey, *, algorithm: str = "HS256", **changes: Any) -> str:
    """As a shop makes it, but for the changes."""
    claims = {"aud": served.stage.site.public_id, "sub": "c-1", "name": "小林", "exp": later(600), **changes}
    parts = ({"alg": algorithm, "typ": "JWT", "kid": key.kid}, claims)
    signed = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    if algorithm == "none":
        return f"{signed}."
    signature = hmac.new(key.secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def later(seconds: int) -> int:
    return int((clock.now() + timedelta(seconds=seconds)).timestamp())


@pytest.fixture
async def key(served: Served) -> NewKey:
    async with served.database.transaction() as tx:
        return await sites.add_key(tx, Sealer(served.settings.secret), served.stage.site.id)


async def test_a_signed_customer_types_nothing(served: Served, key: NewKey) -> None:
    page: Page = await served.visitor(token=token(served, key))
    assert (page.session["customer"]["name"], page.session["customer"]["proved"]) == ("小林", True)


@pytest.mark.parametrize(
    ("what", "code", "told", "said"),
    [
        ("unsigned", "token_invalid", "登录信息无法核实", "could not be verified"),
        ("another key's", "token_invalid", "登录信息无法核实", "could not be verified"),
        ("another site's", "token_invalid", "登录信息无法核实", "could not be verified"),
        ("nonsense", "token_invalid", "登录信息无法核实", "could not be verified"),
        ("expired", "token_expired", "登录信息已过期", "has expired"),
    ],
)
async def test_a_token_that_proves_nothing_is_refused_in_the_customers_language(  # noqa: PLR0917 — four are the case
    served: Served, key: NewKey, what: str, code: str, told: str, said: str
) -> None:
    made = {
        "unsigned": token(served, key, algorithm="none"),
        "another key's": token(served, NewKey(key.kid, ids.secret())),
        "another site's": token(served, key, aud="SOMEBODYELSE"),
        "nonsense": "\u202e不是令牌.'; drop table customer;--",
        "expired": token(served, key, exp=later(-120)),
    }[what]
    async with served.database.transaction() as tx:
        before = await tx.value("select count(*) from customer")
    http = served.client("/api/v1/customer")
    for language, sentence in (("zh-CN", told), ("en", said)):
        body = {"site": served.stage.site.public_id, "token": made}
        answer = await http.post("/sessions", json=body, headers={"accept-language": language})
        assert (answer.status_code // 100, answer.json()["code"]) == (4, code)
        assert sentence in answer.json()["message"]
    async with served.database.transaction() as tx:
        assert await tx.value("select count(*) from customer") == before
