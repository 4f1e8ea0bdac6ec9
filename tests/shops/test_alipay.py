"""Nothing of an answer by Alipay is seen before its signature was verified; what does not fit is an outage."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bench.stage import free_port
from mashang.kit import http
from mashang.shops import contract
from mashang.shops.alipay import Alipay
from mashang.shops.paid import Paid
from mashang.shops.providing import ProviderFailed
from tests.keypairs import pair
from tests.merchants import AlipayServer, alipay_values, signed

TRADE = {
    "trade_no": "2026112222001404980501234567",
    "buyer_logon_id": "159****5620",
    "trade_status": "TRADE_SUCCESS",
    "total_amount": "88.80",
    "send_pay_date": "2026-11-22 14:02:11",
}
Bend = Callable[[int, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]


@pytest.fixture
def asking(alipay: AlipayServer, client: httpx.AsyncClient) -> Alipay:
    alipay.orders["QN1"] = dict(TRADE)
    return Alipay(client, alipay_values(alipay.gateway))


async def failure(asking: Alipay, number: str = "QN1") -> tuple[str, str]:
    with pytest.raises(ProviderFailed) as failed:
        await asking.paid(number)
    return failed.value.reason, failed.value.detail


async def test_a_paid_order_is_read(alipay: AlipayServer, asking: Alipay) -> None:
    assert await asking.paid("QN1") == Paid(
        status="paid",
        paid_at=datetime(2026, 11, 22, 6, 2, 11, tzinfo=UTC),  # the vendor writes Beijing's time
        amount=contract.Money("88.80", "CNY"),
        reference="2026112222001404980501234567",
    )
    assert alipay.asked == ["QN1"]


@pytest.mark.parametrize(
    ("state", "paid_at", "status"),
    [
        ("WAIT_BUYER_PAY", None, "waiting"),
        ("TRADE_FINISHED", TRADE["send_pay_date"], "paid"),
        ("TRADE_CLOSED", None, "closed"),
        ("TRADE_CLOSED", TRADE["send_pay_date"], "refunded"),
    ],
    ids=["waiting", "finished", "closed unpaid", "closed after it was paid"],
)
async def test_each_state_has_its_meaning(
    alipay: AlipayServer, asking: Alipay, state: str, paid_at: str | None, status: str
) -> None:
    alipay.orders["QN1"] |= {"trade_status": state, "send_pay_date": paid_at}
    found = await asking.paid("QN1")
    assert found
    assert found.status == status


async def test_a_payment_that_is_not_there_is_none(asking: Alipay) -> None:
    assert await asking.paid("QN2") is None


async def test_the_buyer_is_not_read(asking: Alipay) -> None:
    assert "5620" not in repr(await asking.paid("QN1"))


def put(old: bytes, new: bytes) -> Bend:
    return lambda status, headers, body: (status, headers, body.replace(old, new))


def replaced(body: bytes, status: int = 200, **headers: str) -> Bend:
    return lambda _status, _headers, _body: (status, headers, body)


def resigned(owner: str = "alipay", **changes: Any) -> Bend:
    """An answer rightly signed (by `owner`), with other contents."""

    def bend(status: int, headers: dict[str, str], _body: bytes) -> tuple[int, dict[str, str], bytes]:
        said = {"code": "10000", "msg": "Success", "out_trade_no": "QN1", **TRADE, **changes}
        text = json.dumps({name: value for name, value in said.items() if value is not ...})
        sign = signed(owner, text.encode())
        return status, headers, f'{{"alipay_trade_query_response":{text},"sign":"{sign}"}}'.encode()

    return bend


def unsigned(_status: int, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    whole = json.loads(body)
    del whole["sign"]
    return 200, headers, json.dumps(whole).encode()


WRONG: dict[str, tuple[Bend, str]] = {
    "one byte changed": (put(b"88.80", b"88.81"), "wrong_signature"),
    "signed by another": (resigned("wechat"), "wrong_signature"),
    "signed by ourselves": (resigned("merchant"), "wrong_signature"),
    "no signature": (unsigned, "unsigned"),
    "empty signature": (put(b'"sign":"', b'"sign":"","was":"'), "wrong_signature"),
    "signature is no text": (put(b'"sign":"', b'"sign":1,"was":"'), "wrong_signature"),
    "two answers in one": (put(b'{"alipay', b'{"alipay_trade_query_response":{"code":"10000"},"alipay'), "malformed"),
    "another order": (resigned(out_trade_no="QN2"), "another"),
    "no order": (resigned(out_trade_no=...), "another"),
    "another currency": (resigned(trans_currency="USD"), "another"),
    "negative amount": (resigned(total_amount="-1.00"), "malformed"),
    "amount as number": (resigned(total_amount=88.8), "malformed"),
    "amount as words": (resigned(total_amount="88,80"), "malformed"),
    "paid without amount": (resigned(total_amount=...), "malformed"),
    "unknown state": (resigned(trade_status="TRADE_DREAMT"), "malformed"),
    "state is a list": (resigned(trade_status=["TRADE_SUCCESS"]), "malformed"),
    "time of no calendar": (resigned(send_pay_date="2026-02-30 14:02:11"), "malformed"),
    "HTML": (replaced(b"<html><body>paid</body></html>", **{"content-type": "text/html"}), "wrong_type"),
    "a list": (replaced(b"[1]"), "wrong_type"),
    "nothing": (replaced(b""), "wrong_type"),
    "half a letter": (resigned(msg="\ud800"), "malformed"),
    "another character set": (put(b"Success", "成功".encode("gbk")), "wrong_type"),
    "nested": (replaced(b'{"a":' * 100_000), "wrong_type"),
    "10 MB": (replaced(b" " * 10_000_000), "too_large"),
    "redirect": (replaced(b"", 302, location="http://127.0.0.1:1/"), "redirected"),
    "down": (replaced(b"", 503), "unavailable"),
    "not found": (replaced(b"no", 404), "malformed"),
    "too many": (replaced(b"", 429), "too_many"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_nothing_of_a_wrong_answer_is_seen(alipay: AlipayServer, asking: Alipay, name: str) -> None:
    alipay.bend, reason = WRONG[name]
    found, detail = await failure(asking)
    assert found == reason
    assert "88" not in detail  # nothing of the answer


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"code": "20000", "sub_code": "isp.unknow-error"}, ("unavailable", "isp.unknow-error")),
        ({"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}, ("unavailable", "ACQ.SYSTEM_ERROR")),
        ({"code": "40006", "sub_code": "isv.no-permission"}, ("refused_us", "isv.no-permission")),
        ({"code": "40005"}, ("too_many", "40005")),
        ({"code": "<b>", "sub_code": "x y"}, ("refused_us", "")),
    ],
    ids=["gateway", "system error", "permissions", "too often", "no code"],
)  # fmt: skip
async def test_a_refusal_is_told_by_its_code(
    alipay: AlipayServer, asking: Alipay, said: dict[str, str], expected: tuple[str, str]
) -> None:
    alipay.bend = lambda _status, _headers, _body: alipay.said(said)
    assert await failure(asking) == expected


async def test_a_missing_payment_must_be_signed_too(alipay: AlipayServer, asking: Alipay) -> None:
    alipay.bend = unsigned
    assert (await failure(asking, "QN2"))[0] == "unsigned"


async def test_a_wrong_key_of_ours_is_refused_there(alipay: AlipayServer, client: httpx.AsyncClient) -> None:
    asking = Alipay(client, alipay_values(alipay.gateway, private_key=pair("stranger").private))
    assert await failure(asking) == ("refused_us", "isv.invalid-signature")


async def test_a_late_answer_is_left_behind(alipay: AlipayServer, asking: Alipay) -> None:
    alipay.late = asyncio.Event()
    assert (await failure(asking))[0] == "timed_out"
    alipay.late.set()


async def test_nobody_there_and_a_private_address(client: httpx.AsyncClient, alipay: AlipayServer) -> None:
    assert (await failure(Alipay(client, alipay_values(f"http://127.0.0.1:{free_port()}/"))))[0] == "unreachable"
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        async with http.client() as public:
            assert (await failure(Alipay(public, alipay_values(address))))[0] == "private_address"
