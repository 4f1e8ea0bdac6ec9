"""WeChat Pay, asked whether an order was paid: API v3, query by the merchant's order number.

Every answer is verified before anything in it is read: the signature over time stamp,
nonce and body, made with the very key that was entered (WeChat Pay's public key, or
its platform certificate), not more than five minutes old, as the vendor asks.  The
certificates are never fetched: what verifies the other side must not come from it.

Reference: pay.weixin.qq.com/doc/v3/merchant, 商户订单号查询订单.  Amounts are fen.

Does not: pay, refund, or take notifications (the shop's own affair); no API v3 key is needed.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote

import httpx
import msgspec
from msgspec import Meta

from mashang.kit import clock, ids
from mashang.kit.errors import Invalid
from mashang.shops import contract, providing, rsa
from mashang.shops.fields import Field
from mashang.shops.paid import Paid, ProviderStatus, tested
from mashang.shops.providing import Kind, ProviderFailed, Values

GATEWAY = "https://api.mch.weixin.qq.com"
SCHEME = "WECHATPAY2-SHA256-RSA2048"
TOLERANCE = timedelta(minutes=5)
_NOT_THERE = ("ORDER_NOT_EXIST", "ORDERNOTEXIST")
_NUMBER = re.compile(r"[0-9A-Za-z_|*-]{6,32}")
_STATES: dict[str, ProviderStatus] = {
    "SUCCESS": "paid",
    "REFUND": "refunded",  # in whole or in part
    "NOTPAY": "waiting",
    "USERPAYING": "waiting",
    "CLOSED": "closed",
    "REVOKED": "closed",
    "PAYERROR": "failed",
}
_FIELDS = [
    Field(name="mchid"),
    Field(name="serial_no"),
    Field(name="private_key", kind="pem"),
    Field(name="platform_key", kind="pem"),
    Field(name="platform_key_id", required=False),
    Field(name="appid", required=False),
    Field(name="gateway", kind="address", default=GATEWAY),
]


class _Amount(msgspec.Struct, kw_only=True):
    """In fen; zero where a coupon paid everything."""

    total: Annotated[int, Meta(ge=0, le=100_000_000_000)]
    currency: str = "CNY"


class _Order(msgspec.Struct, kw_only=True):
    """What we read of an answer; the payer is not."""

    mchid: str
    out_trade_no: str
    trade_state: str
    appid: str = ""
    transaction_id: contract.Id | None = None
    success_time: contract.Instant | None = None
    amount: _Amount | None = None


class _Problem(msgspec.Struct):
    """Body of an answer that is no success."""

    code: str = ""


class WeChatPay:
    """One merchant at WeChat Pay."""

    def __init__(self, client: httpx.AsyncClient, values: Values) -> None:
        self._client = client
        self._mchid, self._serial, self._appid = values["mchid"], values["serial_no"], values.get("appid", "")
        self._gateway = values["gateway"].rstrip("/")
        self._ours = rsa.known_private_key(values["private_key"])
        self._theirs = rsa.public_key(values["platform_key"])
        self._key_id = _key_id(values)

    async def paid(self, number: str) -> Paid | None:
        """What WeChat Pay knows of the merchant's order number; None: nothing.  Raises ProviderFailed."""
        if not _NUMBER.fullmatch(number):
            return None  # no number of theirs: it would be refused
        target = f"/v3/pay/transactions/out-trade-no/{quote(number, safe='')}?mchid={self._mchid}"
        answer = await providing.ask(
            self._client, "GET", self._gateway + target, headers=self._headers("GET", self._signed_path(target))
        )
        if answer.status in (401, 403):
            raise ProviderFailed("refused_us", _problem(answer.body))
        self._verify(answer)
        if answer.status == 404 and _problem(answer.body) in _NOT_THERE:
            return None
        if answer.status != 200:
            raise ProviderFailed("refused_us", _problem(answer.body))
        return self._read(answer.body, number)

    def _signed_path(self, target: str) -> str:
        """What the other side sees of the address."""
        return httpx.URL(self._gateway + target).raw_path.decode()

    def _headers(self, method: str, path: str) -> dict[str, str]:
        at, nonce = str(int(clock.now().timestamp())), secrets.token_hex(16)
        signature = rsa.sign(self._ours, f"{method}\n{path}\n{at}\n{nonce}\n\n")
        parts = {
            "mchid": self._mchid,
            "nonce_str": nonce,
            "signature": signature,
            "timestamp": at,
            "serial_no": self._serial,
        }
        told = ",".join(f'{name}="{value}"' for name, value in parts.items())
        return {"Authorization": f"{SCHEME} {told}", "Wechatpay-Serial": self._key_id}

    def _verify(self, answer: providing.Answer) -> None:
        given = {name: answer.headers.get(f"Wechatpay-{name}", "") for name in ("Timestamp", "Nonce", "Signature")}
        if not all(given.values()):
            raise ProviderFailed("unsigned", f"HTTP {answer.status}")
        serial = answer.headers.get("Wechatpay-Serial", "")
        if serial.upper() != self._key_id.upper():
            raise ProviderFailed("wrong_signature", "Wechatpay-Serial")
        signed = f"{given['Timestamp']}\n{given['Nonce']}\n".encode() + answer.body + b"\n"
        if not rsa.fits(self._theirs, signed, given["Signature"]):
            raise ProviderFailed("wrong_signature")
        if not _is_timely(given["Timestamp"]):
            raise ProviderFailed("clocks_differ")
        if not answer.is_json:
            raise ProviderFailed("wrong_type")

    def _read(self, body: bytes, number: str) -> Paid:
        try:
            order = msgspec.json.decode(body, type=_Order)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise ProviderFailed("malformed", providing.place(error)) from error
        if order.out_trade_no != number:
            raise ProviderFailed("another", "order")
        if order.mchid != self._mchid:
            raise ProviderFailed("another", "mchid")
        if self._appid and order.appid != self._appid:
            raise ProviderFailed("another", "appid")
        if order.amount and order.amount.currency != "CNY":
            raise ProviderFailed("another", "currency")
        status = _STATES.get(order.trade_state)
        if status is None:
            raise ProviderFailed("malformed", "trade_state")
        if status == "paid" and order.amount is None:
            raise ProviderFailed("malformed", "amount")
        return Paid(
            status=status,
            paid_at=order.success_time,
            amount=contract.Money(f"{order.amount.total // 100}.{order.amount.total % 100:02}", "CNY")
            if order.amount
            else None,
            reference=order.transaction_id,
        )


