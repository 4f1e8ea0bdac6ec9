"""What is wrong with the way to a shop is said by its own word: its certificate, its clock, its address."""

from __future__ import annotations

import asyncio
import gzip
import socket
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import msgspec
import pytest

from bench.stage import free_port
from mashang.kit import clock as product_clock
from mashang.kit import http, ids
from mashang.shops import signing
from mashang.shops.check import Visit
from mashang.shops.connector import ShopFailed
from mashang.shops.http import HttpShop, Keys
from tests.certificates import Authority
from tests.conftest import Clock
from tests.selling import DemoShop, RogueShop, serving

INCIDENTS = b'{"incidents": []}'


async def failed(shop: HttpShop) -> ShopFailed:
    with pytest.raises(ShopFailed) as failure:
        await shop.incidents()
    return failure.value


# ── the certificate ──


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The one authority that we trust in this test."""
    made = Authority(tmp_path, "trusted")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def secure() -> tuple[RogueShop, int]:
    port = free_port()
    shop = RogueShop(Keys(f"https://localhost:{port}", "m1", ids.secret()))
    shop.says("/incidents", INCIDENTS)
    return shop, port


async def test_a_certificate_that_holds_is_accepted(authority: Authority) -> None:
    shop, port = secure()
    async with serving(shop, port, ssl_certfile=authority.certificate("localhost")), open_client() as client:
        assert (await HttpShop(client, shop.keys).incidents()).incidents == []


def open_client() -> httpx.AsyncClient:
    return http.client(lambda _address, _port: True)


@pytest.mark.parametrize("wrong", ["expired", "self_signed", "another_name", "another_authority"])
async def test_one_that_does_not_hold_is_refused_by_its_own_word(
    authority: Authority, tmp_path: Path, wrong: str
) -> None:
    shop, port = secure()
    file = {
        "expired": lambda: authority.certificate("localhost", ended=timedelta(days=1)),
        "self_signed": lambda: authority.certificate("localhost", self_signed=True),
        "another_name": lambda: authority.certificate("shop.example"),
        "another_authority": lambda: Authority(tmp_path, "unknown").certificate("localhost"),
    }[wrong]()
    async with serving(shop, port, ssl_certfile=file), open_client() as client:
        asking = HttpShop(client, shop.keys)
        failure = await failed(asking)
        tried = [check async for check in Visit(asking).checks()]
    assert (failure.reason, failure.looks_down) == ("certificate", False)
    assert failure.detail
    assert shop.asked == []  # nothing of ours was said to whoever it is
    assert (tried[0].name, tried[0].facts["reason"]) == ("reachable", "certificate")
    assert {check.ok for check in tried[1:]} == {None}


async def test_a_shop_that_changes_its_certificate_is_refused_and_then_answers_again(authority: Authority) -> None:
    shop, port = secure()
    good = authority.certificate("localhost")
    async with open_client() as client:
        asking = HttpShop(client, shop.keys)
        async with serving(shop, port, ssl_certfile=good):
            await asking.incidents()
        async with serving(shop, port, ssl_certfile=authority.certificate("localhost", self_signed=True)):
            assert (await failed(asking)).reason == "certificate"
        async with serving(shop, port, ssl_certfile=good):
            await asking.incidents()


async def test_a_server_that_speaks_no_tls_is_unreachable(rogue: RogueShop, client: httpx.AsyncClient) -> None:
    keys = msgspec.structs.replace(rogue.keys, base_url=rogue.keys.base_url.replace("http:", "https:"))
    assert (await failed(HttpShop(client, keys))).reason == "unreachable"


# ── the clocks ──


@pytest.mark.parametrize("off", [timedelta(minutes=6), timedelta(days=3)], ids=["minutes", "days"])
async def test_a_shop_whose_clock_is_behind_ours_says_so(connected: HttpShop, clock: Clock, off: timedelta) -> None:
    await clock.advance(off)
    failure = await failed(connected)
    assert failure.reason == "clocks_differ"
    assert failure.detail.endswith("s behind ours")
    tried = {check.name: check async for check in Visit(connected).checks()}
    assert tried["reachable"].ok
    assert tried["signature_accepted"].facts["reason"] == "clocks_differ"
    assert tried["products"].facts["reason"] == "not_recognised"


async def test_four_minutes_are_bearable(connected: HttpShop, clock: Clock) -> None:
    await clock.advance(timedelta(minutes=4))
    assert (await connected.incidents()).incidents == []


async def test_the_date_of_a_refusal_tells_where_the_shop_gives_no_reason(
    rogue: RogueShop, client: httpx.AsyncClient
) -> None:
    ahead = format_datetime(product_clock.now() + timedelta(minutes=7), usegmt=True)
    rogue.says("/incidents", b"{}", status=401, date=ahead)
    failure = await failed(HttpShop(client, rogue.keys))
    assert failure.reason == "clocks_differ"
    assert failure.detail.endswith("s ahead of ours")


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 01 Jan 1970 00:00:00 -9999"])
async def test_a_date_that_is_none_says_nothing(rogue: RogueShop, client: httpx.AsyncClient, date: str) -> None:
    rogue.says("/incidents", b'{"code": "signature_wrong"}', status=401, date=date)
    assert (await failed(HttpShop(client, rogue.keys))).reason in ("refused_us", "clocks_differ")


async def test_an_answer_with_an_old_timestamp_is_about_the_clock_not_the_secret(
    rogue: RogueShop, client: httpx.AsyncClient
) -> None:
    async def old(given: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        at, nonce = str(int(product_clock.now().timestamp()) - 400), given[signing.NONCE.lower()]
        value = signing.signature(rogue.keys.secret, "ANSWER", "200", INCIDENTS, timestamp=at, nonce=nonce)
        signed = {signing.TIMESTAMP: at, signing.SIGNATURE: value}
        return 200, {"content-type": "application/json", **signed}, INCIDENTS

    rogue.answers["/incidents"] = old
    assert (await failed(HttpShop(client, rogue.keys))).reason == "clocks_differ"


# ── the address and the size ──


async def test_a_name_that_comes_to_mean_a_private_address_is_not_reached_any_more(
    demo_shop: DemoShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ["127.0.0.1"]

    async def look_up(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 1, 6, "", (address, 0)) for address in told]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up, raising=False)
    port = demo_shop.url.rpartition(":")[2]
    keys = msgspec.structs.replace(demo_shop.keys, base_url=f"http://shop.example:{port}/connector/v1")
    async with http.client(lambda address, _port: str(address) == "127.0.0.1") as client:  # the public one, here
        shop = HttpShop(client, keys)
        await shop.incidents()
        told[:] = ["10.0.0.7"]
        failure = await failed(shop)
        assert (failure.reason, failure.looks_down) == ("private_address", False)
        told[:] = ["127.0.0.1"]
        await shop.incidents()


async def test_a_compressed_answer_is_not_unpacked(rogue: RogueShop, client: httpx.AsyncClient) -> None:
    bomb = gzip.compress(b" " * 20_000_000, 9)
    assert len(bomb) < 100_000
    rogue.says("/incidents", bomb, **{"content-encoding": "gzip"})
    assert (await failed(HttpShop(client, rogue.keys))).reason == "wrong_type"
