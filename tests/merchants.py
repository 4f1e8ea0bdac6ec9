"""Payment providers as servers that sign and verify for real, and what an operator enters to connect them."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from bench.stage import free_port
from mashang.kit import clock
from tests.keypairs import pair
from tests.selling import serving


def alipay_values(gateway: str = "", **changes: str) -> dict[str, str]:
    """What an operator enters to connect Alipay."""
    values = {
        "app_id": "2021000000000001",
        "private_key": pair("merchant").private,
        "alipay_key": pair("alipay").public,
        "gateway": gateway,
    }
    return {**values, **changes}


def wechat_values(gateway: str = "", **changes: str) -> dict[str, str]:
    """What an operator enters to connect WeChat Pay."""
    values = {
        "mchid": "1900000109",
        "serial_no": "3775B6A45ACD588826D15E583A95F5DD00000001",
        "private_key": pair("merchant").private,
        "platform_key": pair("wechat").public,
        "platform_key_id": "PUB_KEY_ID_0119000001092024101100397200000006",
        "gateway": gateway,
    }
    return {**values, **changes}


def signed(owner: str, text: bytes) -> str:
    """This owner's signature, base64."""
    return base64.b64encode(pair(owner).key.sign(text, PKCS1v15(), SHA256())).decode()


def verified(owner: str, text: bytes, signature: str) -> bool:
    """Did this owner sign exactly this?"""
    try:
        pair(owner).key.public_key().verify(base64.b64decode(signature), text, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass
class Vendor(ABC):
    """A payment provider as a real server: it knows some orders, verifies who asks, and signs what it says.

    `bend` changes an answer after it was signed; `signs_as` is whose key it signs with; `late` is waited for.
    """

    gateway: str
    signs_as: str
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    bend: Callable[[int, dict[str, str], bytes], tuple[int, dict[str, str], bytes]] | None = None
    late: asyncio.Event | None = None

    @abstractmethod
    async def answer(self, scope: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body, before `bend`."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"")
        status, headers, content = await self.answer(scope, body)
        if self.late:
            await self.late.wait()
        if self.bend:
            status, headers, content = self.bend(status, headers, content)
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": content})


class AlipayServer(Vendor):
    """alipay.trade.query, as the vendor's documents tell it."""

    async def answer(self, scope: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        given = dict(parse_qsl(scope["query_string"].decode()) + parse_qsl(body.decode()))
        sign = given.pop("sign", "")
        content = "&".join(f"{name}={given[name]}" for name in sorted(given))
        if not verified("merchant", content.encode(), sign):
            return self.said({"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-signature"})
        number = json.loads(given["biz_content"])["out_trade_no"]
        self.asked.append(number)
        trade = self.orders.get(number)
        if trade is None:
            return self.said({"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"})
        return self.said({"code": "10000", "msg": "Success", "out_trade_no": number, **trade})

    def said(self, said: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/")
        sign = signed(self.signs_as, text.encode()).replace("/", "\\/")  # as the vendor's own gateway escapes it
        whole = f'{{"alipay_trade_query_response":{text},"sign":"{sign}"}}'
        return 200, {"content-type": "text/html;charset=utf-8"}, whole.encode()


class WeChatServer(Vendor):
    """GET /v3/pay/transactions/out-trade-no/…, as the vendor's documents tell it."""

    serial = "PUB_KEY_ID_0119000001092024101100397200000006"

    async def answer(self, scope: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        scheme, _, rest = headers.get("authorization", "").partition(" ")
        given = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        target = scope["raw_path"].decode() + "?" + scope["query_string"].decode()
        text = f"{scope['method']}\n{target}\n{given.get('timestamp')}\n{given.get('nonce_str')}\n{body.decode()}\n"
        if scheme != "WECHATPAY2-SHA256-RSA2048" or not verified("merchant", text.encode(), given["signature"]):
            return self.said(401, {"code": "SIGN_ERROR", "message": "签名错误"})
        number = unquote(scope["raw_path"].decode().rpartition("/")[2])
        self.asked.append(number)
        order = self.orders.get(number)
        if order is None:
            return self.said(404, {"code": "ORDER_NOT_EXIST", "message": "订单不存在"})
        return self.said(200, {"mchid": given["mchid"], "appid": "wx1", "out_trade_no": number, **order})

    def said(self, status: int, said: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        body = json.dumps(said, ensure_ascii=False).encode()
        return status, self.headers(body), body

    def headers(self, body: bytes, ago: timedelta = timedelta(0)) -> dict[str, str]:
        at, nonce = str(int((clock.now() - ago).timestamp())), "c5ac7061fccab6bf3e254dcf98995b8c"
        return {
            "content-type": "application/json; charset=utf-8",
            "wechatpay-timestamp": at,
            "wechatpay-nonce": nonce,
            "wechatpay-signature": signed(self.signs_as, f"{at}\n{nonce}\n".encode() + body + b"\n"),
            "wechatpay-serial": self.serial,
            "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
        }


@pytest.fixture
async def alipay() -> AsyncIterator[AlipayServer]:
    """Alipay's gateway on a port of this machine."""
    port = free_port()
    vendor = AlipayServer(f"http://127.0.0.1:{port}/gateway.do", "alipay")
    async with serving(vendor, port):
        yield vendor


@pytest.fixture
async def wechat() -> AsyncIterator[WeChatServer]:
    """WeChat Pay on a port of this machine."""
    port = free_port()
    vendor = WeChatServer(f"http://127.0.0.1:{port}", "wechat")
    async with serving(vendor, port):
        yield vendor
