"""Nothing of an answer by WeChat Pay is seen before signature, key and time were verified."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
import wechatpayv3
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from mashang.kit.errors import Invalid
from mashang.shops import contract, wechat_pay
from mashang.shops.paid import Paid
from mashang.shops.providing import ProviderFailed
from mashang.shops.wechat_pay import WeChatPay
from tests.keypairs import pair
from tests.merchants import WeChatServer, wechat_values

ORDER: dict[str, Any] = {
    "transaction_id": "4200002000202611221234567890",
    "trade_state": "SUCCESS",
    "success_time": "2026-11-22T14:02:11+08:00",
    "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
    "amount": {"total": 8880, "payer_total": 8880, "currency": "CNY", "payer_currency": "CNY"},
}
Bend = Callable[[int, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]


@pytest.fixture
def asking(wechat: WeChatServer, client: httpx.AsyncClient) -> WeChatPay:
    wechat.orders["QN2026001"] = dict(ORDER)
    return WeChatPay(client, wechat_values(wechat.gateway))


async def failure(asking: WeChatPay, number: str = "QN2026001") -> tuple[str, str]:
    with pytest.raises(ProviderFailed) as failed:
        await asking.paid(number)
    return failed.value.reason, failed.value.detail


async def test_a_paid_order_is_read(wechat: WeChatServer, asking: WeChatPay) -> None:
    assert await asking.paid("QN2026001") == Paid(
        status="paid",
        paid_at=datetime(2026, 11, 22, 6, 2, 11, tzinfo=UTC),
        amount=contract.Money("88.80", "CNY"),
        reference="4200002000202611221234567890",
    )


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("REFUND", "refunded"), ("NOTPAY", "waiting"), ("USERPAYING", "waiting"), ("CLOSED", "closed"),
        ("REVOKED", "closed"), ("PAYERROR", "failed"),
    ],
    ids=["refund", "not paid", "paying", "closed", "revoked", "error"],
)  # fmt: skip
async def test_each_state_has_its_meaning(wechat: WeChatServer, asking: WeChatPay, state: str, status: str) -> None:
    wechat.orders["QN2026001"] = {"trade_state": state}
    found = await asking.paid("QN2026001")
    assert found == Paid(status=status)  # type: ignore[arg-type]  # a word of the list


async def test_fen_are_written_as_yuan(wechat: WeChatServer, asking: WeChatPay) -> None:
    for fen, yuan in ((0, "0.00"), (1, "0.01"), (100, "1.00"), (123456, "1234.56")):
        wechat.orders["QN2026001"]["amount"] = {"total": fen}
        found = await asking.paid("QN2026001")
        assert found
        assert found.amount == contract.Money(yuan, "CNY")


@pytest.mark.parametrize("code", ["ORDER_NOT_EXIST", "ORDERNOTEXIST"])
async def test_a_payment_that_is_not_there_is_none(wechat: WeChatServer, asking: WeChatPay, code: str) -> None:
    wechat.bend = lambda _status, _headers, _body: wechat.said(404, {"code": code})
    assert await asking.paid("QN2026002") is None


async def test_a_number_that_it_cannot_have_is_not_asked_for(wechat: WeChatServer, asking: WeChatPay) -> None:
    assert await asking.paid("QN:2026:001") is None
    assert await asking.paid("9" * 33) is None
    assert wechat.asked == []


def changed(**changes: Any) -> Callable[[WeChatServer], Bend]:
    """An answer rightly signed, with other contents."""

    def make(wechat: WeChatServer) -> Bend:
        said = {"mchid": "1900000109", "appid": "wx1", "out_trade_no": "QN2026001", **ORDER, **changes}
        kept = {name: value for name, value in said.items() if value is not ...}
        return lambda _status, _headers, _body: wechat.said(200, kept)

    return make


def header(name: str, value: str | None) -> Callable[[WeChatServer], Bend]:
    def bend(status: int, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        rest = {key: text for key, text in headers.items() if key != name}
        return status, rest if value is None else {**rest, name: value}, body

    return lambda _wechat: bend


def replaced(body: bytes, status: int = 200, **headers: str) -> Callable[[WeChatServer], Bend]:
    return lambda _wechat: lambda _status, _headers, _body: (status, headers, body)


def signed_body(body: bytes, status: int = 200, **changes: str) -> Callable[[WeChatServer], Bend]:
    return lambda wechat: lambda _status, _headers, _body: (status, {**wechat.headers(body), **changes}, body)


def dated(ago: timedelta) -> Callable[[WeChatServer], Bend]:
    return lambda wechat: lambda status, _headers, body: (status, wechat.headers(body, ago), body)


def by(owner: str) -> Callable[[WeChatServer], Bend]:
    def make(wechat: WeChatServer) -> Bend:
        wechat.signs_as = owner
        return lambda *answer: answer

    return make


def one_byte(_wechat: WeChatServer) -> Bend:
    return lambda status, headers, body: (status, headers, body.replace(b"8880", b"8881"))


WRONG: dict[str, tuple[Callable[[WeChatServer], Bend], str]] = {
    "one byte changed": (one_byte, "wrong_signature"),
    "signed by another": (by("alipay"), "wrong_signature"),
    "signed by ourselves": (by("merchant"), "wrong_signature"),
    "probe of the vendor": (header("wechatpay-signature", "WECHATPAY/SIGNTEST/abc"), "wrong_signature"),
    "no signature": (header("wechatpay-signature", None), "unsigned"),
    "no time": (header("wechatpay-timestamp", None), "unsigned"),
    "no nonce": (header("wechatpay-nonce", None), "unsigned"),
    "another key": (header("wechatpay-serial", "PUB_KEY_ID_1"), "wrong_signature"),
    "no key": (header("wechatpay-serial", None), "wrong_signature"),
    "another time": (header("wechatpay-timestamp", "1"), "wrong_signature"),
    "played back": (dated(timedelta(minutes=6)), "clocks_differ"),
    "of the future": (dated(timedelta(minutes=-6)), "clocks_differ"),
    "another order": (changed(out_trade_no="QN2026002"), "another"),
    "another merchant": (changed(mchid="1900000110"), "another"),
    "another currency": (changed(amount={"total": 8880, "currency": "USD"}), "another"),
    "negative amount": (changed(amount={"total": -1, "currency": "CNY"}), "malformed"),
    "amount as text": (changed(amount={"total": "88.80", "currency": "CNY"}), "malformed"),
    "amount beyond reason": (changed(amount={"total": 10**20, "currency": "CNY"}), "malformed"),
    "paid without amount": (changed(amount=...), "malformed"),
    "unknown state": (changed(trade_state="DREAMT"), "malformed"),
    "time without its zone": (changed(success_time="2026-11-22T14:02:11"), "malformed"),
    "no order": (changed(out_trade_no=...), "malformed"),
    "HTML, unsigned": (replaced(b"<html>", **{"content-type": "text/html"}), "unsigned"),
    "HTML, signed": (signed_body(b"<html>", **{"content-type": "text/html"}), "wrong_type"),
    "torn": (signed_body(b'{"mchid": '), "malformed"),
    "another character set": (signed_body('{"mchid": "店"}'.encode("gbk")), "malformed"),
    "nothing": (signed_body(b"", 204), "refused_us"),
    "10 MB": (replaced(b" " * 10_000_000), "too_large"),
    "redirect": (replaced(b"", 302, location="http://127.0.0.1:1/"), "redirected"),
    "down": (replaced(b"", 500), "unavailable"),
    "too many": (replaced(b"", 429), "too_many"),
    "a 404 that nobody signed": (replaced(b'{"code":"ORDER_NOT_EXIST"}', 404), "unsigned"),
    "another 404": (signed_body(b'{"code":"RESOURCE_NOT_EXISTS"}', 404), "refused_us"),
    "wrong parameters": (signed_body(b'{"code":"PARAM_ERROR"}', 400), "refused_us"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_nothing_of_a_wrong_answer_is_seen(wechat: WeChatServer, asking: WeChatPay, name: str) -> None:
    make, reason = WRONG[name]
    wechat.bend = make(wechat)
    found, detail = await failure(asking)
    assert found == reason
    assert "88" not in detail  # nothing of the answer


async def test_a_payment_of_another_app_is_not_seen_where_one_was_named(
    wechat: WeChatServer, asking: WeChatPay, client: httpx.AsyncClient
) -> None:
    assert await WeChatPay(client, wechat_values(wechat.gateway, appid="wx1")).paid("QN2026001")
    assert await failure(WeChatPay(client, wechat_values(wechat.gateway, appid="wx2"))) == ("another", "appid")


async def test_a_wrong_key_of_ours_is_refused_there(wechat: WeChatServer, client: httpx.AsyncClient) -> None:
    asking = WeChatPay(client, wechat_values(wechat.gateway, private_key=pair("stranger").private))
    assert await failure(asking) == ("refused_us", "SIGN_ERROR")


async def test_a_late_answer_is_left_behind(wechat: WeChatServer, asking: WeChatPay) -> None:
    wechat.late = asyncio.Event()
    assert (await failure(asking))[0] == "timed_out"
    wechat.late.set()


async def test_the_key_may_be_in_a_platform_certificate(wechat: WeChatServer, client: httpx.AsyncClient) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(pair("wechat").key.public_key())
        .serial_number(0x5157F09EFDC096DE15EBE81A47057A7232F1B8E1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2031, 1, 1, tzinfo=UTC))
        .sign(pair("wechat").key, SHA256())
    )  # fmt: skip
    values = wechat_values(
        wechat.gateway, platform_key=certificate.public_bytes(Encoding.PEM).decode(), platform_key_id=""
    )
    wechat.orders["QN2026001"] = dict(ORDER)
    wechat.serial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
    found = await WeChatPay(client, values).paid("QN2026001")
    assert found
    assert found.status == "paid"


@pytest.mark.parametrize("name", ["serial_no", "platform_key_id", "appid"])
def test_what_goes_into_a_header_has_the_form_of_a_name(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        wechat_pay.KIND.check(wechat_values("https://x", **{name: 'x",y="'}))
    assert refused.value.facts["field"] == name


def test_the_payer_is_not_read() -> None:
    assert "payer" not in {one.name for one in msgspec.structs.fields(wechat_pay._Order)}


async def test_the_library_of_the_field_and_we_ask_and_believe_alike_but_for_old_answers(
    wechat: WeChatServer, asking: WeChatPay
) -> None:
    """`wechatpayv3` is an independent reading of the vendor's rules; decision 0027 says why it is not ours."""
    values = wechat_values()
    library = wechatpayv3.WeChatPay(
        wechatpayv3.WeChatPayType.NATIVE, values["mchid"], values["private_key"], values["serial_no"], "x" * 32, "wx1",
        public_key=values["platform_key"], public_key_id=values["platform_key_id"],
    )  # fmt: skip
    library._core._gate_way = wechat.gateway
    status, body = await asyncio.to_thread(library.query, out_trade_no="QN2026001")
    assert (status, msgspec.json.decode(body)["trade_state"]) == (200, "SUCCESS")
    found = await asking.paid("QN2026001")
    assert found
    assert found.status == "paid"
    wechat.bend = dated(timedelta(days=3))(wechat)
    assert (await asyncio.to_thread(library.query, out_trade_no="QN2026001"))[0] == 200
    assert (await failure(asking))[0] == "clocks_differ"
