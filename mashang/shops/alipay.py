"""Alipay, asked whether an order was paid: `alipay.trade.query`, signed and verified with RSA2.

The signature of an answer stands over the exact text of one member of its JSON, so
that text is cut out before anything is decoded; an answer whose signature is missing
or wrong tells us nothing.  Alipay signs no time: that an old answer is not played back
rests on TLS, and on the order number inside the signed text.

Reference: opendocs.alipay.com, alipay.trade.query.  Times are Beijing's, amounts yuan.

Does not: pay, refund, or take notifications (the shop's own affair).
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import httpx
import msgspec

from mashang.kit import clock, ids
from mashang.shops import contract, providing, rsa
from mashang.shops.fields import Field
from mashang.shops.paid import Paid, ProviderStatus, tested
from mashang.shops.providing import Kind, ProviderFailed, Values

GATEWAY = "https://openapi.alipay.com/gateway.do"
BEIJING = timezone(timedelta(hours=8))
_METHOD = "alipay.trade.query"
_ANSWER = "alipay_trade_query_response"
_STATES: dict[str, ProviderStatus] = {
    "WAIT_BUYER_PAY": "waiting",
    "TRADE_SUCCESS": "paid",
    "TRADE_FINISHED": "paid",  # … and past the time in which it could be refunded
    "TRADE_CLOSED": "closed",
}
_FIELDS = [
    Field(name="app_id"),
    Field(name="private_key", kind="pem"),
    Field(name="alipay_key", kind="pem"),
    Field(name="gateway", kind="address", default=GATEWAY),
]


class _Trade(msgspec.Struct, kw_only=True):
    """What we read of the signed member; the buyer's name and account are not."""

    code: str
    sub_code: str = ""
    out_trade_no: str = ""
    trade_no: contract.Id | None = None
    trade_status: str = ""
    total_amount: contract.Amount | None = None
    trans_currency: str = "CNY"
    send_pay_date: str | None = None


class Alipay:
    """One application at Alipay."""

    def __init__(self, client: httpx.AsyncClient, values: Values) -> None:
        self._client = client
        self._app_id = values["app_id"]
        self._gateway = values["gateway"]
        self._ours = rsa.known_private_key(values["private_key"])
        self._theirs = rsa.public_key(values["alipay_key"])

    async def paid(self, number: str) -> Paid | None:
        """What Alipay knows of the merchant's order number; None: nothing.  Raises ProviderFailed."""
        common, content = self._request(number)
        answer = await providing.ask(
            self._client,
            "POST",
            f"{self._gateway}?{urlencode(common)}",
            body=urlencode({"biz_content": content}).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
        )
        if answer.status != 200:
            raise ProviderFailed("malformed", f"HTTP {answer.status}")
        return _read(self._verified(answer.body), number)

    def _request(self, number: str) -> tuple[dict[str, str], str]:
        content = json.dumps({"out_trade_no": number})
        common = {
            "app_id": self._app_id,
            "charset": "utf-8",
            "format": "JSON",
            "method": _METHOD,
            "sign_type": "RSA2",
            "timestamp": clock.now().astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
        }
        signed = "&".join(f"{name}={value}" for name, value in sorted({**common, "biz_content": content}.items()))
        return {**common, "sign": rsa.sign(self._ours, signed)}, content

    def _verified(self, body: bytes) -> _Trade:
        members = _members(body)
        said, sign = members.get(_ANSWER) or members.get("error_response"), members.get("sign")
        if said is None:
            raise ProviderFailed("malformed", "no answer in it")
        trade = _decoded(said)
        if trade.code != "10000":
            _raise_refused(trade)
        if sign is None:
            raise ProviderFailed("unsigned")
        if not rsa.fits(self._theirs, said.encode(), sign.strip('"').replace("\\/", "/")):
            raise ProviderFailed("wrong_signature")
        return trade


def _raise_refused(trade: _Trade) -> None:
    """Why it does not answer; nothing that would be shown is in this, so nobody need have signed it."""
    detail = next((code for code in (trade.sub_code, trade.code) if providing.CODE.fullmatch(code)), "")
    if trade.sub_code == "ACQ.TRADE_NOT_EXIST":
        return  # is shown, so it must be signed
    if trade.sub_code == "ACQ.SYSTEM_ERROR" or trade.code == "20000":
        raise ProviderFailed("unavailable", detail)
    raise ProviderFailed("too_many" if trade.code == "40005" else "refused_us", detail)


def _read(trade: _Trade, number: str) -> Paid | None:
    if trade.sub_code == "ACQ.TRADE_NOT_EXIST":
        return None
    if trade.out_trade_no != number:
        raise ProviderFailed("another", "order")
    if trade.trans_currency != "CNY":
        raise ProviderFailed("another", "currency")
    status = _STATES.get(trade.trade_status)
    if status is None or trade.total_amount is None:
        raise ProviderFailed("malformed", "trade_status" if status is None else "total_amount")
    paid_at = _beijing(trade.send_pay_date) if trade.send_pay_date else None
    return Paid(
        status="refunded" if status == "closed" and paid_at else status,  # closed after it was paid: all given back
        paid_at=paid_at,
        amount=contract.Money(trade.total_amount, "CNY"),
        reference=trade.trade_no,
    )


def _members(body: bytes) -> dict[str, str]:
    """The members of the answer, each in its exact text: that is what was signed."""
    try:
        text = body.decode()
        if not isinstance(json.loads(text), dict):
            raise ProviderFailed("wrong_type")
        return dict(_cut(text))
    except (ValueError, RecursionError):
        raise ProviderFailed("wrong_type") from None


def _cut(text: str) -> list[tuple[str, str]]:
    decoder, at, found = json.JSONDecoder(), text.index("{") + 1, []
    while True:
        name, at = decoder.raw_decode(text, _after_space(text, at))
        start = _after_space(text, _after_space(text, at) + 1)  # past the colon
        _value, at = decoder.raw_decode(text, start)
        found.append((str(name), text[start:at]))
        at = _after_space(text, at)
        if text[at] == "}":
            break
        at += 1  # past the comma
    if len({name for name, _ in found}) != len(found):
        raise ProviderFailed("malformed", "a member stands there twice")
    return found


def _after_space(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at


def _decoded(text: str) -> _Trade:
    try:
        return msgspec.json.decode(text, type=_Trade)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ProviderFailed("malformed", providing.place(error)) from error


def _beijing(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError:
        raise ProviderFailed("malformed", "send_pay_date") from None


def _check(values: Values) -> None:
    providing.check_digits(values, "app_id")
    rsa.check(values, private="private_key", public="alipay_key")


async def _probe(client: httpx.AsyncClient, values: Values, reference: str) -> list[providing.Tested]:
    return await tested(Alipay(client, values).paid, reference or f"MASHANG{ids.public_id()}"[:32])


KIND = Kind(
    name="alipay",
    part="payment",
    fields=_FIELDS,
    can=["payment_state", "payment_before_shop"],
    cannot=["payment_change", "payment_people", "payment_partial_refund", "payment_foreign"],
    check=_check,
    probe=_probe,
)