def _is_timely(timestamp: str) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(clock.now() - datetime.fromtimestamp(int(timestamp), clock.now().tzinfo)) <= TOLERANCE


def _key_id(values: Values) -> str:
    """Which of the vendor's keys signs: its number, or that of the certificate."""
    return values.get("platform_key_id") or rsa.certificate_serial(values["platform_key"]) or ""


def _problem(body: bytes) -> str:
    try:
        code = msgspec.json.decode(body, type=_Problem).code
    except (msgspec.DecodeError, UnicodeError):
        return ""
    return code if providing.CODE.fullmatch(code) else ""


def _check(values: Values) -> None:
    providing.check_digits(values, "mchid")
    for name in ("serial_no", "platform_key_id", "appid"):
        if not providing.CODE.fullmatch(values.get(name, "x")):
            raise Invalid(field=name, reason="form")
    rsa.check(values, private="private_key", public="platform_key")
    if not _key_id(values):
        raise Invalid(field="platform_key_id", reason="required")


async def _probe(client: httpx.AsyncClient, values: Values, reference: str) -> list[providing.Tested]:
    return await tested(WeChatPay(client, values).paid, reference or f"MASHANG{ids.public_id()}"[:32])


KIND = Kind(
    name="wechat_pay",
    part="payment",
    fields=_FIELDS,
    can=["payment_state", "payment_before_shop"],
    cannot=["payment_change", "payment_people", "payment_partial_refund", "payment_foreign"],
    check=_check,
    probe=_probe,
)
