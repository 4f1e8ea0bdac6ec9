"""A shop whose answers the test decides, connected to the product's one site."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from mashang.kit import clock
from mashang.kit.sealing import Sealer
from mashang.shops import looks, signing
from mashang.shops import site as sites
from mashang.shops.reach import SECRET_PURPOSE
from tests.channels.conftest import Page, Served
from tests.selling import RogueShop, client, rogue

__all__ = ["client", "rogue"]

NUMBER, OTHERS = "QN261121480123", "QN261121480777"


def an_order(number: str = NUMBER, subject: str = "c-1", **changes: Any) -> dict[str, Any]:
    """An order as a shop tells it."""
    money = {"amount": "88.00", "currency": "CNY"}
    record = {"at": "2026-11-21T10:05:00+08:00", "action": "issued", "source": "自动发卡", "key_masked": "•••• 7Q2K"}
    line = {
        "id": "l1", "product": "云朵网盘 会员年卡", "quantity": 1, "price": money,
        "delivery": {"kind": "card_key", "state": "issued"}, "issue_record": [record],
    }  # fmt: skip
    return {
        "number": number, "subject": subject, "placed_at": "2026-11-21T10:00:00+08:00", "status": "delivered",
        "status_text": "已发货", "total": money, "lines": [line],
        "payment": {"method": "alipay", "status": "paid"}, **changes,
    }  # fmt: skip


class ConnectedShop:
    """The shop, and what its server may ask of ours."""

    def __init__(self, served: Served, rogue: RogueShop) -> None:
        self.served, self.rogue = served, rogue

    async def open(self) -> None:
        """Connect it to the site, with a key for tokens."""
        sealer = Sealer(self.served.settings.secret)
        async with self.served.database.transaction() as tx:
            shop_id = await tx.value(
                "insert into shop (public_id, name, base_url, key_id, secret_sealed, capabilities)"
                " values ('s', '青柠', %s, 'm1', %s, %s) returning id",
                (
                    self.rogue.keys.base_url,
                    sealer.seal(self.rogue.keys.secret.encode(), SECRET_PURPOSE),
                    json.dumps({"proofs": ["last_four", "one_time_code"]}),
                ),
            )
            await sites.change(
                tx,
                self.served.stage.site.public_id,
                name="小店",
                origins=[],
                shop_id=shop_id,
                looks=looks.Looks(),
                vip_tiers=(),
            )
            site = await sites.by_public_id(tx, self.served.stage.site.public_id)
            self.key = await sites.add_key(tx, sealer, site.id)
        self.tells("/incidents", {"incidents": []})
        self.has(an_order())
        self.has(an_order(OTHERS, "c-2"))
        self.tells("/customers/c-1", {"subject": "c-1", "name": "阿珍", "tier": "VIP"})

    async def can(self, *actions: str) -> None:
        """It does these for the owner of an order, and shows keys to whoever has a reason."""
        told = {"proofs": ["last_four", "one_time_code"], "actions": actions, "reveals": True}
        async with self.served.database.transaction() as tx:
            await tx.run("update shop set capabilities = %s", (json.dumps(told),))

    async def lets_customers_press(self, *actions: str) -> None:
        """The operator's choice."""
        async with self.served.database.transaction() as tx:
            await tx.run("update shop set customer_actions = %s", (list(actions),))

    def tells(self, path: str, body: Any, status: int = 200) -> None:
        """Answer `path` with this."""
        self.rogue.says(path, json.dumps(body).encode(), status=status)

    def has(self, *orders: dict[str, Any]) -> None:
        """These are orders of its; the last given are the list of their owner."""
        for order in orders:
            self.tells(f"/orders/{order['number']}", order)
        kept = ("number", "placed_at", "status", "status_text", "total")
        listed = [{**{name: order[name] for name in kept}, "title": order["lines"][0]["product"]} for order in orders]
        self.tells(f"/customers/{orders[0]['subject']}/orders", {"orders": listed})

    def proves(self, subject: str | None = "c-1") -> None:
        """Whatever is compared is right, or with None wrong."""
        answer = {"outcome": "proved", "subject": subject} if subject else {"outcome": "not_proved"}
        self.tells("/proofs", answer)

    def sends(self) -> None:
        """A one-time code."""
        until = (clock.now() + timedelta(minutes=10)).isoformat()
        self.tells("/proofs", {"outcome": "sent", "proof": "pr-1", "expires_at": until})

    def token(self, subject: str = "c-1") -> str:
        """What its pages sign for a customer."""
        now = int(clock.now().timestamp())
        claims = {"aud": self.served.stage.site.public_id, "sub": subject, "name": "阿珍", "exp": now + 600}
        return jwt.encode({"alg": "HS256", "kid": self.key.kid}, claims, OctKey.import_key(self.key.secret))

    async def signed_in(self, subject: str = "c-1", **fields: Any) -> Page:
        """A page of a customer who is signed in at the shop."""
        return await self.served.visitor(token=self.token(subject), **fields)

    async def asks(self, path: str, body: bytes, *, secret: str = "") -> httpx.Response:
        """A signed request of the shop's server."""
        keys = self.rogue.keys
        headers = signing.headers("m1", secret or keys.secret, "POST", path, body, now=clock.now())
        async with httpx.AsyncClient(base_url=self.served.url, verify=False) as http:  # noqa: S501 — no TLS here
            return await http.post(path, content=body, headers={**headers, "content-type": "application/json"})

    async def code(self, **wish: Any) -> str:
        """A service code for one of its orders."""
        wish = {"subject": "c-1", "order_number": NUMBER, "topic": "CZ", **wish}
        answer = await self.asks("/api/v1/shop-codes", json.dumps(wish).encode())
        assert answer.status_code == 200, answer.text
        return str(answer.json()["code"])


@pytest.fixture
async def shop(served: Served, rogue: RogueShop) -> ConnectedShop:
    """A shop that the product's site belongs to."""
    made = ConnectedShop(served, rogue)
    await made.open()
    return made
