"""What every provider beside a shop must do, asked of each there is, by servers that verify and sign for real.

Not there is None; everything else that is no good answer is an outage with its reason, told in
time, and nothing of what came is in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bench.stage import free_port
from mashang.kit import http
from mashang.shops import kuaidi100, providers
from mashang.shops.alipay import Alipay
from mashang.shops.providing import ProviderFailed, Values
from mashang.shops.wechat_pay import WeChatPay
from tests.certificates import Authority
from tests.merchants import AlipayServer, Vendor, WeChatServer, alipay_values, pair, wechat_values
from tests.parcels import PASSED, Carrier, kuaidi100_values
from tests.selling import serving

NUMBER = "YT1234567890123"
Question = Callable[[httpx.AsyncClient, Values, str], Awaitable[Any]]
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Provider:
    """One provider: its server, what an operator enters, and how it is asked about a number."""

    kind: str
    vendor: Vendor
    values: Callable[..., dict[str, str]]
    ask: Question
    knows: dict[str, Any]
    stranger: dict[str, str]  # what somebody enters whom it does not know
    place: str  # the value that says where it is

    def at(self, gateway: str = "", **changes: str) -> dict[str, str]:
        """What was entered; its server is here, or there."""
        return self.values(**{self.place: gateway or self.vendor.gateway, **changes})


async def _alipay(client: httpx.AsyncClient, values: Values, number: str) -> Any:
    return await Alipay(client, values).paid(number)


async def _wechat(client: httpx.AsyncClient, values: Values, number: str) -> Any:
    return await WeChatPay(client, values).paid(number)


async def _kuaidi100(client: httpx.AsyncClient, values: Values, number: str) -> Any:
    return await kuaidi100.track(client, values, "yuantong", number, None)


def made(kind: str, port: int) -> Provider:
    """The provider of this kind, on this port."""
    here = f"http://127.0.0.1:{port}"
    trade = {"trade_no": "2026112222001", "trade_status": "TRADE_SUCCESS", "total_amount": "88.00"}
    order = {"trade_state": "SUCCESS", "amount": {"total": 8800, "currency": "CNY"}, "transaction_id": "42000"}
    order["success_time"] = "2026-11-21T10:01:00+08:00"
    parcel = {"state": "5", "data": PASSED}
    stranger = {"private_key": pair("somebody").private}
    return {
        "alipay": lambda: Provider(
            kind, AlipayServer(f"{here}/gateway.do", "alipay"), alipay_values, _alipay, trade, stranger, "gateway"
        ),
        "wechat_pay": lambda: Provider(
            kind, WeChatServer(here, "wechat"), wechat_values, _wechat, order, stranger, "gateway"
        ),
        "kuaidi100": lambda: Provider(
            kind, Carrier(f"{here}/poll/query.do", "nobody"), kuaidi100_values, _kuaidi100, parcel,
            {"key": "another"}, "address",
        ),
    }[kind]()  # fmt: skip


@pytest.fixture(params=["alipay", "wechat_pay", "kuaidi100"])
async def provider(request: pytest.FixtureRequest) -> AsyncIterator[Provider]:
    """Each provider there is, one after the other, with one number it knows."""
    port = free_port()
    one = made(request.param, port)
    one.vendor.orders[NUMBER] = one.knows
    async with serving(one.vendor, port):
        yield one


async def failure(question: Awaitable[Any]) -> ProviderFailed:
    with pytest.raises(ProviderFailed) as failed:
        await question
    return failed.value


def test_every_provider_that_can_be_connected_is_asked_here() -> None:
    assert {made(kind, 1).kind for kind in providers.KINDS} == set(providers.KINDS)


async def test_what_it_knows_is_read(provider: Provider, client: httpx.AsyncClient) -> None:
    assert await provider.ask(client, provider.at(), NUMBER)
    assert provider.vendor.asked == [NUMBER]


async def test_what_is_not_there_is_none(provider: Provider, client: httpx.AsyncClient) -> None:
    assert await provider.ask(client, provider.at(), "YT999999999") is None


async def test_whoever_it_does_not_know_is_told_so(provider: Provider, client: httpx.AsyncClient) -> None:
    failed = await failure(provider.ask(client, provider.at(**provider.stranger), NUMBER))
    assert (failed.reason, failed.looks_down) == ("refused_us", False)


LIES: dict[str, tuple[Callable[[int, dict[str, str], bytes], Answer], str]] = {
    "down": (lambda _status, headers, _body: (503, headers, b""), "unavailable"),
    "too often": (lambda _status, headers, _body: (429, headers, b"{}"), "too_many"),
    "elsewhere": (
        lambda _status, headers, _body: (302, {**headers, "location": "http://x.example"}, b""),
        "redirected",
    ),
    "megabytes": (lambda status, headers, body: (status, headers, body + b" " * 10_000_000), "too_large"),
    "packed": (lambda status, headers, body: (status, {**headers, "content-encoding": "gzip"}, body), "wrong_type"),
}
GARBAGE = {
    "nothing": b"",
    "html": b"<html><b>SECRET</b>",
    "bytes": b"\xff\xfe",
    "depth": b"[" * 100_000,
    "null": b"null",
    "list": b"[]",
    "empty": b"{}",
    "a string": b'"SECRET"',
}


@pytest.mark.parametrize("lie", LIES, ids=list(LIES))
async def test_each_thing_that_goes_wrong_has_its_reason(
    provider: Provider, client: httpx.AsyncClient, lie: str
) -> None:
    provider.vendor.bend, reason = LIES[lie]
    failed = await failure(provider.ask(client, provider.at(), NUMBER))
    assert (failed.reason, failed.looks_down) == (reason, reason == "unavailable")
    provider.vendor.bend = None
    assert await provider.ask(client, provider.at(), NUMBER), "and then it is as if nothing had been"


async def test_garbage_is_an_outage_and_nothing_of_it_is_told(provider: Provider, client: httpx.AsyncClient) -> None:
    for name, body in GARBAGE.items():
        provider.vendor.bend = lambda status, headers, _body, body=body: (status, headers, body)
        failed = await failure(provider.ask(client, provider.at(), NUMBER))
        assert not failed.looks_down, name
        assert "SECRET" not in f"{failed} {failed.detail}", name


async def test_an_answer_about_another_is_not_taken(provider: Provider, client: httpx.AsyncClient) -> None:
    other = NUMBER[:-1] + "9"
    provider.vendor.orders[other] = provider.knows
    kept: list[Answer] = []

    def keep(status: int, headers: dict[str, str], body: bytes) -> Answer:
        kept.append((status, headers, body))
        return kept[-1]

    provider.vendor.bend = keep
    assert await provider.ask(client, provider.at(), other)
    provider.vendor.bend = lambda *_: kept[0]
    assert (await failure(provider.ask(client, provider.at(), NUMBER))).reason == "another"


async def test_one_that_is_late_is_left_behind(
    provider: Provider, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = asyncio.timeout
    monkeypatch.setattr(asyncio, "timeout", lambda seconds: real(seconds / 20))  # as in its two or four seconds
    provider.vendor.late = asyncio.Event()
    failed = await failure(provider.ask(client, provider.at(), NUMBER))
    provider.vendor.late.set()
    assert (failed.reason, failed.looks_down) == ("timed_out", True)


async def test_nobody_there_a_certificate_that_does_not_hold_and_a_private_address(
    provider: Provider, client: httpx.AsyncClient, tmp_path: Any
) -> None:
    closed, port = free_port(), free_port()
    path = provider.vendor.gateway.partition("127.0.0.1")[2].partition("/")[2]
    nobody = await failure(provider.ask(client, provider.at(f"http://127.0.0.1:{closed}/{path}"), NUMBER))
    async with serving(provider.vendor, port, ssl_certfile=Authority(tmp_path, "unknown").certificate("localhost")):
        untrue = await failure(provider.ask(client, provider.at(f"https://localhost:{port}/{path}"), NUMBER))
    async with http.client() as guarded:
        private = await failure(provider.ask(guarded, provider.at(), NUMBER))
    assert [one.reason for one in (nobody, untrue, private)] == ["unreachable", "certificate", "private_address"]
    assert [one.looks_down for one in (nobody, untrue, private)] == [True, False, False]


async def test_no_failure_tells_a_key(provider: Provider, client: httpx.AsyncClient) -> None:
    values = provider.at()
    provider.vendor.bend = lambda _status, headers, _body: (200, headers, repr(values).encode())
    failed = await failure(provider.ask(client, values, NUMBER))
    secrets = [value for name, value in values.items() if "key" in name and len(value) > 8]
    assert secrets
    assert not [one for one in secrets if one in f"{failed} {failed.detail} {failed!r}"]


async def test_the_test_button_says_what_is_right_and_what_is_wrong(
    provider: Provider, client: httpx.AsyncClient
) -> None:
    probe = providers.KINDS[provider.kind].probe
    (right,) = await probe(client, provider.at(), "")
    (wrong,) = await probe(client, provider.at(**provider.stranger), "")
    assert (right.ok, right.facts) == (True, {"status": "none"})
    assert (wrong.ok, wrong.facts["reason"]) == (False, "refused_us")
